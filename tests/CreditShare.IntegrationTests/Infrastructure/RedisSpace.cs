using System.Collections.Concurrent;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A logical database of the run's Redis, empty and nobody else's until disposed. FLUSHALL and kills need a <see cref="RedisProcess"/>.</summary>
internal sealed class RedisSpace : IAsyncDisposable
{
    // 0 is left to whoever else uses a server that somebody named.
    private static readonly ConcurrentBag<int> s_free = [.. Enumerable.Range(1, 15)];

    private readonly int _database;

    private RedisSpace(int database) => _database = database;

    /// <summary>A StackExchange.Redis configuration that leads here.</summary>
    public string Configuration => $"{Server},defaultDatabase={_database}";

    private static string Server => Servers.Redis ?? throw new InvalidOperationException("The test lacks [Needs(RealServer.Redis)].");

    /// <summary>Takes one.</summary>
    public static async Task<RedisSpace> TakeAsync()
    {
        if (!s_free.TryTake(out var database)) throw new InvalidOperationException("All 15 spaces are taken: one is not disposed.");

        var space = new RedisSpace(database);
        await space.ClearAsync();
        return space;
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        s_free.Add(_database);
    }

    private async Task ClearAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration + ",allowAdmin=true");
        await connection.GetServers().Single(server => !server.IsReplica).FlushDatabaseAsync(_database);
    }
}
