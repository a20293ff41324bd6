using CreditShare.Benchmarks.Bench;
using CreditShare.Storage.Postgres;
using Npgsql;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>Databases for stores that are opened in this process.</summary>
internal static class StoreDatabases
{
    private const string ConnectionSetting = "--Postgres:ConnectionString=";

    /// <summary>Makes an empty database.</summary>
    /// <returns>How a store reaches it; its schema may be made.</returns>
    public static async Task<PostgresStoreOptions> MakeAsync(BenchScene scene) => OptionsOf(await scene.NewDatabaseAsync());

    /// <summary>How a store reaches the database that a server has by these settings.</summary>
    public static PostgresStoreOptions OptionsOf(List<string> settings) => new()
    {
        ConnectionString = settings.Single(setting => setting.StartsWith(ConnectionSetting, StringComparison.Ordinal))[ConnectionSetting.Length..],
        Password = new NpgsqlConnectionStringBuilder(BenchScene.Postgres).Password,
        Migrate = true,
    };
}
