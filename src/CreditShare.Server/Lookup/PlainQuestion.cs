using System.Buffers;
using System.Buffers.Binary;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Lookup;

/// <summary>The one message of a check, looked at where it lies in the body of its request.</summary>
internal static class PlainQuestion
{
    /// <summary>The longest body that is looked at, in bytes.</summary>
    public const int MaxBytes = 4_096;

    /// <summary>What stands before a message in gRPC's framing: whether it is compressed, and its length.</summary>
    public const int HeadBytes = 5;

    /// <summary>Whether a body, as far as it has come, is one short message that is not compressed and can be read.</summary>
    /// <param name="body">What has come of it.</param>
    /// <param name="question">The message, once it is there in full.</param>
    /// <returns><see langword="false"/> whatever may still come: gRPC may have to refuse it without waiting for more.</returns>
    public static bool TryRead(ReadOnlySequence<byte> body, out CheckSubjectRequest? question)
    {
        question = null;
        if (body.Length < HeadBytes) return true;

        Span<byte> head = stackalloc byte[HeadBytes];
        body.Slice(0, HeadBytes).CopyTo(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head[1..]);
        if (head[0] != 0 || length > MaxBytes - HeadBytes || body.Length > HeadBytes + length) return false;
        if (body.Length < HeadBytes + length) return true;

        try
        {
            question = CheckSubjectRequest.Parser.ParseFrom(body.Slice(HeadBytes));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
