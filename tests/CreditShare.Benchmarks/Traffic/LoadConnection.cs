using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Client;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>
/// One connection of the load client: unary gRPC calls over mutual TLS or in clear, as cheap as can be, since it shares the cores with what it
/// measures. Requests are copied from what was made before, what has come in one piece is read in one piece, and what has to go then goes in one:
/// as h2load does it, which takes no client certificate. Every answer is looked at.
/// </summary>
/// <remarks>One thread of its own reads and tells of the answers; any thread may ask.</remarks>
internal sealed class LoadConnection : IDisposable
{
    /// <summary>Calls under way at once; what comes on top waits here, and its waiting counts.</summary>
    public const int MostStreams = 100;

    private const int BufferBytes = 256 * 1024;
    private const int MostUnsent = 16 * 1024;
    private const int Slots = 65_536;

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _headers;
    private readonly Call[] _calls = new Call[Slots];
    private readonly Queue<(LoadQuestion Question, long Intended)> _waiting = new();
    private readonly byte[] _in = new byte[BufferBytes];
    private readonly byte[] _out = new byte[BufferBytes];
    private readonly Thread _reader;
    private int _inLength;
    private int _outLength;
    private int _nextStream = 1;
    private int _open;
    private long _mayStillSend = Frames.DefaultWindow;
    private long _answers;
    private volatile bool _isDisposed;

    private LoadConnection(Socket socket, Stream stream, byte[] headers)
    {
        (_socket, _stream, _headers) = (socket, stream, headers);
        _reader = new Thread(Read) { IsBackground = true, Name = "load" };
    }

    /// <summary>Called by the reading thread for each right answer: the question and when it was to be asked.</summary>
    public Action<LoadConnection, LoadQuestion, long>? Answered { get; set; }

    /// <summary>What went wrong; null while all is well. Nothing is answered any more then.</summary>
    public volatile Exception? Failure;

    /// <summary>How many right answers have come.</summary>
    public long Answers => Volatile.Read(ref _answers);

    /// <summary>Whether nothing is under way or waits, and all answers have been told of.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _open == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>How many are under way, and how many wait.</summary>
    public (int Open, int Waiting) UnderWay
    {
        get
        {
            lock (_lock) return (_open, _waiting.Count);
        }
    }

    /// <param name="server">Where it listens.</param>
    /// <param name="identity">Who asks; null in clear.</param>
    /// <param name="path">The RPC: <c>/package.Service/Method</c>.</param>
    public static LoadConnection Open(Uri server, PartnerIdentity? identity, string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", server.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (identity is not null) stream = Secure(stream, server, identity);
        var connection = new LoadConnection(socket, stream, Frames.RequestHeaders(server, path));
        stream.Write(Frames.Opening());
        connection._reader.Start();
        return connection;
    }

    /// <summary>Asks; the question goes with the next <see cref="Flush"/>, or with what the reading thread sends by itself.</summary>
    /// <param name="question">The question.</param>
    /// <param name="intended">When it was to be asked, as <see cref="Stopwatch"/> has it.</param>
    public void Ask(LoadQuestion question, long intended)
    {
        lock (_lock)
        {
            _waiting.Enqueue((question, intended));
            WriteWaiting();
            if (_outLength > MostUnsent) Flush();
        }
    }

    /// <summary>Sends what was asked.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_outLength == 0) return;

            _stream.Write(_out, 0, _outLength);
            _outLength = 0;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Close();
        _reader.Join();
        _stream.Dispose();
    }

    private static SslStream Secure(Stream stream, Uri server, PartnerIdentity identity)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(identity.Authorities);
        var tls = new SslStream(stream);
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = server.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, identity.Intermediates, offline: true),
            CertificateChainPolicy = trust,
        });
        return tls;
    }

    /// <summary>Writes what the server has room for, in the order in which it was asked.</summary>
    private void WriteWaiting()
    {
        while (_open < MostStreams && _waiting.TryPeek(out var next) && next.Question.Body.Length <= _mayStillSend)
        {
            _waiting.Dequeue();
            Write(next.Question, next.Intended);
        }
    }

    private void Write(LoadQuestion question, long intended)
    {
        ref var call = ref _calls[(_nextStream >> 1) % Slots];
        call = new Call { Question = question, Intended = intended };
        _outLength += Frames.WriteCall(_out.AsSpan(_outLength), _nextStream, _headers, question.Body);
        _mayStillSend -= question.Body.Length;
        _nextStream += 2;
        _open++;
    }

    private void Read()
    {
        try
        {
            while (_stream.Read(_in, _inLength, _in.Length - _inLength) is > 0 and var read)
            {
                _inLength += read;
                TakeFrames();
                Flush();
            }

            if (!_isDisposed) Failure = new IOException("The server closed the connection.");
        }
        catch (Exception exception)
        {
            if (!_isDisposed) Failure = exception;
        }
    }

    private void TakeFrames()
    {
        var at = 0;
        while (_inLength - at >= Frames.HeadBytes)
        {
            var (length, type, flags, stream) = Frames.ReadHead(_in.AsSpan(at));
            if (_inLength - at < Frames.HeadBytes + length) break;

            Take(type, flags, stream, _in.AsSpan(at + Frames.HeadBytes, length));
            at += Frames.HeadBytes + length;
        }

        _in.AsSpan(at, _inLength - at).CopyTo(_in);
        _inLength -= at;
    }

    private void Take(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Frames.Data:
                TakeData(ref _calls[(stream >> 1) % Slots], payload);
                break;
            case Frames.Headers when (flags & Frames.EndOrAck) != 0:
                End(ref _calls[(stream >> 1) % Slots], payload);
                break;
            case Frames.Settings or Frames.Ping when (flags & Frames.EndOrAck) == 0:
                Acknowledge(type, payload);
                break;
            case Frames.WindowUpdate when stream == 0:
                TakeRoom(payload);
                break;
            case Frames.ResetStream or Frames.GoAway:
                throw new IOException($"The server broke off stream {stream} ({Convert.ToHexString(payload)}).");
        }
    }

    private static void TakeData(ref Call call, ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0) return;
        if (call.IsRight || !call.Question.IsRight(payload[LoadQuestion.HeadBytes..]))
        {
            throw new InvalidOperationException($"A wrong answer: {Convert.ToHexString(payload)}.");
        }

        call.IsRight = true;
    }

    private void End(ref Call call, ReadOnlySpan<byte> trailers)
    {
        if (!call.IsRight || trailers.IndexOf(Frames.StatusOk) < 0)
        {
            throw new InvalidOperationException($"A call failed: {System.Text.Encoding.Latin1.GetString(trailers)}.");
        }

        Volatile.Write(ref _answers, _answers + 1);
        Answered?.Invoke(this, call.Question, call.Intended);
        lock (_lock)
        {
            _open--;
            WriteWaiting();
        }
    }

    private void TakeRoom(ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            _mayStillSend += BinaryPrimitives.ReadInt32BigEndian(payload);
            WriteWaiting();
        }
    }

    private void Acknowledge(byte type, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            var length = type == Frames.Ping ? payload.Length : 0;
            Frames.WriteHead(_out.AsSpan(_outLength), length, type, Frames.EndOrAck, 0);
            payload[..length].CopyTo(_out.AsSpan(_outLength + Frames.HeadBytes));
            _outLength += Frames.HeadBytes + length;
        }
    }

    private struct Call
    {
        public LoadQuestion Question;
        public long Intended;
        public bool IsRight;
    }
}
