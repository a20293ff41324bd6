using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>What every delivery works with.</summary>
internal sealed record DeliveryTools(
    FrameReading Frames, Courier Courier, RecipientRights Rights, PushTiming Timing, PushMetrics Metrics, ILogger<LaneDelivery> Logger);

/// <summary>What the lanes of a subscription have in common.</summary>
internal sealed class Standing(Subscription subscription, RejectedBook rejected)
{
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The wish, in its present state. Only the ordered lane changes it.</summary>
    public Subscription Subscription { get; private set; } = subscription;

    /// <summary>What the receiver would not take.</summary>
    public RejectedBook Rejected => rejected;

    /// <summary>Completes when a lane has news for the other. Taken before a step, waited for after it.</summary>
    public Task News => Volatile.Read(ref _wake).Task;

    /// <summary>Whether the receiver has answered on the lane of withdrawals while the subscription was suspended: it is back.</summary>
    public bool IsBack { get; set; }

    public void Enter(SubscriptionState state, DateTimeOffset since) => Subscription = Subscription with { State = state, StateSince = since };

    public void Tell() =>
        Interlocked.Exchange(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

/// <summary>What a loop does after a step.</summary>
/// <param name="IsOver">Nothing more: the lease is lost, or everything is done.</param>
/// <param name="Until">Waits until then at most; null: for nothing by the clock.</param>
/// <param name="Past">Waits until the node has something past this number; null: for nothing of the journal. With neither, it goes on at once.</param>
internal readonly record struct LaneStep(bool IsOver, DateTimeOffset? Until, long? Past)
{
    public static LaneStep Over => new(true, null, null);

    public static LaneStep Again => default;

    public static LaneStep At(DateTimeOffset instant) => new(false, instant, null);
}
