using System.Buffers;
using System.Diagnostics;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>Reads the numbers out of changes and frames in the contract's binary form, and leaves the rest as it is.</summary>
internal static class ChangeBytes
{
    private const int Varint = 0;
    private const int Delimited = 2;
    private const int FromField = 1;
    private const int ToField = 2;
    private const int ChangesField = 4;

    /// <summary>The number of a change, which stands behind its epoch.</summary>
    public static long SequenceOf(in ReadOnlySequence<byte> change)
    {
        const int Head = 24;
        Span<byte> head = stackalloc byte[Head];
        if (change.FirstSpan.Length >= Head) return SequenceOf(change.FirstSpan);

        var length = (int)Math.Min(Head, change.Length);
        change.Slice(0, length).CopyTo(head);
        return SequenceOf(head[..length]);
    }

    /// <summary>Enters the changes of a frame, if it covers what it should.</summary>
    public static void ReadFrame(in ReadOnlySequence<byte> frame, Tally tally)
    {
        var now = Stopwatch.GetTimestamp();
        var left = frame.IsSingleSegment ? frame.FirstSpan : frame.ToArray();
        var (from, to, last) = (0L, 0L, 0L);
        while (left.Length > 0)
        {
            var tag = (int)ReadVarint(ref left);
            var value = ReadVarint(ref left);
            switch (tag >> 3, tag & 7)
            {
                case (FromField, Varint):
                    from = value;
                    break;
                case (ToField, Varint):
                    to = value;
                    break;
                case (ChangesField, Delimited):
                    last = SequenceOf(left);
                    tally.Take(last, now);
                    left = left[(int)value..];
                    break;
                case (_, Delimited):
                    left = left[(int)value..];
                    break;
            }
        }

        // Nothing is left out here, so a frame with changes ends with the last of them.
        if (to < from || (last > 0 && last != to)) tally.Fail($"A frame covers ({from}, {to}] and ends with {last}.");
    }

    private static long SequenceOf(ReadOnlySpan<byte> change)
    {
        ReadVarint(ref change);
        ReadVarint(ref change);
        ReadVarint(ref change);
        return ReadVarint(ref change);
    }

    private static long ReadVarint(ref ReadOnlySpan<byte> from)
    {
        var value = 0L;
        for (var i = 0; ; i++)
        {
            value |= (long)(from[i] & 0x7F) << (7 * i);
            if (from[i] >= 0x80) continue;

            from = from[(i + 1)..];
            return value;
        }
    }
}
