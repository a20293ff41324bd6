using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Server.Journal;

/// <summary>The most recent entries of the journal, bounded in bytes, contiguous. Safe for one writer and many readers.</summary>
internal sealed class ChangeRing(int maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<int> _sizes = new();
    private readonly Dictionary<ListingId, JournalEntry> _latest = [];
    private readonly Dictionary<ListingId, long> _corrected = [];
    private JournalEntry[] _entries = new JournalEntry[1024];
    private int _start;
    private int _count;
    private long _bytes;
    private long _revision;

    /// <summary>Grows with every entry that may put earlier ones in the wrong, because their listing ended or was corrected, and when everything
    /// is forgotten. What was read since it last grew can be given out as it is, on the same day.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Forgets everything; the next entry may have any number.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_entries);
            _sizes.Clear();
            _latest.Clear();
            _corrected.Clear();
            (_start, _count, _bytes) = (0, 0, 0);
            Volatile.Write(ref _revision, _revision + 1);
        }
    }

    /// <summary>Adds the next entry and drops the oldest ones that no longer fit.</summary>
    public void Add(JournalEntry entry)
    {
        var size = entry.EstimateBytes();
        lock (_gate)
        {
            if (_count == _entries.Length) Grow();
            _entries[(_start + _count) % _entries.Length] = entry;
            _count++;
            _sizes.Enqueue(size);
            _bytes += size;
            _latest[entry.Listing.Id] = entry;
            if (entry.Kind == ChangeKind.Corrected) _corrected[entry.Listing.Id] = entry.Sequence;
            if (entry.Kind != ChangeKind.Published) Volatile.Write(ref _revision, _revision + 1);

            while (_bytes > maxBytes && _count > 1) DropOldest();
        }
    }

    /// <summary>Copies up to <paramref name="limit"/> entries after a number, and says which of them must not be given out any more: their
    /// listing cannot be on that day, or was corrected later. A listing's later changes lie behind every one of its entries here, so they are
    /// here too.</summary>
    /// <returns><see langword="false"/> if the ring does not reach back that far: then read the store.</returns>
    public bool TryRead(long after, int limit, DateOnly today, List<JournalEntry> entries, HashSet<long> outdated)
    {
        lock (_gate)
        {
            if (_count == 0) return false;

            var first = _entries[_start].Sequence;
            if (after + 1 < first) return false;

            for (var i = (int)Math.Min(after + 1 - first, _count); i < _count && entries.Count < limit; i++)
            {
                var entry = _entries[(_start + i) % _entries.Length];
                entries.Add(entry);
                if (!_latest[entry.Listing.Id].Listing.IsActiveOn(today)
                    || (_corrected.TryGetValue(entry.Listing.Id, out var correction) && entry.Sequence < correction))
                {
                    outdated.Add(entry.Sequence);
                }
            }

            return true;
        }
    }

    private void DropOldest()
    {
        var oldest = _entries[_start];
        if (ReferenceEquals(_latest[oldest.Listing.Id], oldest)) _latest.Remove(oldest.Listing.Id);
        if (_corrected.TryGetValue(oldest.Listing.Id, out var correction) && correction == oldest.Sequence) _corrected.Remove(oldest.Listing.Id);
        _entries[_start] = null!;
        _start = (_start + 1) % _entries.Length;
        _count--;
        _bytes -= _sizes.Dequeue();
    }

    private void Grow()
    {
        var larger = new JournalEntry[_entries.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = _entries[(_start + i) % _entries.Length];
        (_entries, _start) = (larger, 0);
    }
}
