using System.Collections.Concurrent;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Writing;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>An engine that works, but for the failures it is told to have.</summary>
internal sealed class FailingEngine(IJournalEngine inner) : IJournalEngine
{
    private int _appends;

    public int Appends => _appends;

    /// <summary>A listing of which no row is taken.</summary>
    public ListingId? Poison { get; set; }

    public int LoseAfterCommit { get; set; }

    public int LoseBeforeCommit { get; set; }

    public int Unavailable { get; set; }

    /// <summary>How often the fate of a commit cannot be asked for.</summary>
    public int UnreachableFor { get; set; }

    public Exception Unreachable { get; set; } = new StoreUnavailableException("Told so.", null);

    public Exception? PruneFailure { get; set; }

    public Action BeforeAppend { get; set; } = () => { };

    /// <summary>What happens under the lock once a batch was decided there.</summary>
    public Action AfterDecision { get; set; } = () => { };

    /// <summary>What a view that is read without the lock waits for.</summary>
    public Func<CancellationToken, Task> BeforeView { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens once a view was read without the lock.</summary>
    public Action AfterView { get; set; } = () => { };

    /// <summary>Changes in each batch that was decided under the lock.</summary>
    public ConcurrentQueue<int> DecidedUnderLock { get; } = [];

    public async Task AppendAsync(BatchQuery query, BatchRows? ahead, Func<BatchView, BatchRows?> decide, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appends);
        await Task.Run(BeforeAppend, cancellationToken);
        if (Unavailable > 0)
        {
            Unavailable--;
            throw new StoreUnavailableException("Told so.", null);
        }

        if (LoseBeforeCommit > 0)
        {
            LoseBeforeCommit--;
            if (ahead is null) decide(await inner.ReadViewAsync(query, cancellationToken));
            throw new CommitUncertainException(new IOException("Told so."));
        }

        await inner.AppendAsync(query, Taste(ahead), view =>
        {
            var rows = decide(view);
            DecidedUnderLock.Enqueue(rows?.Changes.Count ?? 0);
            AfterDecision();
            return Taste(rows);
        }, cancellationToken);
        if (LoseAfterCommit > 0)
        {
            LoseAfterCommit--;
            throw new CommitUncertainException(new IOException("Told so."));
        }
    }

    private BatchRows? Taste(BatchRows? rows) =>
        rows is not null && rows.Changes.Any(change => change.Listing == Poison) ? throw new InvalidDataException("Told so.") : rows;

    public Task<bool> HoldsAsync(long sequence, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        UnreachableFor-- > 0
            ? throw Unreachable
            : inner.HoldsAsync(sequence, hash, cancellationToken);

    public async Task<BatchView> ReadViewAsync(BatchQuery query, CancellationToken cancellationToken)
    {
        await BeforeView(cancellationToken);
        var view = await inner.ReadViewAsync(query, cancellationToken);
        AfterView();
        return view;
    }

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => inner.ReadHeadAsync(cancellationToken);

    public Task<IReadOnlyList<ChangeRow>> ReadChangesAsync(long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadChangesAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<ChangeRow>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadWithdrawalsAsync(after, limit, cancellationToken);

    public Task<long?> ReadRecordedAtAsync(long sequence, CancellationToken cancellationToken) =>
        inner.ReadRecordedAtAsync(sequence, cancellationToken);

    public Task<long?> FindRecordedAsync(long from, long recordedFrom, CancellationToken cancellationToken) =>
        inner.FindRecordedAsync(from, recordedFrom, cancellationToken);

    public Task<byte[]?> ReadHashAsync(long sequence, CancellationToken cancellationToken) => inner.ReadHashAsync(sequence, cancellationToken);

    public Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) => inner.ReadEpochsAsync(cancellationToken);

    public Task<JournalEpoch> RaiseEpochAsync(CancellationToken cancellationToken) => inner.RaiseEpochAsync(cancellationToken);

    public Task PruneRequestsAsync(long recordedBefore, int limit, CancellationToken cancellationToken) =>
        PruneFailure is { } failure ? throw failure : inner.PruneRequestsAsync(recordedBefore, limit, cancellationToken);
}
