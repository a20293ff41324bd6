using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CreditShare.Storage.Sealing;

/// <summary>
/// AES-256-GCM under a key derived for each record: HKDF-SHA256 over a random salt of 128 bits, which is kept with the record. So the
/// number of records has no bound that matters, as it has for random nonces under one key. The key it starts from is derived itself and
/// evenly random, therefore the step of extraction is left out (RFC 5869, section 3.3) and the salt stands in the context.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class RecordSeal : IDisposable
{
    /// <summary>Bytes that sealing adds: format, salt and tag.</summary>
    public const int Overhead = 1 + SaltLength + GcmCipher.TagLength;

    private const byte Format = 1;
    private const int SaltLength = 16;

    // A longer name of a place is possible, and costs an array.
    private const int PlaceLength = 256;

    // A key serves one record alone, therefore the nonce may be constant.
    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> Context => "creditshare record"u8;

    private readonly KeyedHash _expansion;

    internal RecordSeal(byte[] key) => _expansion = new KeyedHash(key);

    /// <summary>Seals a record for the place that is named.</summary>
    /// <param name="place">Where the record is kept, such as its Redis key; the record opens nowhere else.</param>
    /// <param name="plain">The record.</param>
    public byte[] Seal(string place, ReadOnlySpan<byte> plain)
    {
        var result = new byte[Overhead + plain.Length];
        result[0] = Format;
        var salt = result.AsSpan(1, SaltLength);
        RandomBytes.Fill(salt);

        Span<byte> key = stackalloc byte[GcmCipher.KeyLength];
        WriteKey(salt, key);
        Span<byte> named = stackalloc byte[PlaceLength];
        GcmCipher.EncryptOnce(key, Nonce, plain, result.AsSpan(1 + SaltLength), NameOf(place, named));
        return result;
    }

    /// <summary>Opens a record.</summary>
    /// <param name="place">Where it was found.</param>
    /// <param name="sealedBytes">What was found there; anything at all is allowed.</param>
    /// <param name="plain">The record.</param>
    /// <returns><see langword="false"/> if the bytes are not a record sealed under this key for this place.</returns>
    public bool TryOpen(string place, ReadOnlySpan<byte> sealedBytes, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        if (sealedBytes.Length < Overhead || sealedBytes[0] != Format) return false;

        Span<byte> key = stackalloc byte[GcmCipher.KeyLength];
        WriteKey(sealedBytes.Slice(1, SaltLength), key);
        var opened = new byte[sealedBytes.Length - Overhead];
        Span<byte> named = stackalloc byte[PlaceLength];
        if (!GcmCipher.TryDecryptOnce(key, Nonce, sealedBytes[(1 + SaltLength)..], opened, NameOf(place, named))) return false;

        plain = opened;
        return true;
    }

    public void Dispose() => _expansion.Dispose();

    private static ReadOnlySpan<byte> NameOf(string place, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(place, buffer, out var written) ? buffer[..written] : Encoding.UTF8.GetBytes(place);

    private void WriteKey(ReadOnlySpan<byte> salt, Span<byte> key)
    {
        // One block of HKDF-Expand (RFC 5869, section 2.3): the HMAC of the context and the block's number.
        Span<byte> context = stackalloc byte[Context.Length + SaltLength + 1];
        Context.CopyTo(context);
        salt.CopyTo(context[Context.Length..]);
        context[^1] = 1;
        _expansion.Write(context, key);
    }
}
