using Npgsql;
using NUnit.Framework;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>The tests of P1 and P4 rest on these servers: they must really die, and really keep or lose what they should.</summary>
internal sealed class ServerProcessTests
{
    [Test, CancelAfter(60_000), Needs(RealServer.RedisProgram)]
    public async Task A_killed_Redis_comes_back_empty_on_its_port(CancellationToken cancellationToken)
    {
        await using var redis = await RedisProcess.StartAsync([], cancellationToken);
        await using (var before = await ConnectionMultiplexer.ConnectAsync(redis.Configuration))
        {
            await before.GetDatabase().StringSetAsync("key", "value");
        }

        await redis.KillAsync(cancellationToken);
        Assert.That(() => ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},connectRetry=0,connectTimeout=500"), Throws.InstanceOf<RedisConnectionException>());
        await redis.StartAsync(cancellationToken);

        await using var after = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        Assert.That((await after.GetDatabase().StringGetAsync("key")).HasValue, Is.False);
    }

    [Test, CancelAfter(60_000), Needs(RealServer.RedisProgram)]
    public async Task A_frozen_Redis_answers_once_it_thaws(CancellationToken cancellationToken)
    {
        await using var redis = await RedisProcess.StartAsync([], cancellationToken);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);

        await redis.FreezeAsync(cancellationToken);
        var answer = connection.GetDatabase().PingAsync();
        Assert.That(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), cancellationToken), Throws.InstanceOf<TimeoutException>());

        await redis.ThawAsync(cancellationToken);
        Assert.That(await answer, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test, CancelAfter(120_000), Needs(RealServer.PostgresProgram)]
    public async Task A_killed_PostgreSQL_keeps_what_was_committed(CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresProcess.StartAsync(["log_statement = all"], cancellationToken);
        await RunAsync(postgres, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)", cancellationToken);

        await postgres.KillAsync(cancellationToken);
        Assert.That(() => RunAsync(postgres, "SELECT 1", cancellationToken), Throws.InstanceOf<NpgsqlException>());
        await postgres.StartAsync(cancellationToken);

        Assert.That(await RunAsync(postgres, "SELECT id FROM kept", cancellationToken), Is.EqualTo(42));
        Assert.That(postgres.Log, Does.Contain("INSERT INTO kept").And.Contains("recovery"));
    }

    [Test, CancelAfter(60_000), Needs(RealServer.Postgres)]
    public async Task A_database_is_the_tests_own_and_goes_with_it(CancellationToken cancellationToken)
    {
        string connectionString;
        await using (var database = await PostgresDatabase.CreateAsync(cancellationToken))
        {
            connectionString = database.ConnectionString;
            await using var left = new NpgsqlConnection(connectionString);
            await left.OpenAsync(cancellationToken);
            Assert.That(left.Database, Is.EqualTo(database.Name));
        }

        await using var late = new NpgsqlConnection(connectionString);
        Assert.That(() => late.OpenAsync(cancellationToken), Throws.InstanceOf<PostgresException>());
    }

    [Test, CancelAfter(60_000), Needs(RealServer.Redis)]
    public async Task A_space_is_the_tests_own_and_empty(CancellationToken cancellationToken)
    {
        await using var one = await RedisSpace.TakeAsync();
        await using var other = await RedisSpace.TakeAsync();
        await using var first = await ConnectionMultiplexer.ConnectAsync(one.Configuration);
        await using var second = await ConnectionMultiplexer.ConnectAsync(other.Configuration);

        await first.GetDatabase().StringSetAsync("key", "value");

        Assert.That((await second.GetDatabase().StringGetAsync("key")).HasValue, Is.False);
    }

    private static async Task<object?> RunAsync(PostgresProcess postgres, string statement, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
