using CreditShare.Core.Access;

namespace CreditShare.Core.Journal;

/// <summary>All changes in one total order, numbered without a gap, append-only: the source of truth.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface IJournal
{
    /// <summary>Decides the command against the state as it stands and appends the change. Concurrent calls are grouped into one commit.</summary>
    /// <returns><see cref="AppendResult.Appended"/>, durable on return, or <see cref="AppendResult.Refused"/> with nothing written.</returns>
    /// <exception cref="OutcomeUnknownException">The connection was lost at the commit and could not be restored in time.</exception>
    /// <exception cref="StoreOverloadedException">Too many commands wait.</exception>
    /// <remarks>Cancelling stops the waiting, not the append: a command that was taken may still be written.</remarks>
    Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>Decides the commands as <see cref="AppendAsync"/> would, one after the other, and writes nothing.</summary>
    /// <returns>A result each; the positions of accepted ones mean nothing.</returns>
    Task<IReadOnlyList<AppendResult>> RehearseAsync(IReadOnlyList<AppendRequest> requests, CancellationToken cancellationToken);

    /// <summary>Finds what a partner's requests were answered, without deciding anything: a repetition gets its first answer even when the
    /// rules have come to object to it.</summary>
    /// <param name="partner">The partner.</param>
    /// <param name="requests">1 to 1,000 ids, each with the digest of what was sent.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>An answer each; null for an id that was never accepted, or with another content.</returns>
    Task<IReadOnlyList<AppendResult.Appended?>> FindAnswersAsync(
        PartnerId partner, IReadOnlyList<(Guid RequestId, ReadOnlyMemory<byte> Digest)> requests, CancellationToken cancellationToken);

    /// <summary>Reads the head.</summary>
    Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Reads the changes after a number, in order and without a gap.</summary>
    /// <param name="after">The number before the first one wanted; 0 for the beginning.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, for the one reader of the node by whom its answers are fresh or not: it waits behind no other.</summary>
    Task<IReadOnlyList<JournalEntry>> ReadNextAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(after, limit, cancellationToken);

    /// <summary>Reads the withdrawals after a number, in order: the changes by which a listing was withdrawn, revoked or expired.</summary>
    /// <param name="after">The number before the first one wanted.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Up to <paramref name="limit"/> of them.</returns>
    Task<IReadOnlyList<JournalEntry>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds the number of the first change that was recorded at or after a time; null if there is none.</summary>
    Task<long?> FindSequenceAsync(DateTimeOffset recordedFrom, CancellationToken cancellationToken);

    /// <summary>Reads the chained hash at a number; null past the head. At 0 it is 32 zero bytes.</summary>
    Task<ReadOnlyMemory<byte>?> ReadHashAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Reads where the journal's lives begin, oldest first.</summary>
    Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the head is known to lie past <paramref name="sequence"/>, or until <paramref name="atMost"/> has gone by: then look.</summary>
    Task WaitForChangeAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Entries that this node committed, in order, at once after the commit; for the one reader of the node. Null if there are none of the life
    /// <paramref name="epoch"/> right behind <paramref name="after"/>: then read the store.</summary>
    IReadOnlyList<JournalEntry>? TakeCommitted(long after, uint epoch);
}
