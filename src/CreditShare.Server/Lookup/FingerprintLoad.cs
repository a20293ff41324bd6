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
        private readonly List<ulong[]>?[] _blocks = new List<ulong[]>?[FingerprintTable.Segments];
        private readonly int[] _counts = new int[FingerprintTable.Segments];

        public void Add(ulong fingerprint)
        {
            var segment = FingerprintTable.SegmentNumberOf(fingerprint);
            var place = _counts[segment] % BlockLength;
            var blocks = _blocks[segment] ??= [];
            if (place == 0) blocks.Add(new ulong[BlockLength]);
            blocks[^1][place] = fingerprint;
            _counts[segment]++;
        }

        public int CountOf(int segment) => _counts[segment];

        public IEnumerable<ReadOnlyMemory<ulong>> BlocksOf(int segment)
        {
            var left = _counts[segment];
            foreach (var block in _blocks[segment] ?? [])
            {
                yield return block.AsMemory(0, Math.Min(left, BlockLength));
                left -= BlockLength;
            }
        }
    }
}
