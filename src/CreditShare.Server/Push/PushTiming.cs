using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>The clock and the dice of deliveries.</summary>
internal sealed class PushTiming(TimeProvider clock, Random random)
{
    /// <summary>How often is looked again at what only somebody else can change.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <summary>How long the challenge to a new endpoint is left to the call that named it: an attempt and what is written after it.</summary>
    public static readonly TimeSpan CallersTurn = TimeSpan.FromSeconds(15);

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The present instant.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How long to wait after the n-th failure in a row.</summary>
    public TimeSpan WaitAfter(Lane lane, int failures, TimeSpan? retryAfter = null) =>
        PushSchedule.WaitAfter(lane, failures, random.NextDouble(), retryAfter);
}
