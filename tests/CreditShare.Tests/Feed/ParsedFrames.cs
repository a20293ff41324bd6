using System.Buffers;
using CreditShare.Server.Feed;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Tests.Feed;

/// <summary>Reads the frames that go out as bytes, as a receiver does.</summary>
internal sealed class ParsedFrames(FrameLog<FollowChangesResponse> frames) : IServerStreamWriter<EncodedFrame>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(EncodedFrame message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(EncodedFrame message, CancellationToken cancellationToken)
    {
        var written = new ArrayBufferWriter<byte>();
        message.WriteTo(written);
        return frames.WriteAsync(FollowChangesResponse.Parser.ParseFrom(written.WrittenSpan), cancellationToken);
    }
}
