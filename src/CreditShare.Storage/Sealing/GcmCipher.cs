using System.Security.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>AES-256-GCM under one key for many records, each with a random nonce of its own.</summary>
/// <remarks>Random nonces of 96 bits are safe for 2³² records under one key; the list holds some 10⁷. Safe for concurrent callers.</remarks>
internal sealed class GcmCipher : IDisposable
{
    /// <summary>Bytes that sealing adds: the nonce before and the tag behind.</summary>
    public const int Overhead = NonceLength + TagLength;

    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    private readonly IGcmKey _key;

    /// <summary>Takes a key of 32 bytes.</summary>
    public GcmCipher(byte[] key)
        : this(SodiumGcmKey.IsSupported ? new SodiumGcmKey(key) : new PlatformGcmKey(key))
    {
    }

    /// <summary>Seals and opens with the given implementation; disposes it with itself.</summary>
    internal GcmCipher(IGcmKey key) => _key = key;

    /// <summary>Seals the text, bound to the associated data.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var result = new byte[Overhead + plain.Length];
        var nonce = result.AsSpan(0, NonceLength);
        RandomBytes.Fill(nonce);
        _key.Encrypt(nonce, plain, result.AsSpan(NonceLength), associated);
        return result;
    }

    /// <summary>Opens what <see cref="Seal(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> gave.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        var plain = new byte[LengthIn(sealedBytes)];
        Open(sealedBytes, associated, plain);
        return plain;
    }

    /// <summary>Opens into a buffer and tells the length.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public int Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated, Span<byte> destination)
    {
        var length = LengthIn(sealedBytes);
        if (length > destination.Length) throw new CryptographicException("The sealed bytes are too long.");
        if (!_key.TryDecrypt(sealedBytes[..NonceLength], sealedBytes[NonceLength..], destination[..length], associated))
        {
            throw new AuthenticationTagMismatchException();
        }

        return length;
    }

    /// <summary>Seals under a key that serves few records, such as a listing's own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="plain">The text.</param>
    /// <param name="associated">What it is bound to.</param>
    /// <param name="room">Bytes left free at the front, for the caller.</param>
    public static byte[] SealOnce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, int room = 0)
    {
        using var cipher = new AesGcm(key, TagLength);
        var result = new byte[room + Overhead + plain.Length];
        var nonce = result.AsSpan(room, NonceLength);
        RandomBytes.Fill(nonce);
        cipher.Encrypt(nonce, plain, result.AsSpan(room + NonceLength, plain.Length), result.AsSpan(result.Length - TagLength), associated);
        return result;
    }

    /// <summary>Opens what <see cref="SealOnce"/> gave.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public static byte[] OpenOnce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        var plain = new byte[LengthIn(sealedBytes)];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(sealedBytes[..NonceLength], sealedBytes[NonceLength..^TagLength], sealedBytes[^TagLength..], plain, associated);
        return plain;
    }

    public void Dispose() => _key.Dispose();

    private static int LengthIn(ReadOnlySpan<byte> sealedBytes) => sealedBytes.Length >= Overhead
        ? sealedBytes.Length - Overhead
        : throw new CryptographicException("The sealed bytes are too short.");
}
