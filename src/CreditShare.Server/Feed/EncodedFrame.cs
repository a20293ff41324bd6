using System.Buffers;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;

namespace CreditShare.Server.Feed;

/// <summary>A <see cref="FollowChangesResponse"/> whose changes are bytes already, since many followers are sent the same.</summary>
/// <param name="cover">All but the changes.</param>
/// <param name="changes">The changes, each with its tag and length; the contract's binary form lets fields stand in any order.</param>
internal sealed class EncodedFrame(FollowChangesResponse cover, ReadOnlyMemory<byte> changes)
{
    /// <summary>Writes frames; a server reads none.</summary>
    public static Marshaller<EncodedFrame> Marshaller { get; } = Marshallers.Create(
        (frame, context) =>
        {
            context.SetPayloadLength(frame.Size);
            frame.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        EncodedFrame (DeserializationContext _) => throw new NotSupportedException());

    private int Size => cover.CalculateSize() + changes.Length;

    public void WriteTo(IBufferWriter<byte> output)
    {
        cover.WriteTo(output);
        output.Write(changes.Span);
    }
}
