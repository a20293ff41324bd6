using CreditShare.Core.Journal;
using CreditShare.Storage.Sealing;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>An engine that the one suite for all engines runs over: an empty place for a store, which can be opened again and again.</summary>
internal abstract class StoreEngine : IAsyncDisposable
{
    /// <summary>The engines of this run, as fixtures' arguments. One that is missing is left out visibly; with CI=true it fails.</summary>
    public static IEnumerable<ITestFixtureData> All => [FixtureOf<StoreOnSqlite>(), FixtureOf<StoreOnPostgres>(RealServer.Postgres)];

    /// <summary>Makes an empty place.</summary>
    public static async Task<StoreEngine> CreateAsync(Type engine, CancellationToken cancellationToken)
    {
        var created = (StoreEngine)Activator.CreateInstance(engine)!;
        await created.PrepareAsync(cancellationToken);
        return created;
    }

    /// <summary>Opens the store in this place.</summary>
    public abstract Task<IStore> OpenAsync(Keyring keys, TimeProvider clock, ILogger logger, CancellationToken cancellationToken);

    /// <summary>Everything the engine has written anywhere, as bytes.</summary>
    public abstract Task<byte[]> ReadAllBytesAsync(CancellationToken cancellationToken);

    /// <summary>Runs a statement behind the store's back.</summary>
    public abstract Task TamperAsync(string sql, CancellationToken cancellationToken);

    /// <summary>Makes of the closed store one that was made by an older schema's scripts, with the same rows as far as that schema had place for them.</summary>
    public abstract Task TakeBackAsync(int schema, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract Task PrepareAsync(CancellationToken cancellationToken);

    private static TestFixtureData FixtureOf<TEngine>(params RealServer[] needed)
        where TEngine : StoreEngine
    {
        var fixture = new TestFixtureData(typeof(TEngine));
        if (needed.Where(server => !NeedsAttribute.IsThere(server)).ToList() is not { Count: > 0 } missing) return fixture;

        var reason = string.Join(" ", missing.Select(server => $"{server} is missing: {NeedsAttribute.HowToGet(server)}"));
        fixture.RunState = Servers.IsContinuousIntegration ? RunState.NotRunnable : RunState.Skipped;
        fixture.Properties.Set(PropertyNames.SkipReason, reason);
        return fixture;
    }
}
