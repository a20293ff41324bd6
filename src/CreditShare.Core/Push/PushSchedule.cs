using System.Collections.Immutable;

namespace CreditShare.Core.Push;

/// <summary>When a failed delivery is tried again. It never gives up; any progress begins anew.</summary>
public static class PushSchedule
{
    /// <summary>By how much of itself a wait may be shorter or longer.</summary>
    public const double Jitter = 0.2;

    /// <summary>After so long without a success a subscription is <see cref="SubscriptionState.Degraded"/>.</summary>
    public static readonly TimeSpan DegradedAfter = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a success a subscription is <see cref="SubscriptionState.Suspended"/>.</summary>
    public static readonly TimeSpan SuspendedAfter = TimeSpan.FromDays(5);

    /// <summary>The longest Retry-After that is honoured.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private static readonly ImmutableArray<TimeSpan> Ordered =
        [.. new[] { 5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private static readonly ImmutableArray<TimeSpan> Withdrawals =
        [.. new[] { 1, 2, 5, 10, 20, 30, 60, 120, 300 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>How long to wait after a failure.</summary>
    /// <param name="lane">The lane; messages without changes wait as the ordered lane does.</param>
    /// <param name="failures">Failures in a row, this one included; at least 1. Behind the end of the schedule its last wait repeats.</param>
    /// <param name="chance">0 to 1, evenly distributed: where in the range of jitter the wait falls.</param>
    /// <param name="retryAfter">What the receiver asked for; the longer one counts, up to <see cref="LongestRetryAfter"/>.</param>
    public static TimeSpan WaitAfter(Lane lane, int failures, double chance, TimeSpan? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var steps = lane == Lane.Withdrawals ? Withdrawals : Ordered;
        var wait = steps[Math.Min(failures, steps.Length) - 1] * (1 - Jitter + (2 * Jitter * chance));
        var asked = retryAfter is { } given && given > LongestRetryAfter ? LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        return wait > asked ? wait : asked;
    }

    /// <summary>The state of a subscription after a failure on its ordered lane.</summary>
    /// <param name="present">The state before it; PAUSED, REVOKED and PENDING_VERIFICATION stay.</param>
    /// <param name="failingFor">How long nothing has succeeded.</param>
    /// <param name="gone">Whether the endpoint said that it is gone for good.</param>
    public static SubscriptionState AfterFailure(SubscriptionState present, TimeSpan failingFor, bool gone) => present switch
    {
        SubscriptionState.Paused or SubscriptionState.Revoked or SubscriptionState.PendingVerification => present,
        _ when gone || failingFor >= SuspendedAfter || present == SubscriptionState.Suspended => SubscriptionState.Suspended,
        _ when failingFor >= DegradedAfter => SubscriptionState.Degraded,
        _ => SubscriptionState.Retrying,
    };

    /// <summary>The state of a subscription after a success on its ordered lane.</summary>
    /// <param name="present">The state before it; PAUSED and REVOKED stay.</param>
    /// <param name="atHead">Whether nothing is left to deliver.</param>
    public static SubscriptionState AfterSuccess(SubscriptionState present, bool atHead) => present switch
    {
        SubscriptionState.Paused or SubscriptionState.Revoked => present,
        _ when atHead => SubscriptionState.Active,
        SubscriptionState.Active or SubscriptionState.PendingVerification => SubscriptionState.Active,
        _ => SubscriptionState.CatchingUp,
    };
}
