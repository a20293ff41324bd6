using System.Text;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using Npgsql;
using NUnit.Framework;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>After a busy day nobody can be read out of a store, a cache, a log, a metric or an error (promise P9).</summary>
internal sealed class PersonalDataTests
{
    // Everything, down to the framework's own lines.
    private static readonly string[] s_chatty =
        ["--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Grpc=Trace"];

    [Test, CancelAfter(120_000)]
    public async Task Neither_SQLite_nor_log_metrics_and_errors_tell_of_anybody(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Development", s_chatty, cancellationToken);
        using var day = new BusyDay(server);
        await day.WorkAsync(cancellationToken);
        var metrics = await Metrics.ReadAsync(server.Management, cancellationToken);

        // Killed, so that the write-ahead log is there to be read, and nothing is locked.
        await server.KillAsync(cancellationToken);
        var files = Directory.GetFiles(server.DataFolder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

        using (Assert.EnterMultipleScope())
        {
            TellsNothing(day, server.Output, metrics);
            Assert.That(files.Values.Any(file => Holds(file, Cast.Court)), Is.True, "the files that were read hold no listing");
            foreach (var (name, bytes) in files) Assert.That(day.Traces.In(bytes), Is.Empty, name);
        }
    }

    [Test, Needs(RealServer.PostgresProgram, RealServer.Redis), CancelAfter(180_000)]
    public async Task Neither_PostgreSQL_and_its_log_nor_Redis_nor_log_metrics_and_errors_tell_of_anybody(CancellationToken cancellationToken)
    {
        // Every statement with its parameters, also those that fail.
        await using var postgres = await PostgresProcess.StartAsync(
            ["log_statement = all", "log_parameter_max_length = -1", "log_parameter_max_length_on_error = -1", "log_error_verbosity = verbose"],
            cancellationToken);
        await using var redis = await RedisSpace.TakeAsync();
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(
            folder.Path,
            "Development",
            [$"--Postgres:ConnectionString={postgres.ConnectionString}", "--Postgres:Migrate=true", $"--Redis:ConnectionString={redis.Configuration}",
                "--Lookup:RecordMemoryMegabytes=0", .. s_chatty],
            cancellationToken);
        using var day = new BusyDay(server);
        await day.WorkAsync(cancellationToken);

        // What fails in the middle is logged with all it was given.
        await CutConnectionsAsync(postgres, cancellationToken);
        await day.WorkAsync(cancellationToken);
        var metrics = await Metrics.ReadAsync(server.Management, cancellationToken);
        var kept = await ReadAllAsync(redis, cancellationToken);
        var dump = await Shell.RunAsync(
            "\"$1/pg_dump\" -h 127.0.0.1 -p \"$2\" -U postgres postgres", [PostgresProcess.Programs!, $"{postgres.Port}"], cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            TellsNothing(day, server.Output, metrics);
            Assert.That(dump, Does.Contain(Cast.Court), "the dump holds no listing");
            Assert.That(day.Traces.In(dump), Is.Empty, "the database");
            Assert.That(postgres.Log, Does.Contain(Cast.Court).And.Contains("DETAIL"), "the statements' parameters were not logged");
            Assert.That(day.Traces.In(postgres.Log), Is.Empty, "the database's log");
            Assert.That(kept, Is.Not.Empty, "nothing is in Redis");
            Assert.That(await Metrics.SumAsync(server.Management, "creditshare_lookup_records_total", "outcome=\"hit\"", cancellationToken), Is.Positive);
            foreach (var (key, value) in kept) Assert.That(day.Traces.In(key).Concat(day.Traces.In(value)), Is.Empty, key);
        }
    }

    [TestCase("110000197001010011", TestName = "A_number_that_stands_somewhere_is_found")]
    [TestCase("欧阳测甲", TestName = "A_name_that_stands_somewhere_is_found")]
    public void What_stands_somewhere_is_found(string secret)
    {
        var traces = new Traces([secret]);

        string[] places = [$"x{secret}y", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret), "nobody"];
        Assert.That(places.Select(place => traces.In(place).Any()), Is.EqualTo([true, true, true, false]));
    }

    private static void TellsNothing(BusyDay day, string log, string metrics)
    {
        // A place that was not filled would prove nothing.
        Assert.That(log, Does.Contain("CheckSubject").And.Contains("[6000]"), "the server's log is not what was asked for");
        Assert.That(day.Traces.In(log), Is.Empty, "the server's log");
        Assert.That(metrics, Does.Contain("creditshare_lookup_checks"), "the metrics are not those of lookups");
        Assert.That(day.Traces.In(metrics), Is.Empty, "the metrics");
        Assert.That(day.Errors, Has.Count.AtLeast(BusyDay.FewestErrors), "fewer errors than the day has");
        Assert.That(day.Errors.SelectMany(error => day.Traces.In(error)), Is.Empty, "the errors");
    }

    private static bool Holds(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static async Task CutConnectionsAsync(PostgresProcess postgres, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var cut = source.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'creditshare'");
        await cut.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<string, byte[]>> ReadAllAsync(RedisSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(space.Configuration);
        var database = connection.GetDatabase();
        var values = new Dictionary<string, byte[]>();
        await foreach (var key in connection.GetServers().Single().KeysAsync(database.Database).WithCancellation(cancellationToken))
        {
            values[key!] = (byte[])(await database.StringGetAsync(key))!;
        }

        return values;
    }
}
