using System.Security.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>AES-256-GCM under one key for many records, each with a random nonce of its own.</summary>
/// <remarks>Random nonces of 96 bits are safe for 2³² records under one key; the list holds some 10⁷. Safe for concurrent callers.</remarks>
internal sealed class GcmCipher : IDisposable
{
    /// <summary>Bytes that sealing adds: the nonce before and the tag behind.</summary>
    public const int Overhead = NonceLength + TagLength;

    internal const int KeyLength = 32;
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    private readonly IGcmKey _key;

    /// <summary>Takes a key of 32 bytes.</summary>
    public GcmCipher(byte[] key)
        : this(Sodium.IsSupported ? new SodiumGcmKey(key) : new PlatformGcmKey(key))
    {
    }

    /// <summary>Seals and opens with the given implementation; disposes it with itself.</summary>
    internal GcmCipher(IGcmKey key) => _key = key;

    /// <summary>Seals the text, bound to the associated data.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var result = new byte[Overhead + plain.Length];
        RandomBytes.Fill(result.AsSpan(0, NonceLength));
        _key.Encrypt(result.AsSpan(0, NonceLength), plain, result.AsSpan(NonceLength), associated);
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
        var result = new byte[room + Overhead + plain.Length];
        var nonce = result.AsSpan(room, NonceLength);
        RandomBytes.Fill(nonce);
        EncryptOnce(key, nonce, plain, result.AsSpan(room + NonceLength), associated);
        return result;
    }

    /// <summary>Opens what <see cref="SealOnce"/> gave.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public static byte[] OpenOnce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        var plain = new byte[LengthIn(sealedBytes)];
        return TryDecryptOnce(key, sealedBytes[..NonceLength], sealedBytes[NonceLength..], plain, associated)
            ? plain
            : throw new AuthenticationTagMismatchException();
    }

    /// <summary>Encrypts one text as <see cref="IGcmKey.Encrypt"/> does, under a key of 32 bytes.</summary>
    public static void EncryptOnce(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        if (Sodium.IsSupported)
        {
            Sodium.EncryptOnce(key, nonce, plain, destination, associated);
            return;
        }

        using var cipher = new AesGcm(key, TagLength);
        PlatformGcmKey.Encrypt(cipher, nonce, plain, destination, associated);
    }

    /// <summary>Decrypts one text as <see cref="IGcmKey.TryDecrypt"/> does, under a key of 32 bytes.</summary>
    /// <returns><see langword="false"/> if the tag does not fit.</returns>
    public static bool TryDecryptOnce(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        if (Sodium.IsSupported) return Sodium.TryDecryptOnce(key, nonce, encrypted, destination, associated);

        using var cipher = new AesGcm(key, TagLength);
        return PlatformGcmKey.TryDecrypt(cipher, nonce, encrypted, destination, associated);
    }

    public void Dispose() => _key.Dispose();

    private static int LengthIn(ReadOnlySpan<byte> sealedBytes) => sealedBytes.Length >= Overhead
        ? sealedBytes.Length - Overhead
        : throw new CryptographicException("The sealed bytes are too short.");
}
