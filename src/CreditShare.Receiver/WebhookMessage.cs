using System.Text.Json;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Receiver;

/// <summary>The body of a webhook: <c>{"type": …, "timestamp": …, "data": ReceiveChangesRequest}</c>.</summary>
internal static class WebhookMessage
{
    // What a later version of the contract adds does not stop an older receiver.
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads a body.</summary>
    /// <returns>The message; null if it is none, or its type is not that of its purpose.</returns>
    public static ReceiveChangesRequest? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String
                || !document.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var request = Parser.Parse<ReceiveChangesRequest>(data.GetRawText());
            return type.ValueEquals(TypeOf(request.Purpose)) ? request : null;
        }
        catch (Exception ex) when (ex is JsonException or InvalidProtocolBufferException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TypeOf(DeliveryPurpose purpose) => purpose switch
    {
        DeliveryPurpose.Changes => "changes",
        DeliveryPurpose.Verification => "verification",
        DeliveryPurpose.Test => "test",
        DeliveryPurpose.Purge => "purge",
        _ => null,
    };
}
