using System.Buffers.Text;
using System.Text.Json;
using CreditShare.V1;

namespace CreditShare.Server.Push;

/// <summary>Reads the answer that nearly every message gets, the two numbers and nothing else, without the contract's descriptors.</summary>
internal static class PlainAnswer
{
    private const byte Zero = (byte)'0';

    /// <summary>Reads an answer's JSON.</summary>
    /// <returns>Null if it says anything else, or says it in another form; protobuf's own parser then judges.</returns>
    public static ReceiveChangesResponse? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;

            long? accepted = null;
            long? applied = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ref var number = ref reader.ValueTextEquals("acceptedSequence"u8) ? ref accepted : ref applied;
                if (number is not null || (!reader.ValueTextEquals("acceptedSequence"u8) && !reader.ValueTextEquals("appliedSequence"u8))) return null;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || NumberOf(reader.ValueSpan) is not { } read) return null;
                number = read;
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read()
                ? new ReceiveChangesResponse { AcceptedSequence = accepted ?? 0, AppliedSequence = applied ?? 0 }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Digits only, as protobuf writes a number that is not below zero.
    private static long? NumberOf(ReadOnlySpan<byte> text) =>
        text.Length > 0 && (text[0] != Zero || text.Length == 1) && !text.ContainsAnyExceptInRange(Zero, (byte)'9')
            && Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length
            ? number
            : null;
}
