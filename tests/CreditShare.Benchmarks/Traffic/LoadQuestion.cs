using System.Buffers.Binary;
using Google.Protobuf;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>A message to send, made before anything is measured, and what its answer must be.</summary>
/// <param name="Body">As gRPC frames it: a zero, the length, the message.</param>
/// <param name="Kind">Which of the questions' kinds it is of; latencies are kept apart by it.</param>
/// <param name="IsRight">Whether a message is a right answer; asked by the thread that reads, within what is measured.</param>
internal sealed record LoadQuestion(byte[] Body, int Kind, Func<ReadOnlySpan<byte>, bool> IsRight)
{
    /// <summary>Bytes before a message in gRPC's framing.</summary>
    public const int HeadBytes = 5;

    /// <summary>A message as gRPC frames it.</summary>
    public static byte[] Frame(IMessage message)
    {
        var body = new byte[HeadBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - HeadBytes);
        message.WriteTo(body.AsSpan(HeadBytes));
        return body;
    }
}
