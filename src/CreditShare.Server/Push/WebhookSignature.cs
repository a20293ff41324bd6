using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditShare.Server.Push;

/// <summary>Signs messages by the Standard Webhooks specification: HMAC-SHA256 over id, timestamp and body, one signature a secret.</summary>
internal sealed class WebhookSignature
{
    private const string SecretPrefix = "whsec_";

    private readonly List<byte[]> _keys;

    /// <param name="secrets">One or two, each <c>whsec_</c> and base64.</param>
    public WebhookSignature(IEnumerable<string> secrets) => _keys = [.. secrets.Select(KeyOf)];

    /// <summary>The header <c>webhook-signature</c>.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="at">When; the header <c>webhook-timestamp</c> in whole seconds.</param>
    /// <param name="body">Exactly what is sent.</param>
    public string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return string.Join(' ', _keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    private static byte[] KeyOf(string secret) =>
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal) && Base64.IsValid(secret.AsSpan(SecretPrefix.Length))
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : throw new ArgumentException("A secret is 'whsec_' and base64.", nameof(secret));
}
