using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;

namespace CreditShare.Storage;

/// <summary>Walks the journal and recomputes its chain from what is stored.</summary>
internal static class JournalVerifier
{
    private const int Page = 1_000;

    /// <summary>Verifies the changes after a number up to the head: no gap, each in the life it belongs to, each with its hash.</summary>
    /// <param name="store">The store; it may be written to meanwhile.</param>
    /// <param name="after">The number before the first change to verify; its hash is taken as it is. 0 for the whole journal.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>The number of the first change that is missing or not as it was written; null if all are well.</returns>
    public static async Task<long?> VerifyAsync(IStore store, long after, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var engine = ((StoreJournal)store.Journal).Engine;
        var head = await engine.ReadHeadAsync(cancellationToken);
        var epochs = await engine.ReadEpochsAsync(cancellationToken);
        ReadOnlyMemory<byte> hash = after == 0 ? ChainHash.Start : await engine.ReadHashAsync(after, cancellationToken);
        if (hash.IsEmpty) return after;

        var sequence = after;
        while (sequence < head.Sequence)
        {
            var rows = await engine.ReadChangesAsync(sequence, Page, cancellationToken);
            foreach (var row in rows)
            {
                if (row.Sequence != sequence + 1 || !IsOfItsLife(row, hash, epochs)) return sequence + 1;

                var expected = ChainHash.Next(hash.Span, row);
                if (!expected.AsSpan().SequenceEqual(row.Hash)) return sequence + 1;

                (sequence, hash) = (row.Sequence, expected);
                if (sequence == head.Sequence && !hash.Span.SequenceEqual(head.Hash.Span)) return sequence;
            }

            if (rows.Count == 0) return sequence + 1;
            progress?.Report(sequence);
        }

        return null;
    }

    private static bool IsOfItsLife(ChangeRow row, ReadOnlyMemory<byte> hashBefore, IReadOnlyList<JournalEpoch> epochs)
    {
        // Only the last life that began at or before the change can be its own; a life without any change begins where the next does.
        var life = epochs.LastOrDefault(epoch => epoch.FirstSequence <= row.Sequence);
        if (life is null) return false;

        // A life that was begun after the epochs were read is not known here.
        if (row.Epoch > epochs[^1].Epoch) return true;
        return row.Epoch == life.Epoch
            && (row.Sequence != life.FirstSequence || life.HashBefore.Span.SequenceEqual(hashBefore.Span));
    }
}
