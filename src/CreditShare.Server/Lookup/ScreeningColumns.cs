using System.Buffers;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Lookup;

/// <summary>
/// A frame of a screening as it came: its numbers and names stay UTF-8 in one buffer, since for nearly all of them nothing is wanted but a
/// hash. A string each would cost more than the question.
/// </summary>
internal sealed class ScreeningColumns
{
    private const int NumbersField = 2;
    private const int NamesField = 3;

    private readonly byte[] _bytes;
    private readonly PooledRanges _numbers = new();
    private readonly PooledRanges _names = new();

    private ScreeningColumns(byte[] bytes) => _bytes = bytes;

    /// <summary>Everything of the frame but numbers and names.</summary>
    public ScreenSubjectsRequest Head { get; private set; } = null!;

    /// <summary>How many numbers there are.</summary>
    public int NumberCount => _numbers.Count;

    /// <summary>How many names there are.</summary>
    public int NameCount => _names.Count;

    /// <summary>Reads a frame.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is not a message of the contract.</exception>
    public static ScreeningColumns Read(ReadOnlySequence<byte> message)
    {
        var length = checked((int)message.Length);
        var frame = new ScreeningColumns(ArrayPool<byte>.Shared.Rent(Math.Max(1, length)));
        message.CopyTo(frame._bytes);
        frame.Split(length);
        return frame;
    }

    /// <summary>A number in UTF-8; malformed UTF-8 is left as it came.</summary>
    public ReadOnlySpan<byte> Number(int row) => _bytes.AsSpan(_numbers[row]);

    /// <summary>A name in UTF-8; empty for a row without one.</summary>
    public ReadOnlySpan<byte> Name(int row) => NameCount == 0 ? [] : _bytes.AsSpan(_names[row]);

    /// <summary>A passport's country; empty for a row without one.</summary>
    public string Country(int row) => Head.Countries.Count == 0 ? "" : Head.Countries[row];

    /// <summary>Gives the memory back. To be called once, by whoever is done with the frame; one that is not given back is collected.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _numbers.Release();
        _names.Release();
    }

    private void Split(int length)
    {
        var rest = new ArrayBufferWriter<byte>(256);
        using var input = new CodedInputStream(_bytes, 0, length);
        while (true)
        {
            var start = (int)input.Position;
            var tag = input.ReadTag();
            if (tag == 0) break;

            var content = (int)input.Position;
            input.SkipLastField();
            var end = (int)input.Position;
            if (tag == WireFormat.MakeTag(NumbersField, WireFormat.WireType.LengthDelimited)) _numbers.Add(Behind(content)..end);
            else if (tag == WireFormat.MakeTag(NamesField, WireFormat.WireType.LengthDelimited)) _names.Add(Behind(content)..end);
            else rest.Write(_bytes.AsSpan(start..end));
        }

        Head = ScreenSubjectsRequest.Parser.ParseFrom(rest.WrittenSpan);
    }

    // Where a field's bytes begin, behind the varint of their length; the reader has found it well formed.
    private int Behind(int at)
    {
        while (_bytes[at++] >= 0x80)
        {
        }

        return at;
    }

    /// <summary>Where the values of a column lie.</summary>
    private sealed class PooledRanges
    {
        private Range[] _ranges = [];

        public int Count { get; private set; }

        public Range this[int row] => _ranges[row];

        public void Add(Range range)
        {
            if (Count == _ranges.Length) Grow();
            _ranges[Count++] = range;
        }

        public void Release()
        {
            if (_ranges.Length > 0) ArrayPool<Range>.Shared.Return(_ranges);
            _ranges = [];
            Count = 0;
        }

        private void Grow()
        {
            var larger = ArrayPool<Range>.Shared.Rent(Math.Max(ScreeningFrame.MaxSubjects, 2 * Count));
            _ranges.CopyTo(larger, 0);
            if (_ranges.Length > 0) ArrayPool<Range>.Shared.Return(_ranges);
            _ranges = larger;
        }
    }
}
