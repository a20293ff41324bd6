using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>
/// One connection of mTLS and HTTP/2 on which a number of callers each send the next call once the last was answered. The client shares the
/// cores with what is measured, therefore it is no more than one loop: it writes frames whose headers were made beforehand, and reads the
/// three that answer them.
/// </summary>
internal sealed class SubmitConnection : IAsyncDisposable
{
    private const int FrameHead = 9;
    private const int MessageHead = 5;
    private const int BufferBytes = 256 << 10;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte WindowUpdate = 8;
    private const byte Acknowledged = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int EndOfAll = int.MaxValue;

    private readonly SslStream _stream;
    private readonly byte[] _head;
    private readonly MemoryStream _output = new(BufferBytes);
    private readonly Dictionary<int, (long Started, byte[]? Answer)> _open = [];
    private byte[] _input = new byte[BufferBytes];
    private int _filled;
    private int _nextStream = 1;

    // The server gives back what it took; it is told here so that a client that outran it would not go unnoticed.
    private long _mayStillSend = 65_535;

    private SubmitConnection(SslStream stream, Uri address)
    {
        _stream = stream;
        _head = HeadOf(address);
    }

    /// <summary>Connects and greets.</summary>
    public static async Task<SubmitConnection> OpenAsync(Uri address, PartnerIdentity identity)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.AddRange(identity.Authorities);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, identity.Intermediates, offline: true),
            CertificateChainPolicy = chain,
        });
        var connection = new SubmitConnection(stream, address);
        await connection.GreetAsync();
        return connection;
    }

    /// <summary>Sends requests, so many at once, until none is left.</summary>
    /// <param name="callers">How many are on their way at once.</param>
    /// <param name="next">The next encoded request; null once there is none.</param>
    /// <param name="latencies">Takes the milliseconds of each.</param>
    /// <returns>The receipts.</returns>
    public async Task<List<ListingReceipt>> RunAsync(int callers, Func<byte[]?> next, List<double> latencies)
    {
        List<ListingReceipt> receipts = [];
        for (var i = 0; i < callers && next() is { } request; i++) Send(request);
        await FlushAsync();
        while (_open.Count > 0)
        {
            await ReadAsync();
            foreach (var (started, answer) in TakeAnswered())
            {
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (next() is { } request) Send(request);
                receipts.Add(PublishListingResponse.Parser.ParseFrom(answer).Receipt);
            }

            await FlushAsync();
        }

        return receipts;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // Every field as a literal that is not remembered, so that the block is the same each time.
    private static byte[] HeadOf(Uri address)
    {
        var block = new List<byte> { 0x83, 0x87 }; // POST, https
        Add(0x04, "/creditshare.v1.ListingService/PublishListing");
        Add(0x01, address.Authority);
        Add(0x00, "content-type", "application/grpc");
        Add(0x00, "te", "trailers");
        return [.. block];

        void Add(byte name, params string[] texts)
        {
            block.Add(name);
            foreach (var text in texts)
            {
                block.Add((byte)text.Length);
                block.AddRange(Encoding.ASCII.GetBytes(text));
            }
        }
    }

    private async Task GreetAsync()
    {
        const ushort headerTableSize = 1;
        _output.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

        // No table of headers, for none is decoded here; and a window that lasts for good.
        WriteFrame(Settings, flags: 0, stream: 0, [0, (byte)headerTableSize, 0, 0, 0, 0]);
        var window = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(window, EndOfAll - 65_535);
        WriteFrame(WindowUpdate, flags: 0, stream: 0, window);
        await FlushAsync();
    }

    private void Send(byte[] request)
    {
        _mayStillSend -= MessageHead + request.Length;
        if (_mayStillSend < 0) throw new InvalidOperationException("The server has no room for another request.");

        WriteFrame(Headers, EndHeaders, _nextStream, _head);
        WriteFrameHead(MessageHead + request.Length, Data, EndStream, _nextStream);
        Span<byte> head = stackalloc byte[MessageHead];
        head.Clear();
        BinaryPrimitives.WriteInt32BigEndian(head[1..], request.Length);
        _output.Write(head);
        _output.Write(request);
        _open.Add(_nextStream, (Stopwatch.GetTimestamp(), null));
        _nextStream += 2;
    }

    private void WriteFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        WriteFrameHead(payload.Length, type, flags, stream);
        _output.Write(payload);
    }

    private void WriteFrameHead(int length, byte type, byte flags, int stream)
    {
        Span<byte> head = [(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _output.Write(head);
    }

    private async Task FlushAsync()
    {
        if (_output.Length == 0) return;

        await _stream.WriteAsync(_output.GetBuffer().AsMemory(0, (int)_output.Length));
        _output.SetLength(0);
    }

    private async Task ReadAsync()
    {
        if (_filled == _input.Length) Array.Resize(ref _input, 2 * _input.Length);
        var read = await _stream.ReadAsync(_input.AsMemory(_filled));
        _filled += read > 0 ? read : throw new EndOfStreamException("The server closed the connection.");
    }

    private List<(long Started, byte[] Answer)> TakeAnswered()
    {
        List<(long, byte[])> answered = [];
        var at = 0;
        while (_filled - at >= FrameHead)
        {
            var head = _input.AsSpan(at, FrameHead);
            var length = (head[0] << 16) | (head[1] << 8) | head[2];
            if (_filled - at < FrameHead + length) break;

            var stream = BinaryPrimitives.ReadInt32BigEndian(head[5..]) & int.MaxValue;
            if (Take(head[3], head[4], stream, _input.AsSpan(at + FrameHead, length)) is { } done) answered.Add(done);
            at += FrameHead + length;
        }

        _input.AsSpan(at, _filled - at).CopyTo(_input);
        _filled -= at;
        return answered;
    }

    private (long Started, byte[] Answer)? Take(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Data when payload.Length > MessageHead:
                _open[stream] = _open[stream] with { Answer = payload[MessageHead..].ToArray() };
                break;

            // The trailers. A call that was refused has no message before them.
            case Headers when (flags & EndStream) != 0:
                _open.Remove(stream, out var call);
                return (call.Started, call.Answer ?? throw new InvalidOperationException($"Refused: {Encoding.ASCII.GetString(payload)}"));

            case Settings when (flags & Acknowledged) == 0:
                WriteFrame(Settings, Acknowledged, stream: 0, []);
                break;

            case Ping when (flags & Acknowledged) == 0:
                WriteFrame(Ping, Acknowledged, stream: 0, payload);
                break;

            case WindowUpdate when stream == 0:
                _mayStillSend += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;

            case Reset or GoAway:
                throw new InvalidOperationException("The server broke a call off.");
        }

        return null;
    }
}
