namespace CreditShare.Receiver;

/// <summary>The key of a webhook's signature, as Standard Webhooks writes it: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
internal static class WebhookSecret
{
    public const string Prefix = "whsec_";

    private const int FewestBytes = 24;
    private const int MostBytes = 64;

    /// <summary>Reads a secret.</summary>
    /// <returns>The key; null if the text is none.</returns>
    public static byte[]? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;

        var key = new byte[MostBytes];
        return Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length >= FewestBytes ? key[..length] : null;
    }
}
