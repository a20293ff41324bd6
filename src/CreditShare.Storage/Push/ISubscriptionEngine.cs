using CreditShare.Core.Access;
using CreditShare.Core.Push;

namespace CreditShare.Storage.Push;

/// <summary>What the subscriptions need of a database. Every write is one transaction, durable on return.</summary>
/// <remarks>Safe for concurrent callers. Every member throws <see cref="Core.Journal.StoreUnavailableException"/> when the database cannot be
/// reached.</remarks>
internal interface ISubscriptionEngine
{
    /// <summary>Inserts a subscription with its lanes.</summary>
    /// <returns><see langword="false"/> if the id is taken.</returns>
    Task<bool> InsertAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, CancellationToken cancellationToken);

    /// <summary>Reads one; null if there is none.</summary>
    Task<SubscriptionRow?> FindAsync(SubscriptionId id, CancellationToken cancellationToken);

    /// <summary>Reads a page by partner and id.</summary>
    Task<IReadOnlyList<SubscriptionRow>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces a wish whose revision is still that of the row, and the lanes that are given; raises revision and fence, and ends the
    /// lease.</summary>
    /// <returns><see langword="false"/> if the revision is another.</returns>
    Task<bool> UpdateAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, bool forgetRejected, CancellationToken cancellationToken);

    /// <summary>Moves the ordered lane of a subscription under its lock.</summary>
    /// <returns>The lane after it; null if there is no such subscription.</returns>
    Task<LaneRow?> MoveAsync(SubscriptionId id, Func<LaneRow, LaneMove> move, CancellationToken cancellationToken);

    /// <summary>Takes leases that are free.</summary>
    Task<IReadOnlyList<SubscriptionRow>> LeaseAsync(Guid node, int limit, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Prolongs the node's leases and tells their fences.</summary>
    Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Ends the node's leases.</summary>
    Task ReleaseAsync(Guid node, CancellationToken cancellationToken);

    /// <summary>Locks the subscriptions of a group, decides each record against its fence, and writes what remains.</summary>
    /// <returns>What became of each, in order.</returns>
    Task<IReadOnlyList<RecordResult>> WriteAsync(IReadOnlyList<RecordRow> group, CancellationToken cancellationToken);

    /// <summary>Reads attempts with a smaller number, the highest first.</summary>
    Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(SubscriptionId id, long before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes attempts that began before an instant, oldest first.</summary>
    Task<int> PruneAttemptsAsync(long before, int limit, CancellationToken cancellationToken);

    /// <summary>Reads rejected changes by number.</summary>
    Task<IReadOnlyList<RejectedRow>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken);

    /// <summary>Reads when each lane that carries a change first passed it; a subscription's rows follow one another.</summary>
    Task<IReadOnlyList<PassageRow>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken);
}
