using CreditShare.Core.Access;
using CreditShare.Core.Journal;

namespace CreditShare.Core.Push;

/// <summary>A partner's standing wish for changes.</summary>
public sealed record Subscription
{
    /// <summary>Its name.</summary>
    public required SubscriptionId Id { get; init; }

    /// <summary>For people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Which changes; fixed for its life.</summary>
    public required ListingFilter Filter { get; init; }

    /// <summary>How much of each listing; fixed for its life.</summary>
    public required View View { get; init; }

    /// <summary>How changes travel.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>How it stands.</summary>
    public required SubscriptionState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset StateSince { get; init; }

    /// <summary>Behind which change the ordered lane began.</summary>
    public required JournalHead Start { get; init; }

    /// <summary>Whether the partner named the start, and so holds the list as it stood there, for example from an export.</summary>
    public required bool StartGiven { get; init; }

    /// <summary>Behind which number the lane of withdrawals began: the head when the subscription was made. What was withdrawn up to there
    /// travels on the ordered lane only, so only that lane can confirm it.</summary>
    public long WithdrawalsStart { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the receiver confirmed the purge; null before.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>Grows by one with each change of the wish or by its owner; 0 before it is stored.</summary>
    public long Revision { get; init; }
}

/// <summary>How far a lane of a subscription is, and what it waits for.</summary>
public sealed record LaneState
{
    /// <summary>Which lane.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The last change that was accepted, with its life and hash.</summary>
    public required JournalHead Accepted { get; init; }

    /// <summary>The last change that is applied; never past what was accepted.</summary>
    public required long Applied { get; init; }

    /// <summary>Failed attempts since the last progress.</summary>
    public int Failures { get; init; }

    /// <summary>When they began; null while there are none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the next attempt is due; null: at once, when there is something to send.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The upper end of the range that failed: a retry sends the same range. Null while nothing failed.</summary>
    public long? PendingTo { get; init; }

    /// <summary>The end of a range that was sent and not accepted; null if there is none.</summary>
    public long? FailedTo => PendingTo > Accepted.Sequence ? PendingTo : null;

    /// <summary>What the last failure said, at most <see cref="DeliveryAttempt.MaxError"/> characters; empty after a success.</summary>
    public string LastError { get; init; } = "";
}

/// <summary>A subscription with its lanes, as stored.</summary>
/// <param name="Subscription">The wish.</param>
/// <param name="Ordered">The lane of all changes.</param>
/// <param name="Withdrawals">The lane of withdrawals.</param>
/// <param name="Rejected">Rejected changes that wait.</param>
public sealed record StoredSubscription(Subscription Subscription, LaneState Ordered, LaneState Withdrawals, int Rejected);

/// <summary>A subscription that a node delivers to for now.</summary>
/// <param name="Stored">As it was when the lease was taken.</param>
/// <param name="Fence">The number of the lease: whoever writes with an older one is refused.</param>
public sealed record LeasedSubscription(StoredSubscription Stored, long Fence);
