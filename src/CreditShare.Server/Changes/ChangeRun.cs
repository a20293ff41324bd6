using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Changes;

/// <summary>A run of the journal as one receiver may see it. Other receivers may hold the same one.</summary>
/// <param name="From">The number before the first one covered.</param>
/// <param name="To">The last number covered.</param>
/// <param name="Epoch">The journal's life at <paramref name="To"/>.</param>
/// <param name="ToHash">The chained hash there.</param>
/// <param name="Copies">What passed the filter.</param>
internal sealed record ChangeRun(long From, long To, uint Epoch, ReadOnlyMemory<byte> ToHash, IReadOnlyList<ChangeCopy> Copies)
{
    private static readonly uint s_tag = WireFormat.MakeTag(FollowChangesResponse.ChangesFieldNumber, WireFormat.WireType.LengthDelimited);

    // Two that come at once may both make them: they are the same.
    private IReadOnlyList<Change>? _changes;
    private byte[]? _encoded;

    /// <summary>The changes; nobody may change them.</summary>
    public IReadOnlyList<Change> Changes => _changes ??= [.. Copies.Select(copy => copy.Change)];

    /// <summary>The changes as they stand in a frame of the feed, which is made once for all that share the run.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded ??= Encode();

    private byte[] Encode()
    {
        var tagSize = CodedOutputStream.ComputeUInt32Size(s_tag);
        var encoded = new byte[Copies.Sum(copy => tagSize + CodedOutputStream.ComputeLengthSize(copy.Bytes) + copy.Bytes)];
        var at = 0;
        foreach (var copy in Copies)
        {
            at += WriteVarint(encoded.AsSpan(at), s_tag);
            at += WriteVarint(encoded.AsSpan(at), (uint)copy.Bytes);
            copy.Encoded.Span.CopyTo(encoded.AsSpan(at));
            at += copy.Bytes;
        }

        return encoded;
    }

    private static int WriteVarint(Span<byte> to, uint value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7) to[length++] = (byte)(value | 0x80);
        to[length++] = (byte)value;
        return length;
    }
}
