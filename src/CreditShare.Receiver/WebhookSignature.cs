using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditShare.Receiver;

/// <summary>Verifies who signed a webhook, as Standard Webhooks has it: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Version = "v1,";
    private const int MaxIdCharacters = 256;

    // Two secrets sign while rotating; with more than this somebody plays.
    private const int MaxSignatures = 8;

    /// <summary>What is wrong with a webhook; null if one of the secrets has signed it just now.</summary>
    /// <param name="headers">The three headers.</param>
    /// <param name="body">The body, byte for byte.</param>
    /// <param name="keys">The keys of the secrets; any may have signed.</param>
    /// <param name="now">The present time.</param>
    public static string? FaultOf(WebhookHeaders headers, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys, DateTimeOffset now)
    {
        if (headers.Id is not { Length: > 0 and <= MaxIdCharacters } id) return "The webhook has no id.";
        if (!long.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return "The webhook has no timestamp.";
        }

        // By difference of seconds, since not every number of seconds is a time.
        var skew = seconds - now.ToUnixTimeSeconds();
        if (Math.Abs(skew) > (long)ReceiverOptions.TimestampTolerance.TotalSeconds) return "The webhook's timestamp is too far from the present time.";

        var signatures = (headers.Signature ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (signatures.Length is 0 or > MaxSignatures) return "The webhook is not signed.";

        var prefix = Encoding.UTF8.GetBytes($"{id}.{headers.Timestamp}.");
        var matches = false;
        foreach (var key in keys)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(prefix);
            hmac.AppendData(body);
            var expected = hmac.GetHashAndReset();
            foreach (var signature in signatures)
            {
                // All are compared, each in constant time: how long it takes tells nothing.
                matches |= IsEqual(signature, expected);
            }
        }

        return matches ? null : "No signature of the webhook is right.";
    }

    private static bool IsEqual(string signature, byte[] expected)
    {
        if (!signature.StartsWith(Version, StringComparison.Ordinal)) return false;

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.Length <= Version.Length + Base64.GetMaxEncodedToUtf8Length(given.Length)
            && Convert.TryFromBase64Chars(signature.AsSpan(Version.Length), given, out var length)
            && CryptographicOperations.FixedTimeEquals(given[..length], expected);
    }
}

/// <summary>The headers of a webhook; null where one is missing, or there twice.</summary>
/// <param name="Id">Names the message, the same over all attempts.</param>
/// <param name="Timestamp">When it was sent, in seconds since 1970.</param>
/// <param name="Signature">One signature a secret, separated by blanks.</param>
internal readonly record struct WebhookHeaders(string? Id, string? Timestamp, string? Signature);
