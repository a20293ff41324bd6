using System.Buffers.Binary;
using System.Net;
using CreditShare.IntegrationTests.Inputs;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>A check as bytes, with what no client library lets a caller do.</summary>
internal sealed record RawCheck
{
    private const int HeadBytes = 5;

    private static readonly TimeSpan s_betweenPieces = TimeSpan.FromMilliseconds(30);

    /// <summary>What is sent, each by itself.</summary>
    public IReadOnlyList<byte[]> Pieces { get; init; } = [Message(AboutNobody)];

    /// <summary>Whether it says that nothing more comes. Otherwise the request stays open until it is answered.</summary>
    public bool Ends { get; init; } = true;

    /// <summary>When the caller goes away; null if it waits for the answer.</summary>
    public TimeSpan? LeavesAfter { get; init; }

    /// <summary>The length that is said; null if none is.</summary>
    public long? Length { get; init; }

    /// <summary>What follows the RPC in the address.</summary>
    public string Query { get; init; } = "";

    /// <summary>Further metadata.</summary>
    public IReadOnlyList<(string Name, string Value)> Metadata { get; init; } = [];

    /// <summary>Somebody who is not listed.</summary>
    public static CheckSubjectRequest AboutNobody => QueryRows.Question(request => request.Document.Number = Cast.Resident(90));

    /// <summary>A message in gRPC's framing.</summary>
    public static byte[] Message(IMessage message) => Message(message.ToByteArray());

    /// <summary>Bytes in gRPC's framing.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="flag">Whether it is compressed.</param>
    /// <param name="length">The length that is said; null for the true one.</param>
    public static byte[] Message(byte[] bytes, byte flag = 0, uint? length = null)
    {
        var framed = new byte[HeadBytes + bytes.Length];
        framed[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), length ?? (uint)bytes.Length);
        bytes.CopyTo(framed, HeadBytes);
        return framed;
    }

    /// <summary>The request's body.</summary>
    /// <param name="answered">Ends a request that stays open.</param>
    public HttpContent ToContent(CancellationToken answered) => new Content(this, answered);

    private sealed class Content(RawCheck check, CancellationToken answered) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(answered);
            foreach (var (place, piece) in check.Pieces.Index())
            {
                if (place > 0) await Task.Delay(s_betweenPieces, answered);
                await stream.WriteAsync(piece, answered);
                await stream.FlushAsync(answered);
            }

            if (!check.Ends || check.Pieces.Count > 1) await Task.Delay(check.Ends ? s_betweenPieces : Timeout.InfiniteTimeSpan, answered);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = check.Length ?? 0;
            return check.Length is not null;
        }
    }
}
