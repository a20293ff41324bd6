using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CreditShare.Server.Lookup;

/// <summary>
/// A hash table from 64-bit fingerprints to (count, sequence) in 16 bytes a slot, for one writer and any number of readers that never
/// wait and never see a false absence.
/// </summary>
/// <remarks>
/// <para>Why no reader can miss an entry that is there. (1) Within one <see cref="Slots"/> nothing moves: a slot's fingerprint is written
/// once, from empty, and stays; a search goes on from a full bucket to the next, and a bucket once full stays full, so an entry once
/// reachable stays reachable. (2) An insertion writes the state
/// and half of the fingerprint first and publishes the other half, the tag, after them (a release); the reader takes the tag first
/// (an acquire): who sees the tag sees the rest. (3) Count and sequence share one 64-bit word, which is read and written whole: no torn
/// pair. (4) A removal sets the count to zero in place; the slot stays as a dead one, so that no chain breaks. (5) Growing, and clearing
/// dead slots out, fills new slots that nobody reads yet and publishes them with one release store. A reader that still holds the old ones
/// sees the segment as it stood at that store, which is a moment after the reader began: only the writer changes slots, and from then
/// on it changes the new ones alone. So every search answers as of one moment between its begin and its end, and what
/// the writer finished before the search began is seen.</para>
/// <para>Segments, chosen by the high bits, bound what growing copies and what spare memory that needs: 1/512 of the table. Slots grow by
/// about a tenth, hence at most 24 bytes an entry.</para>
/// </remarks>
internal sealed class FingerprintTable
{
    /// <summary>Where a count stops. An entry that reached it is never counted down again until the table is loaded anew: too high a count
    /// costs a read of the store, too low a one would lose a listing.</summary>
    public const int MaxCount = (1 << CountBits) - 1;

    /// <summary>The highest sequence the state word can hold.</summary>
    public const long MaxSequence = (1L << (64 - CountBits)) - 1;

    /// <summary>Into how many segments fingerprints fall.</summary>
    public const int Segments = 1 << SegmentBits;

    private const int CountBits = 16;
    private const int SegmentBits = 9;

    /// <summary>Share of the slots in use above which a segment is built anew.</summary>
    private const double MaxLoad = 0.75;

    /// <summary>Share of the slots in use after that: 16 bytes / 0.68 = 23.5 bytes an entry.</summary>
    private const double LoadWhenBuilt = 0.68;

    /// <summary>Share of what was loaded that must be distinct for a segment to keep the size it was given for all.</summary>
    private const double LeastFilled = 0.98;

    /// <summary>A segment is also built anew once one slot in this many is dead, so that removals cannot hold memory.</summary>
    private const int SlotsPerDeadSlot = 64;

    /// <summary>Searches whose memory is asked for together: about what a core keeps under way.</summary>
    private const int GroupSize = 32;

    private readonly Segment[] _segments = new Segment[Segments];
    private long _floor;
    private long _entries;
    private long _slots;
    private uint _fetched;

    /// <summary>An empty table.</summary>
    public FingerprintTable()
    {
    }

    /// <summary>A table of all that was collected, on all cores; the caller sets the floor.</summary>
    public FingerprintTable(FingerprintLoad load) => Parallel.For(0, Segments, segment => Fill(ref _segments[segment], load, segment));

    /// <summary>Entries with a count above zero. Exact for the writer, recent for others.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Bytes of the slots, headers included.</summary>
    public long Bytes => (Volatile.Read(ref _slots) * Slots.BytesEach) + (_segments.Length * 192L);

    /// <summary>A sequence that every entry has at least. Set once, before readers get the table.</summary>
    public long Floor
    {
        get => _floor;
        set => _floor = value;
    }

    /// <summary>The segment of a fingerprint.</summary>
    public static int SegmentNumberOf(ulong fingerprint) => (int)(fingerprint >> (64 - SegmentBits));

    /// <summary>Looks a fingerprint up. Any thread; waits for nobody, allocates nothing.</summary>
    public DocumentPresence Find(ulong fingerprint)
    {
        var slots = Volatile.Read(ref SegmentOf(fingerprint).Slots);
        if (slots is null) return default;

        var slot = slots.Find(fingerprint);
        return slot < 0 ? default : Unpack(Volatile.Read(ref slots.States[slot]));
    }

    /// <summary>
    /// Looks many fingerprints up, each as <see cref="Find"/> would. At ten million entries the table lies in memory, and a single search
    /// spends its time waiting for one line of it; a group's lines are asked for together first, so that the waits overlap.
    /// </summary>
    /// <param name="fingerprints">Any number.</param>
    /// <param name="found">As many places.</param>
    public void FindMany(ReadOnlySpan<ulong> fingerprints, Span<DocumentPresence> found)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(found.Length, fingerprints.Length, nameof(found));
        for (var start = 0; start < fingerprints.Length; start += GroupSize)
        {
            var group = fingerprints.Slice(start, Math.Min(GroupSize, fingerprints.Length - start));
            Fetch(group);
            for (var i = 0; i < group.Length; i++) found[start + i] = Find(group[i]);
        }
    }

    /// <summary>One more listing names the document. The writer only.</summary>
    public void Add(ulong fingerprint, long sequence)
    {
        ref var segment = ref SegmentOf(fingerprint);
        var slot = segment.Slots is null ? -1 : segment.Slots.Find(fingerprint);
        if (slot < 0)
        {
            Insert(ref segment, fingerprint, Pack(1, sequence));
            Volatile.Write(ref _entries, _entries + 1);
            return;
        }

        ref var state = ref segment.Slots!.States[slot];
        var count = CountOf(state);
        if (count == 0)
        {
            segment.Dead--;
            Volatile.Write(ref _entries, _entries + 1);
        }

        Volatile.Write(ref state, OneMore(count, sequence));
    }

    /// <summary>One listing less names the document. The writer only.</summary>
    /// <exception cref="InvalidOperationException">No entry: the table and the journal have parted, and the table must be loaded anew.</exception>
    public void Remove(ulong fingerprint, long sequence)
    {
        ref var segment = ref SegmentOf(fingerprint);
        ref var state = ref LiveState(ref segment, fingerprint);
        var count = CountOf(state);
        var left = count == MaxCount ? MaxCount : count - 1;
        Volatile.Write(ref state, Pack(left, sequence));
        if (left > 0) return;

        Volatile.Write(ref _entries, _entries - 1);
        segment.Dead++;
        if (segment.Dead * SlotsPerDeadSlot > Math.Max(segment.Used, SlotsPerDeadSlot)) Rebuild(ref segment);
    }

    /// <summary>A change named the document, and as many listings name it as before. The writer only.</summary>
    /// <exception cref="InvalidOperationException">No entry: the table and the journal have parted, and the table must be loaded anew.</exception>
    public void Touch(ulong fingerprint, long sequence)
    {
        ref var state = ref LiveState(ref SegmentOf(fingerprint), fingerprint);
        Volatile.Write(ref state, Pack(CountOf(state), sequence));
    }

    private static ulong Pack(int count, long sequence)
    {
        if ((ulong)sequence > (ulong)MaxSequence) throw new ArgumentOutOfRangeException(nameof(sequence));
        return ((ulong)sequence << CountBits) | (uint)count;
    }

    private static ulong OneMore(int count, long sequence) => Pack(Math.Min(count + 1, MaxCount), sequence);

    private static int CountOf(ulong state) => (int)(state & MaxCount);

    private static ref ulong LiveState(ref Segment segment, ulong fingerprint)
    {
        var slot = segment.Slots is null ? -1 : segment.Slots.Find(fingerprint);
        if (slot >= 0 && CountOf(segment.Slots!.States[slot]) > 0) return ref segment.Slots.States[slot];

        throw new InvalidOperationException("The index holds no entry for a document that a listing names.");
    }

    // Below the full load at least one slot stays empty, where every search ends.
    private static Slots SlotsFor(int entries) => new((int)Math.Ceiling((entries + 1) / LoadWhenBuilt / Slots.BucketSize));

    private ref Segment SegmentOf(ulong fingerprint) => ref _segments[SegmentNumberOf(fingerprint)];

    // Reads the line of memory in which each search begins. What was read is of no use; it is kept so that the compiler does not leave the
    // reading out.
    private void Fetch(ReadOnlySpan<ulong> fingerprints)
    {
        var read = 0U;
        foreach (var fingerprint in fingerprints)
        {
            var slots = Volatile.Read(ref SegmentOf(fingerprint).Slots);
            if (slots is not null) read |= slots.Fetch(fingerprint);
        }

        if (read == 0) _fetched = read;
    }

    private DocumentPresence Unpack(ulong state)
    {
        var count = CountOf(state);
        return count == 0 ? default : new(count, Math.Max((long)(state >> CountBits), _floor));
    }

    private void Insert(ref Segment segment, ulong fingerprint, ulong state)
    {
        // Below the full load at least one slot stays empty, where every search ends.
        var capacity = segment.Slots?.Capacity ?? 0;
        if (segment.Used + 1 > (int)(capacity * MaxLoad)) Rebuild(ref segment);

        segment.Slots!.Place(fingerprint, state);
        segment.Used++;
    }

    // Sized as if no document were named twice; where many are, the room that this leaves is given back.
    private void Fill(ref Segment segment, FingerprintLoad load, int number)
    {
        var count = load.CountOf(number);
        if (count == 0) return;

        var slots = SlotsFor(count);
        foreach (var block in load.BlocksOf(number))
        {
            foreach (var fingerprint in block.Span)
            {
                ref var state = ref slots.States[slots.FindOrPlace(fingerprint, out var isPlaced)];
                state = OneMore(CountOf(state), sequence: 0);
                if (isPlaced) segment.Used++;
            }
        }

        segment.Slots = slots;
        Interlocked.Add(ref _entries, segment.Used);
        Interlocked.Add(ref _slots, slots.Capacity);
        if (segment.Used < count * LeastFilled) Rebuild(ref segment);
    }

    private void Rebuild(ref Segment segment)
    {
        var old = segment.Slots;
        var live = segment.Used - segment.Dead;
        var slots = SlotsFor(live);
        for (var i = 0; i < (old?.Capacity ?? 0); i++)
        {
            var state = old!.States[i];
            if (CountOf(state) > 0) slots.Place(old.FingerprintAt(i), state);
        }

        segment.Used = live;
        segment.Dead = 0;

        // Atomically: segments of a new table are filled beside each other.
        Interlocked.Add(ref _slots, slots.Capacity - (old?.Capacity ?? 0));
        Volatile.Write(ref segment.Slots, slots);
    }

    private struct Segment
    {
        public Slots? Slots;

        /// <summary>Slots with a fingerprint, dead ones included. The writer's.</summary>
        public int Used;

        /// <summary>Slots whose count is zero. The writer's.</summary>
        public int Dead;
    }

    /// <summary>
    /// The slots of a segment, in columns and in buckets of eight: a search that finds nothing, the common one, reads the eight tags of one
    /// bucket at once and seldom those of the next. A tag is the low half of a fingerprint; zero marks an empty slot, so the tag zero is
    /// written as one (two fingerprints in 2^32 then share an entry, as collisions may).
    /// </summary>
    private sealed class Slots
    {
        public const int BytesEach = sizeof(uint) + sizeof(uint) + sizeof(ulong);
        public const int BucketSize = 8;

        private const int LineBytes = 64;

        public readonly ulong[] States;
        private readonly int _buckets;
        private readonly uint[] _rests;

        // Pinned, and begun where a line of the caches begins: else every second bucket lies across two lines, and costs two.
        private readonly uint[] _tags;
        private readonly int _first;

        public Slots(int buckets)
        {
            _buckets = buckets;
            States = new ulong[buckets * BucketSize];
            _rests = new uint[States.Length];
            _tags = GC.AllocateArray<uint>(States.Length + (LineBytes / sizeof(uint)), pinned: true);
            _first = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_tags, 0) & (LineBytes - 1)) / sizeof(uint);
        }

        public int Capacity => States.Length;

        public int Find(ulong fingerprint)
        {
            var tag = TagOf(fingerprint);
            var wanted = Vector256.Create(tag);
            for (var bucket = Home(fingerprint); ;)
            {
                var start = bucket * BucketSize;
                var tags = Vector256.Create<uint>(_tags.AsSpan(_first + start, BucketSize));
                for (var hits = Vector256.Equals(tags, wanted).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
                {
                    // Read once more by itself: a load of a vector promises no order towards the loads that follow, this one does.
                    var slot = start + BitOperations.TrailingZeroCount(hits);
                    if (Volatile.Read(ref TagAt(slot)) == tag && _rests[slot] == (uint)(fingerprint >> 32)) return slot;
                }

                if (Vector256.EqualsAny(tags, Vector256<uint>.Zero)) return -1;
                if (++bucket == _buckets) bucket = 0;
            }
        }

        /// <summary>Finds a fingerprint, or places it with the state zero, in one walk. For slots that nobody else has yet.</summary>
        public int FindOrPlace(ulong fingerprint, out bool isPlaced)
        {
            var tag = TagOf(fingerprint);
            var wanted = Vector256.Create(tag);
            for (var bucket = Home(fingerprint); ;)
            {
                var start = bucket * BucketSize;
                var tags = Vector256.Create<uint>(_tags.AsSpan(_first + start, BucketSize));
                for (var hits = Vector256.Equals(tags, wanted).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
                {
                    var slot = start + BitOperations.TrailingZeroCount(hits);
                    if (_rests[slot] != (uint)(fingerprint >> 32)) continue;

                    isPlaced = false;
                    return slot;
                }

                if (Vector256.Equals(tags, Vector256<uint>.Zero).ExtractMostSignificantBits() is not 0 and var empty)
                {
                    var slot = start + BitOperations.TrailingZeroCount(empty);
                    _rests[slot] = (uint)(fingerprint >> 32);
                    TagAt(slot) = tag;
                    isPlaced = true;
                    return slot;
                }

                if (++bucket == _buckets) bucket = 0;
            }
        }

        /// <summary>Reads the line of memory in which the home bucket lies, for nothing but the reading.</summary>
        public uint Fetch(ulong fingerprint) => TagAt(Home(fingerprint) * BucketSize);

        public ulong FingerprintAt(int slot) => ((ulong)_rests[slot] << 32) | TagAt(slot);

        public void Place(ulong fingerprint, ulong state)
        {
            var slot = Home(fingerprint) * BucketSize;
            while (TagAt(slot) != 0)
            {
                if (++slot == Capacity) slot = 0;
            }

            _rests[slot] = (uint)(fingerprint >> 32);
            States[slot] = state;
            Volatile.Write(ref TagAt(slot), TagOf(fingerprint));
        }

        private static uint TagOf(ulong fingerprint) => Math.Max((uint)fingerprint, 1);

        private ref uint TagAt(int slot) => ref _tags[_first + slot];

        // From the bits below the segment's; no power of two is needed.
        private int Home(ulong fingerprint) => (int)(((fingerprint << SegmentBits >> 32) * (ulong)_buckets) >> 32);
    }
}
