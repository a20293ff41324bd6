using System.Threading.RateLimiting;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Access;

/// <summary>How much each partner may ask of this node in a second. A partner spread over n nodes may reach n times its quota.</summary>
/// <param name="options">The quotas of partners that have none of their own.</param>
/// <param name="filling">Tells when buckets are filled.</param>
internal sealed class Quotas(IOptions<AccessOptions> options, TimeProvider filling) : IDisposable
{
    /// <summary>Subjects that can be taken at once: a whole screening frame. A bucket is never smaller.</summary>
    public const int MaxSubjectsAtOnce = 5_000;

    /// <summary>Subjects that may wait for a slow bucket, per partner: four frames.</summary>
    public const int MaxSubjectsWaiting = 4 * MaxSubjectsAtOnce;

    /// <summary>When somebody with too many open streams may try again.</summary>
    public static readonly TimeSpan StreamWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly Buckets _calls = new(
        partner => new BucketSize(Rate(partner.CallsPerSecond, options.Value.CallsPerSecond), Smallest: 1, Waiting: 0), filling);

    private readonly Buckets _subjects = new(
        partner => new BucketSize(Rate(partner.SubjectsPerSecond, options.Value.SubjectsPerSecond), MaxSubjectsAtOnce, MaxSubjectsWaiting), filling);

    /// <summary>Streams that a partner may have open at once.</summary>
    public int StreamsPerPartner => options.Value.StreamsPerPartner;

    /// <summary>Takes one call.</summary>
    public bool TrySpendCall(Partner partner, out TimeSpan retryAfter)
    {
        using var lease = _calls.Of(partner).AttemptAcquire();
        return Settle(lease, out retryAfter);
    }

    /// <summary>Takes subjects, 1 to <see cref="MaxSubjectsAtOnce"/>.</summary>
    public bool TrySpendSubjects(Partner partner, int subjects, out TimeSpan retryAfter)
    {
        using var lease = _subjects.Of(partner).AttemptAcquire(subjects);
        return Settle(lease, out retryAfter);
    }

    /// <summary>Takes subjects and waits for them.</summary>
    /// <exception cref="RefusedException">Too many wait already.</exception>
    public async ValueTask SpendSubjectsAsync(Partner partner, int subjects, CancellationToken cancellationToken)
    {
        using var lease = await _subjects.Of(partner).AcquireAsync(subjects, cancellationToken);
        if (!Settle(lease, out var retryAfter)) throw Exceeded(retryAfter);
    }

    /// <summary>The refusal for a quota that is used up.</summary>
    public static RefusedException Exceeded(TimeSpan retryAfter) => new(ErrorReason.QuotaExceeded) { RetryAfter = retryAfter };

    public void Dispose()
    {
        _calls.Dispose();
        _subjects.Dispose();
    }

    private static int Rate(int own, int fallback) => own > 0 ? own : fallback;

    private static bool Settle(RateLimitLease lease, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (lease.IsAcquired) return true;

        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > ShortestWait ? wait : ShortestWait;
        return false;
    }
}
