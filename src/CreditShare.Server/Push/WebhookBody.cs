using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Server.Push;

/// <summary>The body of a webhook, <c>{"type": …, "timestamp": …, "data": ReceiveChangesRequest}</c>, made of the changes' own texts.</summary>
/// <remarks>Never changed, so it may be sent any number of times.</remarks>
internal sealed class WebhookBody : HttpContent
{
    private const int ChunkBytes = 64 << 10;
    private const int InstantToSeconds = 19;
    private const int InstantToMilliseconds = 23;
    private const int MaxTimeCharacters = 33;

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly ReadOnlyMemory<byte>[] _parts;
    private readonly int _length;

    public WebhookBody(ReceiveChangesRequest request, ChangeTexts texts)
    {
        var around = new ArrayBufferWriter<byte>(1 << 10);
        var split = WriteAround(around, request);
        _parts = new ReadOnlyMemory<byte>[request.Changes.Count + 2];
        _parts[0] = around.WrittenMemory[..split];
        for (var i = 0; i < request.Changes.Count; i++)
        {
            var text = texts.Of(request.Changes[i]);
            _parts[i + 1] = i == 0 ? text.AsMemory(1) : text;
        }

        _parts[^1] = around.WrittenMemory[split..];
        _length = _parts.Sum(part => part.Length);
        Headers.ContentType = s_json;
    }

    /// <summary>What is sent, in its order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => _parts;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    // Gathered into large pieces: each that is written becomes a record of TLS at least.
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(Math.Min(_length, ChunkBytes));
        var filled = 0;
        foreach (var part in _parts)
        {
            for (var rest = part; rest.Length > 0;)
            {
                var fits = Math.Min(rest.Length, chunk.Length - filled);
                rest[..fits].CopyTo(chunk.AsMemory(filled));
                (rest, filled) = (rest[fits..], filled + fits);
                if (filled < chunk.Length) continue;

                await stream.WriteAsync(chunk, cancellationToken);
                filled = 0;
            }
        }

        if (filled > 0) await stream.WriteAsync(chunk.AsMemory(0, filled), cancellationToken);

        // Not given back after a failure: who knows what still writes from it.
        ArrayPool<byte>.Shared.Return(chunk);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    /// <summary>Writes what is around the changes as protobuf's canonical JSON has it: fields in their order, none that is not set, 64 bits as
    /// text.</summary>
    /// <returns>Where the changes belong.</returns>
    private static int WriteAround(ArrayBufferWriter<byte> target, ReceiveChangesRequest request)
    {
        var split = 0;
        using var json = new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("type"u8, TypeOf(request.Purpose));
        WriteTimestamp(json, request.SendTime.ToDateTimeOffset());
        json.WriteStartObject("data"u8);
        WriteText(json, "messageId"u8, request.MessageId);
        WriteText(json, "subscription"u8, request.Subscription);
        json.WriteString("purpose"u8, NameOf(request.Purpose));
        if (request.Lane != Lane.Unspecified) json.WriteString("lane"u8, NameOf(request.Lane));
        if (request.Epoch != 0) json.WriteNumber("epoch"u8, request.Epoch);
        WriteNumber(json, "fromSequence"u8, request.FromSequence);
        WriteNumber(json, "toSequence"u8, request.ToSequence);
        if (request.Changes.Count > 0)
        {
            json.WriteStartArray("changes"u8);
            json.Flush();
            split = target.WrittenCount;
            json.WriteEndArray();
        }

        if (request.ToHash.Length > 0) json.WriteBase64String("toHash"u8, request.ToHash.Span);
        if (request.Head is { } head) WriteCursor(json, head);
        WriteTime(json, "sendTime"u8, request.SendTime);
        WriteText(json, "challenge"u8, request.Challenge);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return split;
    }

    private static void WriteCursor(Utf8JsonWriter json, Cursor head)
    {
        json.WriteStartObject("head"u8);
        if (head.Epoch != 0) json.WriteNumber("epoch"u8, head.Epoch);
        WriteNumber(json, "sequence"u8, head.Sequence);
        if (head.Hash.Length > 0) json.WriteBase64String("hash"u8, head.Hash.Span);
        json.WriteEndObject();
    }

    // Without a fraction, or with 3, 6 or 9 digits of it, whichever suffice.
    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, Timestamp time)
    {
        Span<byte> text = stackalloc byte[MaxTimeCharacters];
        WriteInstant(text, DateTimeOffset.FromUnixTimeSeconds(time.Seconds), InstantToSeconds);
        var length = InstantToSeconds;
        if (time.Nanos != 0)
        {
            var (fraction, digits) = (time.Nanos % 1_000_000, time.Nanos % 1_000) switch
            {
                (0, _) => (time.Nanos / 1_000_000, "D3"),
                (_, 0) => (time.Nanos / 1_000, "D6"),
                _ => (time.Nanos, "D9"),
            };
            text[length++] = (byte)'.';
            fraction.TryFormat(text[length..], out var written, digits, CultureInfo.InvariantCulture);
            length += written;
        }

        text[length++] = (byte)'Z';
        json.WriteString(name, text[..length]);
    }

    private static void WriteTimestamp(Utf8JsonWriter json, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[MaxTimeCharacters];
        WriteInstant(text, at, InstantToMilliseconds);
        text[InstantToMilliseconds] = (byte)'Z';
        json.WriteString("timestamp"u8, text[..(InstantToMilliseconds + 1)]);
    }

    // yyyy-MM-ddTHH:mm:ss.fffffff, of which so many characters count: the one form that is written without a pattern being read.
    private static void WriteInstant(Span<byte> target, DateTimeOffset at, int characters)
    {
        if (!Utf8Formatter.TryFormat(at.UtcDateTime, target, out var written, 'O') || written < characters) throw new UnreachableException();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0) json.WriteString(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long number)
    {
        const int MostDigits = 20;
        if (number == 0) return;

        Span<byte> text = stackalloc byte[MostDigits];
        number.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..written]);
    }

    private static ReadOnlySpan<byte> TypeOf(DeliveryPurpose purpose) => purpose switch
    {
        DeliveryPurpose.Changes => "changes"u8,
        DeliveryPurpose.Verification => "verification"u8,
        DeliveryPurpose.Test => "test"u8,
        DeliveryPurpose.Purge => "purge"u8,
        DeliveryPurpose.Unspecified => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private static ReadOnlySpan<byte> NameOf(DeliveryPurpose purpose) => purpose switch
    {
        DeliveryPurpose.Changes => "DELIVERY_PURPOSE_CHANGES"u8,
        DeliveryPurpose.Verification => "DELIVERY_PURPOSE_VERIFICATION"u8,
        DeliveryPurpose.Test => "DELIVERY_PURPOSE_TEST"u8,
        DeliveryPurpose.Purge => "DELIVERY_PURPOSE_PURGE"u8,
        DeliveryPurpose.Unspecified => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private static ReadOnlySpan<byte> NameOf(Lane lane) => lane switch
    {
        Lane.Ordered => "LANE_ORDERED"u8,
        Lane.Withdrawals => "LANE_WITHDRAWALS"u8,
        Lane.Unspecified => throw new ArgumentOutOfRangeException(nameof(lane)),
    };
}
