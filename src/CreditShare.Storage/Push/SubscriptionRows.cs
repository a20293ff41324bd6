using CreditShare.Core.Listings;
using CreditShare.Core.Push;

namespace CreditShare.Storage.Push;

// The stored forms of a subscription and of what belongs to it, read together. Instants are milliseconds since 1970 in UTC.

/// <summary>A wish: what statements ask for, and the rest of it sealed.</summary>
internal sealed record WishRow
{
    public required SubscriptionId Id { get; init; }

    public required long Revision { get; init; }

    public required SubscriptionState State { get; init; }

    public required long StateSince { get; init; }

    public required long? PurgedAt { get; init; }

    public required bool IsPushed { get; init; }

    public required byte[] Body { get; init; }
}

/// <summary>A lane's cursors, and what it waits for.</summary>
internal sealed record LaneRow
{
    public required Lane Lane { get; init; }

    public required uint Epoch { get; init; }

    public required long Accepted { get; init; }

    public required byte[] Hash { get; init; }

    public required long Applied { get; init; }

    public int Failures { get; init; }

    public long? FailingSince { get; init; }

    public long? NextAttemptAt { get; init; }

    public long? PendingTo { get; init; }

    /// <summary>Sealed; null if there is none.</summary>
    public byte[]? Error { get; init; }
}

/// <summary>A subscription as it is read.</summary>
internal sealed record SubscriptionRow(WishRow Wish, long Fence, LaneRow Ordered, LaneRow Withdrawals)
{
    /// <summary>Rejected changes that wait.</summary>
    public required int Rejected { get; init; }
}

/// <summary>An attempt.</summary>
internal sealed record AttemptRow
{
    public long Number { get; init; }

    public required long At { get; init; }

    public required DeliveryPurpose Purpose { get; init; }

    public required Lane Lane { get; init; }

    public required uint Epoch { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>Microseconds.</summary>
    public required long Latency { get; init; }

    public required string Status { get; init; }

    /// <summary>Sealed; null if there is none.</summary>
    public required byte[]? Error { get; init; }

    public required long Accepted { get; init; }

    public required long Applied { get; init; }
}

/// <summary>A rejected change; its reason is sealed.</summary>
internal sealed record RejectedRow
{
    public required long Sequence { get; init; }

    public required ListingId Listing { get; init; }

    public required long Version { get; init; }

    public required bool IsWithdrawal { get; init; }

    public required byte[] Reason { get; init; }

    public required long At { get; init; }
}

/// <summary>What changes of a subscription's state; null stays.</summary>
internal sealed record StateRow(SubscriptionState? State, long? StateSince, long? PurgedAt);

/// <summary>What a delivery changed.</summary>
internal sealed record RecordRow
{
    public required SubscriptionId Id { get; init; }

    public required long Fence { get; init; }

    public required AttemptRow? Attempt { get; init; }

    public required LaneRow? Lane { get; init; }

    public required StateRow? State { get; init; }

    public required IReadOnlyList<RejectedRow> Rejected { get; init; }

    public required IReadOnlyList<(ListingId Listing, long Version)> Settled { get; init; }
}

/// <summary>How far a pull subscription moves, and the row that tells of it; null if it does not move.</summary>
internal sealed record LaneMove(LaneRow Lane, AttemptRow? Attempt);

/// <summary>When a lane of a subscription first passed a number.</summary>
internal sealed record PassageRow(SubscriptionId Id, long? SentAt, long? AcceptedAt, long? AppliedAt);
