namespace CreditShare.Server.Lookup;

/// <summary>
/// Collects fingerprints, sorted by the segments of the table that they will go to. Each segment is then built once, at its final size
/// and within the caches, instead of growing by a tenth at a time all over the memory.
/// </summary>
/// <remarks>Any thread may add; what was added is read when no thread adds any more. Eight bytes a fingerprint until then.</remarks>
internal sealed class FingerprintLoad : IDisposable
{
    private const int BlockLength = 512;

    private readonly ThreadLocal<Piles> _piles = new(static () => new Piles(), trackAllValues: true);

    /// <summary>Takes a fingerprint, as often as listings name its document.</summary>
    public void Add(ulong fingerprint) => _piles.Value!.Add(fingerprint);

    /// <summary>How many fingerprints of a segment were added.</summary>
    public int CountOf(int segment) => _piles.Values.Sum(piles => piles.CountOf(segment));

    /// <summary>The fingerprints of a segment, in blocks.</summary>
    public IEnumerable<ReadOnlyMemory<ulong>> BlocksOf(int segment) => _piles.Values.SelectMany(piles => piles.BlocksOf(segment));

    public void Dispose() => _piles.Dispose();

    /// <summary>What one thread has added: a pile of blocks a segment.</summary>
    private sealed class Piles
    {
        private readonly Pile[] _piles = new Pile[FingerprintTable.Segments];

        public void Add(ulong fingerprint)
        {
            // The next fingerprint goes to another pile, so nearly every access here misses the nearest cache: they are few.
            ref var pile = ref _piles[FingerprintTable.SegmentNumberOf(fingerprint)];
            if (pile.Used == pile.Open.Length) pile.Begin();
            pile.Open[pile.Used++] = fingerprint;
        }

        public int CountOf(int segment) => _piles[segment].Count;

        public IEnumerable<ReadOnlyMemory<ulong>> BlocksOf(int segment)
        {
            var pile = _piles[segment];
            return [.. pile.Full.Select(block => block.AsMemory()), pile.Open.AsMemory(0, pile.Used)];
        }
    }

    /// <summary>The fingerprints of a segment: full blocks, and one that is being filled.</summary>
    private struct Pile
    {
        private ulong[]? _open;
        private List<ulong[]>? _full;

        /// <summary>Fingerprints in the open block.</summary>
        public int Used;

        public readonly ulong[] Open => _open ?? [];

        public readonly IEnumerable<ulong[]> Full => _full ?? Enumerable.Empty<ulong[]>();

        public readonly int Count => ((_full?.Count ?? 0) * BlockLength) + Used;

        public void Begin()
        {
            if (_open is not null) (_full ??= []).Add(_open);
            (_open, Used) = (new ulong[BlockLength], 0);
        }
    }
}
