using System.Diagnostics;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Connections;
using CreditShare.Benchmarks.Rows.Screening;
using CreditShare.Benchmarks.Rows.Submit;
using CreditShare.Client;
using CreditShare.Storage.Postgres;
using Npgsql;
using StackExchange.Redis;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows;

/// <summary>What a connection carries at once, each choice beside what is shipped: windows of HTTP/2, connections to Redis, connections to PostgreSQL.</summary>
internal sealed class ConnectionsRow : IRow
{
    private const int Callers = 64;
    private const int RecordBytes = 600;
    private const int Records = 1_000;
    private const string Sql = "SELECT body FROM record WHERE id = $1";

    private static readonly (string Work, int StreamKibibytes, int ConnectionKibibytes)[] s_windows =
    [
        ("Kestrel's own windows, 768 KiB and 1 MiB", 768, 1_024),
        ("windows of 256 KiB and 1 MiB", 256, 1_024),
        ("windows of 4 MiB and 16 MiB", 4_096, 16_384),
    ];

    public string Name => "connections";

    public string Title => "connections as they are shipped, beside others";

    public string Method =>
        "A ratio above 1 speaks for what is shipped. Windows (1 MiB a stream, 4 MiB a connection): screenings as in the row `screening`, of fewer customers, by two servers in processes of the bench. "
        + $"Redis (one connection, shared): {Callers} callers, each reading one record of {RecordBytes} bytes after the other. PostgreSQL (16 connections, each for one reader at a time): {Callers} callers, "
        + "each reading one row by its key after the other; with multiplexing, which has no transactions and no session to prepare, as many "
        + "connections carry the commands of all. Everything is on one machine: over a network that is far, windows and connections count for more. Not among the rows of a whole run.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        List<Finding> findings = [];
        var bank = await BankCustomers.MakeAsync(scene, scene.Amount(400_000, 40_000));
        foreach (var (work, stream, connection) in s_windows) findings.Add(await OnWindowsAsync(scene, bank, work, stream, connection));

        var reads = scene.Amount(200_000, 10_000);
        foreach (var count in new[] { 2, 4 }) findings.Add(await OnRedisAsync(scene, reads, count));
        findings.AddRange(await OnPostgresAsync(scene, reads / 10));
        return findings;
    }

    private static async Task<Finding> OnWindowsAsync(BenchScene scene, BankCustomers bank, string work, int stream, int connection)
    {
        await using var shipped = await Side.StartAsync(scene, bank, streamKibibytes: 0, connectionKibibytes: 0);
        await using var other = await Side.StartAsync(scene, bank, stream, connection);
        var (ours, theirs) = await scene.InTurnAsync(shipped.ScreenAsync, other.ScreenAsync);
        return new Finding { Work = "screening", Unit = "subjects/s", Ours = ours, Peer = work, Peers = theirs };
    }

    private static async Task<Finding> OnRedisAsync(BenchScene scene, int reads, int count)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, count + 1).Select(_ => ConnectionMultiplexer.ConnectAsync(BenchScene.Redis)));
        RedisKey[] keys = [.. Enumerable.Range(0, Records).Select(i => (RedisKey)$"bench:record:{i}")];
        IDatabase[] databases = [.. connections.Select(connection => connection.GetDatabase())];
        await Task.WhenAll(keys.Select(key => databases[0].StringSetAsync(key, new byte[RecordBytes])));
        var (ours, theirs) = await scene.InTurnAsync(() => ReadAsync([databases[0]]), () => ReadAsync(databases[1..]));
        await databases[0].KeyDeleteAsync(keys);
        foreach (var connection in connections) await connection.DisposeAsync();
        return new Finding { Work = "records from Redis", Unit = "reads/s", Ours = ours, Peer = $"{count} connections", Peers = theirs };

        Task<double> ReadAsync(IDatabase[] from) => RateAsync(reads, async i =>
        {
            var value = (byte[]?)await from[i % from.Length].StringGetAsync(keys[i % keys.Length]);
            if (value?.Length != RecordBytes) throw new InvalidOperationException("Redis lost a record.");
        });
    }

    private static async Task<Finding[]> OnPostgresAsync(BenchScene scene, int reads)
    {
        var options = await StoreDatabases.MakeAsync(scene);
        await using var shipped = new PostgresConnections(options);
        await using var many = new PostgresConnections(options with { ConnectionString = $"{options.ConnectionString};Maximum Pool Size={Callers}" });

        // Plans are made for the values at hand, as ours are; a session of its own to set that in there is none.
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Password = options.Password,
            MaxPoolSize = 16,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Multiplexing = true,
            Options = "-c plan_cache_mode=force_custom_plan",
        };
        await using var multiplexing = NpgsqlDataSource.Create(settings);
        var rows = $"INSERT INTO record SELECT i, decode(repeat('ab', {RecordBytes}), 'hex') FROM generate_series(0, {Records - 1}) AS i";
        await using (var table = multiplexing.CreateCommand($"CREATE TABLE record (id int PRIMARY KEY, body bytea); {rows}")) await table.ExecuteNonQueryAsync();

        Task<double> ByPoolAsync(PostgresConnections connections) => RateAsync(reads, async i => Check(
            (await connections.QueryAsync(Sql, parameters => parameters.AddWithValue(i % Records), row => row.GetFieldValue<byte[]>(0), CancellationToken.None)).Single()));

        Task<double> ByMultiplexingAsync() => RateAsync(reads, async i =>
        {
            await using var command = multiplexing.CreateCommand(Sql);
            command.Parameters.AddWithValue(i % Records);
            Check((byte[]?)await command.ExecuteScalarAsync());
        });

        List<Finding> findings = [];
        foreach (var (work, read) in new (string, Func<Task<double>>)[] { ("multiplexing", ByMultiplexingAsync), ($"{Callers} connections", () => ByPoolAsync(many)) })
        {
            var (ours, theirs) = await scene.InTurnAsync(() => ByPoolAsync(shipped), read);
            findings.Add(new Finding { Work = "rows from PostgreSQL", Unit = "reads/s", Ours = ours, Peer = work, Peers = theirs });
        }

        return [.. findings];

        static void Check(byte[]? body)
        {
            if (body?.Length != RecordBytes) throw new InvalidOperationException("PostgreSQL lost a row.");
        }
    }

    // Callers that each ask again once they have their answer.
    private static async Task<double> RateAsync(int count, Func<int, Task> ask)
    {
        var taken = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref taken) is var mine && mine < count) await ask(mine);
        })));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>A server and the bank that screens with it.</summary>
    private sealed class Side : IAsyncDisposable
    {
        private readonly MeasuredServer _server;
        private readonly BankCustomers _bank;
        private readonly PartnerIdentity _identity;
        private readonly CreditShareClient _client;

        private Side(MeasuredServer server, BankCustomers bank)
        {
            (_server, _bank) = (server, bank);
            _identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
            _client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = _identity });
        }

        public static async Task<Side> StartAsync(BenchScene scene, BankCustomers bank, int streamKibibytes, int connectionKibibytes)
        {
            var server = await MeasuredServer.StartAsync(
                scene.NewFolder("server"), [typeof(VariedServer).Assembly.Location, VariedServer.Verb, Text(streamKibibytes), Text(connectionKibibytes)], []);
            try
            {
                await bank.PublishAsync(server);
                return new Side(server, bank);
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }

        public async Task<double> ScreenAsync() => _bank.Subjects.Length / (await _bank.ScreenAsync(_client)).TotalSeconds;

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            _identity.Dispose();
            await _server.DisposeAsync();
        }
    }
}
