using System.Buffers.Binary;
using System.IO.Pipelines;
using CreditShare.Server.Access;
using CreditShare.Server.Lookup;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CreditShare.Tests.Lookup;

/// <summary>A check as it comes from the network, before gRPC has seen it.</summary>
internal sealed class CheckCall
{
    private const int HeadBytes = 5;

    private readonly AnswerBody _answer = new();
    private readonly Question _question = new();

    /// <summary>One whose message is still to come.</summary>
    public CheckCall(string? key)
    {
        if (key is not null) Http.Features.Set<IPartnerKeyFeature>(new Key(key));
        Http.Features.Set<IHttpResponseTrailersFeature>(new TrailersFeature(Trailers));
        Http.Features.Set<IHttpResponseBodyFeature>(_answer);
        Http.Features.Set<IRequestBodyPipeFeature>(_question);
        Http.Request.Path = CommonCheck.Path;
        Http.Request.Method = HttpMethods.Post;
        Http.Request.ContentType = "application/grpc";
    }

    public CheckCall(string? key, byte[] body)
        : this(key) => Send(body);

    public CheckCall(string? key, CheckSubjectRequest request)
        : this(key, Frame(request.ToByteArray()))
    {
    }

    public DefaultHttpContext Http { get; } = new();

    public HeaderDictionary Trailers { get; } = [];

    /// <summary>Where the message is written.</summary>
    public PipeWriter Body => _question.Pipe.Writer;

    /// <summary>What was sent.</summary>
    public byte[] Sent { get; private set; } = [];

    /// <summary>The answer's message.</summary>
    public CheckSubjectResponse Answer
    {
        get
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(_answer.Bytes.AsSpan(1));
            return length == _answer.Length - HeadBytes && _answer.Bytes[0] == 0
                ? CheckSubjectResponse.Parser.ParseFrom(_answer.Bytes.AsSpan(HeadBytes, length))
                : throw new InvalidDataException("The answer is no single message.");
        }
    }

    /// <summary>A message in gRPC's framing.</summary>
    public static byte[] Frame(byte[] message)
    {
        var framed = new byte[HeadBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, HeadBytes);
        return framed;
    }

    /// <summary>The next call on the same connection.</summary>
    public DefaultHttpContext Again(CheckSubjectRequest request)
    {
        _answer.Clear();
        Trailers.Clear();
        _question.Renew();
        Send(Frame(request.ToByteArray()));
        return Http;
    }

    private void Send(byte[] body)
    {
        Sent = body;
        body.CopyTo(Body.GetSpan(body.Length + 1));
        Body.Advance(body.Length);
        Body.Complete();
    }

    private sealed class Key(string fingerprint) : IPartnerKeyFeature
    {
        public string Fingerprint => fingerprint;

        public Caller? LastCaller { get; set; }
    }

    private sealed class TrailersFeature(IHeaderDictionary trailers) : IHttpResponseTrailersFeature
    {
        public IHeaderDictionary Trailers { get; set; } = trailers;
    }

    private sealed class Question : IRequestBodyPipeFeature
    {
        public Pipe Pipe { get; private set; } = new();

        public PipeReader Reader => Pipe.Reader;

        public void Renew() => Pipe = new Pipe();
    }

    /// <summary>Keeps what is written, in an array that is there already.</summary>
    private sealed class AnswerBody : PipeWriter, IHttpResponseBodyFeature
    {
        public byte[] Bytes { get; } = new byte[4_096];

        public int Length { get; private set; }

        public Stream Stream => Stream.Null;

        public PipeWriter Writer => this;

        public void Clear() => Length = 0;

        public override void Advance(int bytes) => Length += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => Bytes.AsMemory(Length);

        public override Span<byte> GetSpan(int sizeHint = 0) => Bytes.AsSpan(Length);

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
