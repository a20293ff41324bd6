using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>The entries this node committed last, so that its own tail need not read and open them again.</summary>
/// <remarks>Safe for concurrent callers; each entry is handed out once.</remarks>
internal sealed class RecentCommits
{
    /// <summary>The most entries kept, about 3 KiB each; older ones are read from the store.</summary>
    public const int MaxEntries = 4_096;

    private readonly Lock _lock = new();
    private readonly Queue<JournalEntry> _entries = new();

    /// <summary>Keeps the entries of a commit.</summary>
    public void Add(IReadOnlyList<JournalEntry> entries)
    {
        lock (_lock)
        {
            if (_entries.TryPeek(out var oldest) && oldest.Epoch != entries[0].Epoch) _entries.Clear();
            foreach (var entry in entries) _entries.Enqueue(entry);
            while (_entries.Count > MaxEntries) _entries.Dequeue();
        }
    }

    /// <summary>Hands out what follows the number without a gap; null if nothing does.</summary>
    public IReadOnlyList<JournalEntry>? Take(long after)
    {
        lock (_lock)
        {
            while (_entries.TryPeek(out var oldest) && oldest.Sequence <= after) _entries.Dequeue();

            List<JournalEntry>? taken = null;
            while (_entries.TryPeek(out var next) && next.Sequence == after + 1)
            {
                (taken ??= []).Add(_entries.Dequeue());
                after++;
            }

            return taken;
        }
    }
}
