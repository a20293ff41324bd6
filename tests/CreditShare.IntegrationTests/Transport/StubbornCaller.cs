using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using CreditShare.IntegrationTests.Infrastructure;
using Google.Protobuf;

namespace CreditShare.IntegrationTests.Transport;

/// <summary>A caller that speaks HTTP/2 by hand, and so can do what no client library does: leave answers unread.</summary>
internal sealed class StubbornCaller : IAsyncDisposable
{
    private const int FrameHead = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte WindowUpdate = 8;
    private const byte EndStream = 0x1;
    private const byte EndHeaders = 0x4;
    private const byte Acknowledged = 0x1;
    private const int InitialWindowSize = 4;

    private readonly TcpClient _tcp = new();
    private SslStream _tls = null!;
    private int _stream = -1;

    /// <summary>Connects, and lets the server send that many bytes a stream and no more; the connection itself takes whatever comes.</summary>
    public static async Task<StubbornCaller> ConnectAsync(TestServer server, string role, int window, CancellationToken cancellationToken)
    {
        var caller = new StubbornCaller();
        var handshake = TestIdentity.Of(server.DataFolder, role).Handshake();
        (handshake.TargetHost, handshake.ApplicationProtocols) = (server.Address.Host, [SslApplicationProtocol.Http2]);

        // Small, so that a caller that does not read at all soon holds the server back.
        caller._tcp.ReceiveBufferSize = 4096;
        await caller._tcp.ConnectAsync(server.Address.Host, server.Address.Port, cancellationToken);
        caller._tls = new SslStream(caller._tcp.GetStream());
        await caller._tls.AuthenticateAsClientAsync(handshake, cancellationToken);
        await caller._tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellationToken);
        var setting = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, InitialWindowSize);
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), window);
        await caller.SendAsync(Settings, 0, stream: 0, setting, cancellationToken);
        var more = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(more, int.MaxValue - 65_535);
        await caller.SendAsync(WindowUpdate, 0, stream: 0, more, cancellationToken);
        return caller;
    }

    /// <summary>Sends a call with one message, or with several and more to come.</summary>
    /// <returns>The stream's number.</returns>
    public async Task<int> CallAsync(string method, IReadOnlyList<IMessage> requests, CancellationToken cancellationToken)
    {
        _stream += 2;
        await SendAsync(Headers, EndHeaders, _stream, HeadersOf(method), cancellationToken);
        foreach (var request in requests)
        {
            await SendAsync(Data, requests.Count > 1 ? (byte)0 : EndStream, _stream, Framed(request), cancellationToken);
        }

        return _stream;
    }

    /// <summary>Reads frames until the stream has ended.</summary>
    /// <returns>The code of its reset; null if it ended by itself.</returns>
    public async Task<int?> ReadEndAsync(int stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (type, flags, of, payload) = await ReadAsync(cancellationToken);
            if (type == Settings && (flags & Acknowledged) == 0) await SendAsync(Settings, Acknowledged, 0, [], cancellationToken);
            if (of != stream) continue;
            if (type == Reset) return BinaryPrimitives.ReadInt32BigEndian(payload);
            if (type is Headers or Data && (flags & EndStream) != 0) return null;
        }
    }

    /// <summary>Reads nothing, and writes now and then until that fails because the server has closed the connection.</summary>
    public async Task NudgeUntilClosedAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Says that a ping was seen that nobody sent; the server has nothing to answer.
                await SendAsync(Ping, Acknowledged, stream: 0, new byte[8], cancellationToken);
                await Task.Delay(100, cancellationToken);
            }
        }
        catch (IOException)
        {
            // What was waited for.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _tcp.Dispose();
    }

    private static byte[] HeadersOf(string method)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "https"), (":path", "/creditshare.v1." + method), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        })
        {
            // A literal that no table remembers: its length in one byte, its text.
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.ASCII.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.ASCII.GetBytes(value));
        }

        return block.ToArray();
    }

    private static byte[] Framed(IMessage message)
    {
        var bytes = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        message.WriteTo(bytes.AsSpan(5));
        return bytes;
    }

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload, CancellationToken cancellationToken)
    {
        var frame = new byte[FrameHead + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHead);
        await _tls.WriteAsync(frame, cancellationToken);
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadAsync(CancellationToken cancellationToken)
    {
        var head = new byte[FrameHead];
        await _tls.ReadExactlyAsync(head, cancellationToken);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await _tls.ReadExactlyAsync(payload, cancellationToken);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }
}
