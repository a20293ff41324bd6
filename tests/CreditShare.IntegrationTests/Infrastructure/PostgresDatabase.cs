using Npgsql;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>An empty database of its own for a test or a fixture; dropped with whoever is still connected.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;

    private PostgresDatabase(string server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>Creates one on the server of the run.</summary>
    public static Task<PostgresDatabase> CreateAsync(CancellationToken cancellationToken) =>
        CreateAsync(Servers.Postgres ?? throw new InvalidOperationException("The test lacks [Needs(RealServer.Postgres)]."), cancellationToken);

    /// <summary>Creates one on a server of the test's own.</summary>
    public static async Task<PostgresDatabase> CreateAsync(string server, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(server, $"creditshare_test_{Guid.NewGuid():N}");
        await database.RunOnServerAsync($"CREATE DATABASE {database.Name}", cancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await RunOnServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", CancellationToken.None);
    }

    private async Task RunOnServerAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync(cancellationToken);
        // The name is made above, of letters and digits only.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
