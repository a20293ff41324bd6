using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace CreditShare.Benchmarks.Push;

/// <summary>What a receiver must read of a webhook to answer it: everything before the changes.</summary>
internal readonly record struct MessageHead(bool IsChanges, bool IsOrdered, long From, long To, string? Challenge)
{
    private const int DataDepth = 2;
    private const int ChangeDepth = 4;

    /// <summary>Reads a body up to its changes; to its end if there are none.</summary>
    public static MessageHead Read(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var (isChanges, isOrdered, from, to, challenge) = (false, true, 0L, 0L, (string?)null);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > DataDepth) continue;

            if (reader.ValueTextEquals("type"u8) && reader.CurrentDepth < DataDepth) isChanges = Next(ref reader) && reader.ValueTextEquals("changes"u8);
            else if (reader.ValueTextEquals("lane"u8)) isOrdered = Next(ref reader) && reader.ValueTextEquals("LANE_ORDERED"u8);
            else if (reader.ValueTextEquals("fromSequence"u8)) from = NumberOf(ref reader);
            else if (reader.ValueTextEquals("toSequence"u8)) to = NumberOf(ref reader);
            else if (reader.ValueTextEquals("challenge"u8)) challenge = Next(ref reader) ? reader.GetString() : null;
            else if (reader.ValueTextEquals("changes"u8)) break;
        }

        return new MessageHead(isChanges, isOrdered, from, to, challenge);
    }

    /// <summary>When the changes of a body were recorded, in its order.</summary>
    public static List<DateTimeOffset> ReadTimes(in ReadOnlySequence<byte> body)
    {
        List<DateTimeOffset> times = [];
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == ChangeDepth && reader.ValueTextEquals("time"u8) && Next(ref reader))
            {
                times.Add(DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture));
            }
        }

        return times;
    }

    private static bool Next(ref Utf8JsonReader reader) => reader.Read();

    // 64-bit numbers are texts in protobuf's JSON.
    private static long NumberOf(ref Utf8JsonReader reader) => Next(ref reader) ? long.Parse(reader.GetString()!, CultureInfo.InvariantCulture) : 0;
}
