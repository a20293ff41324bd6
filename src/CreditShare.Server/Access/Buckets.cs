using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using CreditShare.Core.Access;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Access;

/// <summary>How a bucket of tokens is made.</summary>
/// <param name="Rate">Tokens a second.</param>
/// <param name="Smallest">It holds what comes in a second, but never less than this.</param>
/// <param name="Waiting">Tokens that may be waited for.</param>
internal readonly record struct BucketSize(int Rate, int Smallest, int Waiting);

/// <summary>A bucket of tokens for each partner. Finding one allocates nothing, unlike .NET's partitioned limiters: every check asks for two.</summary>
/// <remarks>Safe for concurrent callers. A changed size is a new bucket, as is the first after a while unused; whoever waits at the old one is still served
/// there.</remarks>
internal sealed class Buckets : IDisposable
{
    // As often as .NET's partitioned limiters do.
    private static readonly TimeSpan s_fillEvery = TimeSpan.FromMilliseconds(100);

    // A full bucket credits itself with all the time since it became full as soon as something is taken. So it is let go: it holds nothing that a new one
    // does not. Not at once, for a partner that calls now and then should find its bucket.
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromSeconds(1);

    // A minute: whoever has just been given the old bucket may still come to wait at it.
    private const int RoundsAfterwards = 600;

    private readonly Func<Partner, BucketSize> _sizeOf;
    private readonly ConcurrentDictionary<PartnerId, Bucket> _buckets = new();
    private readonly ConcurrentQueue<(TokenBucketRateLimiter Limiter, int Rounds)> _replaced = new();
    private readonly ITimer _timer;

    /// <summary>Starts to fill buckets.</summary>
    /// <param name="sizeOf">How large a partner's is.</param>
    /// <param name="clock">Tells when to fill them; how much comes in depends on the real time all the same.</param>
    public Buckets(Func<Partner, BucketSize> sizeOf, TimeProvider clock)
    {
        _sizeOf = sizeOf;
        _timer = clock.CreateTimer(static buckets => ((Buckets)buckets!).Fill(), this, s_fillEvery, s_fillEvery);
    }

    /// <summary>A partner's bucket.</summary>
    public TokenBucketRateLimiter Of(Partner partner)
    {
        var size = _sizeOf(partner);
        return _buckets.TryGetValue(partner.Id, out var bucket) && bucket.Size == size ? bucket.Limiter : Replace(partner.Id, size).Limiter;
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var bucket in _buckets.Values) bucket.Limiter.Dispose();
        while (_replaced.TryDequeue(out var old)) old.Limiter.Dispose();
    }

    private static TokenBucketRateLimiter Make(BucketSize size) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = Math.Max(size.Rate, size.Smallest),
        TokensPerPeriod = size.Rate,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = size.Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        AutoReplenishment = false,
    });

    private Bucket Replace(PartnerId partner, BucketSize size)
    {
        while (true)
        {
            if (!_buckets.TryGetValue(partner, out var old))
            {
                var first = new Bucket(size, Make(size));
                if (_buckets.TryAdd(partner, first)) return first;
                first.Limiter.Dispose();
            }
            else if (old.Size == size)
            {
                return old;
            }
            else
            {
                var next = new Bucket(size, Make(size));
                if (_buckets.TryUpdate(partner, next, old))
                {
                    _replaced.Enqueue((old.Limiter, RoundsAfterwards));
                    return next;
                }

                next.Limiter.Dispose();
            }
        }
    }

    private void Fill()
    {
        foreach (var pair in _buckets)
        {
            var limiter = pair.Value.Limiter;
            limiter.TryReplenish();
            if (limiter.IdleDuration >= s_forgetAfter && _buckets.TryRemove(pair)) _replaced.Enqueue((limiter, RoundsAfterwards));
        }

        for (var i = _replaced.Count; i > 0 && _replaced.TryDequeue(out var old); i--)
        {
            old.Limiter.TryReplenish();
            if (old.Rounds > 0 || old.Limiter.GetStatistics() is { CurrentQueuedCount: > 0 }) _replaced.Enqueue(old with { Rounds = old.Rounds - 1 });
        }
    }

    private sealed record Bucket(BucketSize Size, TokenBucketRateLimiter Limiter);
}
