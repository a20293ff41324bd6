using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Listings;

namespace CreditShare.Core.Push;

/// <summary>What a delivery changed, written as one.</summary>
public sealed record DeliveryRecord
{
    /// <summary>The subscription.</summary>
    public required SubscriptionId Id { get; init; }

    /// <summary>The writer's lease.</summary>
    public required long Fence { get; init; }

    /// <summary>The message; kept whatever becomes of the rest. Null if nothing was sent.</summary>
    public DeliveryAttempt? Attempt { get; init; }

    /// <summary>Where the lane stands now; null if it did not move.</summary>
    public LaneState? Lane { get; init; }

    /// <summary>The subscription's new state; null if it stays.</summary>
    public SubscriptionState? State { get; init; }

    /// <summary>Since when the new state holds.</summary>
    public DateTimeOffset StateSince { get; init; }

    /// <summary>When the receiver confirmed a purge; null if it did not.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>Changes that were rejected now.</summary>
    public ImmutableArray<RejectedChange> Rejected { get; init; } = [];

    /// <summary>Listings of which this version was accepted: rejected changes of it up to that version no longer wait.</summary>
    public ImmutableArray<(ListingId Listing, long Version)> Settled { get; init; } = [];

    /// <summary>Whether it may be written some milliseconds later together with others, because nobody waits for it.</summary>
    public bool MayWait { get; init; }
}

/// <summary>What became of a record.</summary>
public enum RecordResult
{
    /// <summary>Written.</summary>
    Written,

    /// <summary>Another lease has been given since; only the attempt was written.</summary>
    FenceLost,
}

/// <summary>When a recipient's lanes first passed a number, from the attempts that are still kept.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="SentAt">The first message that carried the number; null if none is kept.</param>
/// <param name="AcceptedAt">The first answer that covered it.</param>
/// <param name="AppliedAt">The first answer that had it applied.</param>
public sealed record PassageTimes(SubscriptionId Id, DateTimeOffset? SentAt, DateTimeOffset? AcceptedAt, DateTimeOffset? AppliedAt);

/// <summary>The subscriptions: what is wished, how far each lane is, who delivers, and what was tried.</summary>
/// <remarks>
/// Safe for concurrent callers. Every member may throw <see cref="Journal.StoreUnavailableException"/>. A lease has a number, the fence,
/// which grows with each lease and with each change by the owner: what a holder writes with an older number is refused, so that a holder
/// that was paused cannot set a cursor back.
/// </remarks>
public interface ISubscriptionStore
{
    /// <summary>Stores a new subscription with its lanes.</summary>
    /// <returns><see langword="false"/> if the id is taken.</returns>
    Task<bool> CreateAsync(Subscription subscription, LaneState ordered, LaneState withdrawals, CancellationToken cancellationToken);

    /// <summary>Reads a subscription; null if there is none.</summary>
    Task<StoredSubscription?> FindAsync(SubscriptionId id, CancellationToken cancellationToken);

    /// <summary>Reads subscriptions by partner and id.</summary>
    /// <param name="partner">Whose; null for all.</param>
    /// <param name="after">Only those behind this one.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<StoredSubscription>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces the wish and, where given, lanes, if its revision is still <see cref="Subscription.Revision"/>; raises the fence and
    /// ends the lease, so that the node that takes the next one begins with what is stored.</summary>
    /// <param name="subscription">The new values.</param>
    /// <param name="ordered">The lane's new state; null leaves it.</param>
    /// <param name="withdrawals">The lane's new state; null leaves it.</param>
    /// <param name="forgetRejected">Whether rejected publications no longer wait, because they will be delivered again.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns><see langword="false"/> if it was changed meanwhile.</returns>
    Task<bool> PutAsync(
        Subscription subscription, LaneState? ordered, LaneState? withdrawals, bool forgetRejected, CancellationToken cancellationToken);

    /// <summary>Moves a pull subscription on; never back.</summary>
    /// <returns>The lane after it.</returns>
    Task<LaneState> AcknowledgeAsync(
        SubscriptionId id, Journal.JournalHead accepted, long applied, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes leases on subscriptions that are pushed, not paused, not purged, and that nobody holds.</summary>
    /// <param name="node">The holder.</param>
    /// <param name="limit">At most so many, 1 to 10,000.</param>
    /// <param name="length">How long they hold, by the store's clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task<IReadOnlyList<LeasedSubscription>> LeaseAsync(Guid node, int limit, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Prolongs the node's leases.</summary>
    /// <returns>Those it still holds, each with its fence; the others are another's now, or were changed by their owner.</returns>
    Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Gives the node's leases back.</summary>
    Task ReleaseAsync(Guid node, CancellationToken cancellationToken);

    /// <summary>Writes what a delivery changed; durable on return. Concurrent calls are grouped into one commit.</summary>
    Task<RecordResult> RecordAsync(DeliveryRecord record, CancellationToken cancellationToken);

    /// <summary>Reads attempts, newest first.</summary>
    /// <param name="id">The subscription.</param>
    /// <param name="before">Only those with a smaller number; null for the newest.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(
        SubscriptionId id, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes attempts that began before a time, oldest first, at most <paramref name="limit"/>.</summary>
    /// <returns>How many.</returns>
    Task<int> PruneAttemptsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the rejected changes that wait, by number.</summary>
    Task<IReadOnlyList<RejectedChange>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken);

    /// <summary>Reads when each subscription first passed a number of the journal.</summary>
    Task<IReadOnlyList<PassageTimes>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken);
}
