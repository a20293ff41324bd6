using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Records of documents in Redis. Nothing here is believed for being there: a record counts only if it opens under this document's own
/// key, is of this life of the journal, and is at least as new as the last change the index knows.
/// </summary>
/// <remarks>Needs GET and SET of single keys, hence any of Redis, Valkey, Sentinel and Cluster. Safe for concurrent callers; never throws for
/// anything that Redis does.</remarks>
internal sealed class RedisRecords
{
    /// <summary>Keys asked for at once; each such group has the whole time limit.</summary>
    private const int GroupSize = 500;

    /// <summary>Bytes of a record that is worth keeping; a larger one is read from the store each time.</summary>
    private const int MaxRecordBytes = 256 << 10;

    /// <summary>Calls that must have been made within the sampling time before the breaker may open. Polly's own default, 100, would never be
    /// reached on a quiet node, where each call then waits for its timeout.</summary>
    private const int BreakerThroughput = 4;

    private static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(10);

    private readonly RedisConnection _connection;
    private readonly Keyring _keys;
    private readonly TimeSpan _lifetime;
    private readonly LookupMetrics _metrics;
    private readonly ILogger<RedisRecords> _logger;
    private readonly ResiliencePipeline _pipeline;

    public RedisRecords(
        RedisConnection connection, Keyring keys, IOptions<RedisOptions> options, TimeProvider clock, LookupMetrics metrics, ILogger<RedisRecords> logger)
    {
        (_connection, _keys, _metrics, _logger) = (connection, keys, metrics, logger);
        _lifetime = options.Value.RecordLifetime;
        _pipeline = Build(options.Value, clock);
    }

    /// <summary>Reads records.</summary>
    /// <param name="wanted">Any number.</param>
    /// <param name="epoch">The journal's life.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One each; null where the store must be read.</returns>
    public async Task<DocumentRecord?[]> GetAsync(IReadOnlyList<WantedRecord> wanted, uint epoch, CancellationToken cancellationToken)
    {
        var records = new DocumentRecord?[wanted.Count];
        for (var start = 0; start < wanted.Count; start += GroupSize)
        {
            var keys = new string[Math.Min(GroupSize, wanted.Count - start)];
            for (var i = 0; i < keys.Length; i++) keys[i] = _keys.RedisKeyOf(epoch, wanted[start + i].Document);

            var values = await TryAsync(keys, static (database, keys) => Task.WhenAll(keys.Select(key => GetOneAsync(database, key))), cancellationToken);
            if (values is null)
            {
                _metrics.Asked(RecordOutcome.Unavailable, wanted.Count - start);
                break;
            }

            for (var i = 0; i < keys.Length; i++)
            {
                var (record, outcome) = Examine(wanted[start + i], epoch, keys[i], values[i]);
                _metrics.Asked(outcome);
                records[start + i] = record;
            }
        }

        return records;
    }

    /// <summary>Which of the documents have a record in Redis that does not count any more.</summary>
    public async Task<IReadOnlyList<WantedRecord>> FindOutdatedAsync(
        IReadOnlyList<WantedRecord> documents, uint epoch, CancellationToken cancellationToken)
    {
        var keys = documents.Select(document => _keys.RedisKeyOf(epoch, document.Document)).ToArray();
        var values = await TryAsync(keys, static (database, keys) => Task.WhenAll(keys.Select(key => GetOneAsync(database, key))), cancellationToken);
        if (values is null) return [];

        return [.. documents.Where((document, i) => !values[i].IsNull && Examine(document, epoch, keys[i], values[i]).Record is null)];
    }

    /// <summary>Writes records; what cannot be written is left.</summary>
    public async Task SetAsync(IReadOnlyList<DocumentRecord> records, CancellationToken cancellationToken)
    {
        var entries = new List<(string Key, byte[] Value)>(records.Count);
        foreach (var record in records)
        {
            var plain = DocumentRecordCodec.Write(record);
            if (plain.Length > MaxRecordBytes) continue;

            var key = _keys.RedisKeyOf(record.Epoch, record.Document);
            entries.Add((key, _keys.RedisSeal.Seal(key, plain)));
        }

        var written = await TryAsync(
            (Entries: entries, Lifetime: _lifetime),
            static (database, state) => Task.WhenAll(state.Entries.Select(
                entry => database.StringSetAsync(entry.Key, entry.Value, state.Lifetime, keepTtl: false, When.Always, CommandFlags.None))),
            cancellationToken);
        if (written is not null) _metrics.Repaired(written.Count(done => done));
    }

    private static async Task<RedisValue> GetOneAsync(IDatabase database, string key)
    {
        try
        {
            return await database.StringGetAsync(key);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            // Somebody put something else under this key. It must not spoil the keys asked for beside it.
            return RedisValue.EmptyString;
        }
    }

    private (DocumentRecord? Record, RecordOutcome Outcome) Examine(WantedRecord wanted, uint epoch, string key, RedisValue value)
    {
        if (value.IsNull) return (null, RecordOutcome.Miss);

        // The seal names the key, so another document's value does not open here, however genuine it is.
        if (!_keys.RedisSeal.TryOpen(key, (byte[])value!, out var plain)
            || DocumentRecordCodec.Read(wanted.Document, plain) is not { } record
            || !record.Listings.All(stored => stored.Listing.IndexedDocuments.Contains(wanted.Document)))
        {
            _logger.RecordForged(key);
            return (null, RecordOutcome.Forged);
        }

        return record.Epoch == epoch && record.Sequence >= wanted.Sequence ? (record, RecordOutcome.Hit) : (null, RecordOutcome.Stale);
    }

    // Null when Redis is away, too slow, or left alone.
    private async Task<TResult?> TryAsync<TState, TResult>(
        TState state, Func<IDatabase, TState, Task<TResult>> command, CancellationToken cancellationToken)
        where TResult : class
    {
        // A connection that hangs is given up by the client after a while, possibly before the breaker has seen enough failures.
        var connected = _connection.Database;
        _metrics.ConnectionIs(there: connected is not null);
        if (connected is not { } database) return null;

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, call) =>
                {
                    try
                    {
                        return Outcome.FromResult(await call.command(call.database, call.state).WaitAsync(context.CancellationToken));
                    }
                    catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
                    {
                        return Outcome.FromException<TResult>(e);
                    }
                },
                context,
                (database, state, command));
            cancellationToken.ThrowIfCancellationRequested();
            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline Build(RedisOptions options, TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = BreakerThroughput,
            SamplingDuration = BreakerSampling,
            BreakDuration = options.BreakDuration,
            OnOpened = arguments =>
            {
                _metrics.BreakerIs(open: true);
                _logger.RedisLeftAlone(arguments.BreakDuration.TotalSeconds, arguments.Outcome.Exception);
                return default;
            },
            OnClosed = _ =>
            {
                _metrics.BreakerIs(open: false);
                _logger.RedisAnswers();
                return default;
            },
        })
        .AddTimeout(options.Timeout)
        .Build();
}
