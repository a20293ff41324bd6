using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;

namespace CreditShare.Storage.Writing;

/// <summary>
/// The connection was lost while the batch was committed: it may be written or not. <see cref="IJournalEngine.HoldsAsync"/> tells.
/// </summary>
internal sealed class CommitUncertainException(Exception innerException)
    : Exception("The connection was lost at the commit.", innerException);

/// <summary>What the journal needs of a database.</summary>
/// <remarks>
/// Every member throws <see cref="StoreUnavailableException"/> when the database cannot be reached or does not answer in time; any other
/// exception means that the rows themselves were refused.
/// </remarks>
internal interface IJournalEngine
{
    /// <summary>Locks the head, then writes what was decided ahead, or reads in fresh statements and lets the batch be decided; commits.</summary>
    /// <param name="query">What must be known.</param>
    /// <param name="ahead">Rows decided before; they are written, and nothing is read, if they stand behind the locked head.</param>
    /// <param name="decide">Gives the rows, or null if there is nothing to write. Called at most once, under the lock, and only if
    /// <paramref name="ahead"/> is of no use.</param>
    /// <param name="cancellationToken">Stops before anything is begun.</param>
    /// <exception cref="CommitUncertainException">The connection was lost at the commit.</exception>
    Task AppendAsync(BatchQuery query, BatchRows? ahead, Func<BatchView, BatchRows?> decide, CancellationToken cancellationToken);

    /// <summary>Reads without any lock.</summary>
    Task<BatchView> ReadViewAsync(BatchQuery query, CancellationToken cancellationToken);

    /// <summary>Locks the head, so that no commit is under way any more, and tells whether the change of that number has that hash.</summary>
    Task<bool> HoldsAsync(long sequence, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Reads the head.</summary>
    Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Reads the changes after a number, in order.</summary>
    Task<IReadOnlyList<ChangeRow>> ReadChangesAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>The same for the node's tail, by which its answers are fresh or not: it waits behind no other reader.</summary>
    Task<IReadOnlyList<ChangeRow>> ReadNextChangesAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadChangesAsync(after, limit, cancellationToken);

    /// <summary>Reads the withdrawals after a number, in order.</summary>
    Task<IReadOnlyList<ChangeRow>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads when a change was recorded, in milliseconds since 1970 in UTC; null past the head.</summary>
    Task<long?> ReadRecordedAtAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Finds the first change from a number on that was recorded at or after an instant; reads what lies between.</summary>
    Task<long?> FindRecordedAsync(long from, long recordedFrom, CancellationToken cancellationToken);

    /// <summary>Reads the hash of a change; null past the head.</summary>
    Task<byte[]?> ReadHashAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Reads the lives, oldest first.</summary>
    Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken);

    /// <summary>Begins a new life of the journal behind its present head.</summary>
    Task<JournalEpoch> RaiseEpochAsync(CancellationToken cancellationToken);

    /// <summary>Forgets some of the answers kept from before an instant.</summary>
    /// <param name="recordedBefore">Milliseconds since 1970 in UTC.</param>
    /// <param name="limit">The most rows to remove.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task PruneRequestsAsync(long recordedBefore, int limit, CancellationToken cancellationToken);
}
