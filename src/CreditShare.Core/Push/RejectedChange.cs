using CreditShare.Core.Listings;

namespace CreditShare.Core.Push;

/// <summary>A change that a receiver would not take. A publication waits for a newer version or a replay; a withdrawal is sent again.</summary>
public sealed record RejectedChange
{
    /// <summary>The most rows a subscription may have; with one more its ordered lane stops, and says so.</summary>
    public const int MaxPerSubscription = 10_000;

    /// <summary>The change's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>The listing.</summary>
    public required ListingId Listing { get; init; }

    /// <summary>Its version.</summary>
    public required long Version { get; init; }

    /// <summary>Whether the change ends the listing: then it stays outstanding until it is accepted.</summary>
    public required bool IsWithdrawal { get; init; }

    /// <summary>What the receiver said, at most <see cref="DeliveryAttempt.MaxError"/> characters.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was rejected last.</summary>
    public required DateTimeOffset At { get; init; }
}
