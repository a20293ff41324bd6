using System.Buffers.Binary;
using System.Text;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>HTTP/2 frames (RFC 9113), as far as a unary gRPC call needs them.</summary>
internal static class Frames
{
    public const int HeadBytes = 9;

    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;

    /// <summary>On DATA and HEADERS: the stream's last. On SETTINGS and PING: an acknowledgement.</summary>
    public const byte EndOrAck = 1;

    /// <summary>Bytes of DATA that may be sent on a connection before its other end says more.</summary>
    public const int DefaultWindow = 65_535;

    private const byte EndHeaders = 4;
    private const int HeaderTableSize = 1;
    private const int EnablePush = 2;
    private const int InitialWindowSize = 4;

    /// <summary>How a trailer says grpc-status 0 where headers are neither indexed nor compressed.</summary>
    public static ReadOnlySpan<byte> StatusOk => "\vgrpc-status\u00010"u8;

    /// <summary>What a client says first: no dynamic table, so that trailers can be compared as they come, and windows of 2 GiB, which the
    /// answers of a measurement do not fill.</summary>
    public static byte[] Opening()
    {
        List<byte> opening = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];
        var frame = new byte[HeadBytes + 18];
        WriteHead(frame, 18, Settings, 0, 0);
        var settings = frame.AsSpan(HeadBytes);
        foreach (var (name, value) in new[] { (HeaderTableSize, 0), (EnablePush, 0), (InitialWindowSize, int.MaxValue) })
        {
            BinaryPrimitives.WriteInt16BigEndian(settings, (short)name);
            BinaryPrimitives.WriteInt32BigEndian(settings[2..], value);
            settings = settings[6..];
        }

        opening.AddRange(frame);
        var window = new byte[HeadBytes + 4];
        WriteHead(window, 4, WindowUpdate, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(window.AsSpan(HeadBytes), int.MaxValue - DefaultWindow);
        opening.AddRange(window);
        return [.. opening];
    }

    /// <summary>The headers of a call, compressed with nothing but the static table, as .NET's own client does it.</summary>
    public static byte[] RequestHeaders(Uri server, string path)
    {
        List<byte> block = [0x83, server.Scheme == Uri.UriSchemeHttps ? (byte)0x87 : (byte)0x86]; // :method POST, :scheme
        Add(0x04, path);
        Add(0x01, server.Authority);
        block.AddRange([0x0F, 0x10]);    // content-type
        AddText("application/grpc");
        block.Add(0);
        AddText("te");
        AddText("trailers");
        return [.. block];

        void Add(byte name, string value)
        {
            block.Add(name);
            AddText(value);
        }

        void AddText(string text)
        {
            block.Add((byte)text.Length);
            block.AddRange(Encoding.ASCII.GetBytes(text));
        }
    }

    /// <summary>Writes a call's two frames.</summary>
    /// <returns>How many bytes they are.</returns>
    public static int WriteCall(Span<byte> to, int stream, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        WriteHead(to, headers.Length, Headers, EndHeaders, stream);
        headers.CopyTo(to[HeadBytes..]);
        var data = to[(HeadBytes + headers.Length)..];
        WriteHead(data, body.Length, Data, EndOrAck, stream);
        body.CopyTo(data[HeadBytes..]);
        return HeadBytes + headers.Length + HeadBytes + body.Length;
    }

    public static void WriteHead(Span<byte> to, int length, byte type, byte flags, int stream)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, (length << 8) | type);
        to[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], stream);
    }

    public static (int Length, byte Type, byte Flags, int Stream) ReadHead(ReadOnlySpan<byte> from) =>
        (BinaryPrimitives.ReadInt32BigEndian(from) >>> 8, from[3], from[4], BinaryPrimitives.ReadInt32BigEndian(from[5..]) & int.MaxValue);
}
