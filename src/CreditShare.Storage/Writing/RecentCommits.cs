using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>The entries this node committed last, so that its own tail need not read and open them again.</summary>
/// <remarks>Safe for concurrent callers; each entry is handed out once.</remarks>
internal sealed class RecentCommits
{
    /// <summary>The most entries kept; older ones are read from the store.</summary>
    public const int MaxEntries = 4_096;

    /// <summary>The most bytes they take, about; as many as that many entries of the usual length.</summary>
    public const long MaxBytes = 16 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<(JournalEntry Entry, int Bytes)> _entries = new();
    private long _bytes;

    /// <summary>Keeps the entries of a commit.</summary>
    public void Add(IReadOnlyList<JournalEntry> entries)
    {
        lock (_lock)
        {
            while (_entries.TryPeek(out var oldest) && oldest.Entry.Epoch != entries[0].Epoch) Drop();
            foreach (var entry in entries)
            {
                var bytes = entry.EstimateBytes();
                _entries.Enqueue((entry, bytes));
                _bytes += bytes;
            }

            while (_entries.Count > MaxEntries || _bytes > MaxBytes) Drop();
        }
    }

    /// <summary>Hands out what follows the number without a gap in that life; null if nothing does.</summary>
    /// <remarks>What was committed in an earlier life may be lost to the store, and other changes may have got its numbers.</remarks>
    public IReadOnlyList<JournalEntry>? Take(long after, uint epoch)
    {
        lock (_lock)
        {
            while (_entries.TryPeek(out var oldest) && (oldest.Entry.Epoch < epoch || oldest.Entry.Sequence <= after)) Drop();

            List<JournalEntry>? taken = null;
            while (_entries.TryPeek(out var next) && next.Entry.Epoch == epoch && next.Entry.Sequence == after + 1)
            {
                (taken ??= []).Add(Drop());
                after++;
            }

            return taken;
        }
    }

    private JournalEntry Drop()
    {
        var (entry, bytes) = _entries.Dequeue();
        _bytes -= bytes;
        return entry;
    }
}
