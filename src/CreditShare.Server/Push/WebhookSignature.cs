using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditShare.Server.Push;

/// <summary>Signs messages by the Standard Webhooks specification: HMAC-SHA256 over id, timestamp and body, one signature a secret.</summary>
internal sealed class WebhookSignature
{
    private const string SecretPrefix = "whsec_";

    /// <summary>What is signed in one piece, from the stack: a message with a change or two.</summary>
    private const int MaxOnStack = 4 << 10;

    private readonly List<byte[]> _keys;

    /// <param name="secrets">One or two, each <c>whsec_</c> and base64.</param>
    public WebhookSignature(IEnumerable<string> secrets) => _keys = [.. secrets.Select(KeyOf)];

    /// <summary>The header <c>webhook-signature</c>.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="at">When; the header <c>webhook-timestamp</c> in whole seconds.</param>
    /// <param name="body">Exactly what is sent, in any number of parts.</param>
    public string Sign(string id, DateTimeOffset at, params IReadOnlyList<ReadOnlyMemory<byte>> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        return _keys is [var only] ? SignatureOf(only, head, body) : string.Join(' ', _keys.Select(key => SignatureOf(key, head, body)));
    }

    private static string SignatureOf(byte[] key, byte[] head, IReadOnlyList<ReadOnlyMemory<byte>> body)
    {
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var length = head.Length;
        for (var i = 0; i < body.Count; i++) length += body[i].Length;
        if (length <= MaxOnStack) HashAtOnce(key, head, body, signature);
        else HashInParts(key, head, body, signature);
        return "v1," + Convert.ToBase64String(signature);
    }

    // Half of what a hash of parts costs.
    private static void HashAtOnce(byte[] key, byte[] head, IReadOnlyList<ReadOnlyMemory<byte>> body, Span<byte> signature)
    {
        Span<byte> all = stackalloc byte[MaxOnStack];
        head.CopyTo(all);
        var length = head.Length;
        for (var i = 0; i < body.Count; i++)
        {
            body[i].Span.CopyTo(all[length..]);
            length += body[i].Length;
        }

        HMACSHA256.HashData(key, all[..length], signature);
    }

    private static void HashInParts(byte[] key, byte[] head, IReadOnlyList<ReadOnlyMemory<byte>> body, Span<byte> signature)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(head);
        for (var i = 0; i < body.Count; i++) hash.AppendData(body[i].Span);
        hash.GetHashAndReset(signature);
    }

    private static byte[] KeyOf(string secret) =>
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal) && Base64.IsValid(secret.AsSpan(SecretPrefix.Length))
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : throw new ArgumentException("A secret is 'whsec_' and base64.", nameof(secret));
}
