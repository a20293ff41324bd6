using System.Buffers.Binary;
using Google.Protobuf;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>A message to send, made before anything is measured, and how its answer must begin.</summary>
/// <param name="Body">As gRPC frames it: a zero, the length, the message.</param>
/// <param name="Kind">Which of the questions' kinds it is of; latencies are kept apart by it.</param>
/// <param name="Beginning">The first bytes of a right answer's message.</param>
internal sealed record LoadQuestion(byte[] Body, int Kind, byte[] Beginning)
{
    /// <summary>Bytes before a message in gRPC's framing.</summary>
    public const int HeadBytes = 5;

    public static LoadQuestion Of(IMessage message, int kind, byte[] beginning)
    {
        var body = new byte[HeadBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - HeadBytes);
        message.WriteTo(body.AsSpan(HeadBytes));
        return new LoadQuestion(body, kind, beginning);
    }
}
