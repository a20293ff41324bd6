using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sqlite;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace CreditShare.IntegrationTests.MainJob;

/// <summary>What the main job runs on: the embedded default, or PostgreSQL with Redis.</summary>
internal sealed class Setting : IAsyncDisposable
{
    private PostgresDatabase? _database;
    private RedisSpace? _redis;

    private Setting(IReadOnlyList<string> settings) => Settings = settings;

    /// <summary>Fixtures' source: one row a setting; one whose servers are missing is left out, and fails in CI.</summary>
    public static IEnumerable<TestFixtureData> All()
    {
        yield return new TestFixtureData("SQLite");
        var full = new TestFixtureData("PostgreSQL and Redis");
        if (!NeedsAttribute.IsThere(RealServer.Postgres) || !NeedsAttribute.IsThere(RealServer.Redis))
        {
            full.RunState = Servers.IsContinuousIntegration ? RunState.NotRunnable : RunState.Skipped;
            full.Properties.Set("_SKIPREASON", NeedsAttribute.HowToGet(RealServer.Postgres));
        }

        yield return full;
    }

    /// <summary>The type of the store that must have been opened.</summary>
    public string Engine { get; private init; } = nameof(SqliteStore);

    /// <summary>The server's settings.</summary>
    public IReadOnlyList<string> Settings { get; private init; }

    public static async Task<Setting> CreateAsync(string name, CancellationToken cancellationToken)
    {
        if (name == "SQLite") return new Setting([]);

        var database = await PostgresDatabase.CreateAsync(cancellationToken);
        var redis = await RedisSpace.TakeAsync();
        return new Setting(
            [$"--Postgres:ConnectionString={database.ConnectionString}", $"--Redis:ConnectionString={redis.Configuration}"])
        {
            Engine = nameof(PostgresStore),
            _database = database,
            _redis = redis,
        };
    }

    /// <summary>A PostgreSQL of the test's own, without Redis; the test ends it.</summary>
    public static Setting On(PostgresProcess postgres) =>
        new([$"--Postgres:ConnectionString={postgres.ConnectionString}"]) { Engine = nameof(PostgresStore) };

    /// <summary>Starts the server on this as a process, with its data below a folder.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="settings">Further settings.</param>
    public Task<ServerProcess> ServeAsync(TemporaryFolder folder, CancellationToken cancellationToken, params string[] settings)
    {
        string[] migrate = Engine == nameof(PostgresStore) ? ["--Postgres:Migrate=true"] : [];
        return ServerProcess.ServeAsync(
            folder.Path, "Development", [.. settings, .. migrate, .. ServerSettings.WithoutSecrets(Settings, folder.Path)], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
