using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What every fixture of the suite begins with: an empty store of an engine, open, at noon of a day.</summary>
/// <remarks>Open, because the fixtures of the suite are one contract in several files.</remarks>
internal abstract class StoreContract(Type engine)
{
    /// <summary>The longest a test of the suite may take, in milliseconds.</summary>
    protected const int LongestMs = 30_000;

    private Keyring? _keys;
    private StoreEngine? _engine;
    private IStore? _store;

    protected Keyring Keys => _keys!;

    protected FakeTimeProvider Clock { get; } = StoreSample.ClockAtNoon();

    protected StoreEngine Engine => _engine!;

    protected IStore Store => _store!;

    protected IJournal Journal => Store.Journal;

    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task OpenEmptyStore()
    {
        _keys = Keyring.From([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        _engine = await StoreEngine.CreateAsync(engine, Token);
        _store = await OpenAsync();
    }

    [TearDown]
    public async Task CloseStore()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
        _keys?.Dispose();
    }

    /// <summary>Opens another handle on the same data, as another node would.</summary>
    protected Task<IStore> OpenAsync() => Engine.OpenAsync(Keys, Clock, NullLogger.Instance, Token);

    /// <summary>Closes the store, lets something happen, and opens it again.</summary>
    protected async Task ReopenAsync(Func<Task>? between = null)
    {
        await Store.DisposeAsync();
        _store = null;
        if (between is not null) await between();
        _store = await OpenAsync();
    }

    protected async Task<AppendResult.Appended> AcceptAsync(AppendRequest request)
    {
        var result = await Journal.AppendAsync(request, Token);
        return result as AppendResult.Appended
            ?? throw new AssertionException($"Refused: {string.Join(", ", ((AppendResult.Refused)result).Violations)}");
    }

    protected Task<AppendResult.Appended> AcceptAsync(ListingCommand command) => AcceptAsync(StoreSample.Request(command));

    protected async Task<RefusalReason[]> RefuseAsync(AppendRequest request)
    {
        var result = await Journal.AppendAsync(request, Token);
        return result is AppendResult.Refused refused
            ? [.. refused.Violations.Select(violation => violation.Reason)]
            : throw new AssertionException($"Accepted: {result}");
    }

    protected async Task<StoredListing> FindAsync(ListingId listing) =>
        await Store.Listings.FindAsync(listing, Token) ?? throw new AssertionException($"There is no listing {listing}.");
}
