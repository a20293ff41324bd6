using System.Collections.Concurrent;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Counts the answers that disclosed nothing, per partner, purpose and day, and writes the sums down every few seconds. No subject is kept:
/// a register of everybody a bank ever asked about would be a harm of its own.
/// </summary>
internal sealed class NotListedCounts(IStore store, TimeProvider clock, IOptions<LookupOptions> options, ILogger<NotListedCounts> logger)
    : BackgroundService
{
    /// <summary>Days for which a count that is not used any more is kept: an answer may be counted while its day's count is looked at.</summary>
    private const int DaysKept = 2;

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Key, Tally> _counts = new();

    /// <summary>Counts answers. Any thread; allocates nothing once the day's first has been counted.</summary>
    public void Add(PartnerId partner, Purpose purpose, DateOnly day, int answers)
    {
        if (answers == 0) return;

        var key = new Key(partner, purpose, day);
        if (!_counts.TryGetValue(key, out var count)) count = _counts.GetOrAdd(key, new Tally());
        Interlocked.Add(ref count.Value, answers);
    }

    /// <summary>Writes what has been counted since the last time.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was written; what was counted waits for the next time.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var taken = new List<(Tally Count, NotListedCount Sum)>();
        var today = clock.Today();
        foreach (var (key, count) in _counts)
        {
            var sum = Interlocked.Exchange(ref count.Value, 0);
            if (sum > 0) taken.Add((count, new NotListedCount(key.Partner, key.Purpose, key.Day, sum)));
            else if (key.Day < today.AddDays(-DaysKept)) _counts.TryRemove(key, out _);
        }

        if (taken.Count == 0) return;

        var written = false;
        try
        {
            await store.Disclosures.AddCountsAsync([.. taken.Select(pair => pair.Sum)], cancellationToken);
            written = true;
        }
        finally
        {
            if (!written)
            {
                foreach (var (count, sum) in taken) Interlocked.Add(ref count.Value, sum.Count);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastWrite, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await TryWriteAsync(either.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CountInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the last write follows.
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Whatever it was, what was counted waits for the next time, and no answer waits for it.
            logger.CountsNotWritten(e);
        }
    }

    private readonly record struct Key(PartnerId Partner, Purpose Purpose, DateOnly Day);

    private sealed class Tally
    {
        public long Value;
    }
}
