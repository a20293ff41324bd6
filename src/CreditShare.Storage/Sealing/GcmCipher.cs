using System.Security.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>AES-256-GCM under one key for many records, each with a random nonce of its own.</summary>
/// <remarks>
/// Random nonces of 96 bits are safe for 2³² records under one key; the list holds some 10⁷. <see cref="AesGcm"/> is not thread-safe
/// and costs more to make than to use, hence one a thread. Safe for concurrent callers.
/// </remarks>
internal sealed class GcmCipher(byte[] key) : IDisposable
{
    /// <summary>Bytes that sealing adds: the nonce before and the tag behind.</summary>
    public const int Overhead = NonceLength + TagLength;

    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    private readonly ThreadLocal<AesGcm> _ciphers = new(() => new AesGcm(key, TagLength), trackAllValues: true);

    /// <summary>Seals the text, bound to the associated data.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated) => Seal(_ciphers.Value!, plain, associated);

    /// <summary>Opens what <see cref="Seal(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> gave.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated) =>
        Open(_ciphers.Value!, sealedBytes, associated);

    /// <summary>Opens into a buffer and tells the length.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public int Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated, Span<byte> destination)
    {
        if (sealedBytes.Length < Overhead) throw new CryptographicException("The sealed bytes are too short.");

        var length = sealedBytes.Length - Overhead;
        _ciphers.Value!.Decrypt(
            sealedBytes[..NonceLength], sealedBytes.Slice(NonceLength, length), sealedBytes[^TagLength..], destination[..length], associated);
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
        return Seal(cipher, plain, associated, room);
    }

    /// <summary>Opens what <see cref="SealOnce"/> gave.</summary>
    /// <exception cref="CryptographicException">Damaged, or sealed under another key or for another place.</exception>
    public static byte[] OpenOnce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        using var cipher = new AesGcm(key, TagLength);
        return Open(cipher, sealedBytes, associated);
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers.Values) cipher.Dispose();
        _ciphers.Dispose();
    }

    private static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, int room = 0)
    {
        var result = new byte[room + NonceLength + plain.Length + TagLength];
        var nonce = result.AsSpan(room, NonceLength);
        RandomBytes.Fill(nonce);
        cipher.Encrypt(
            nonce, plain, result.AsSpan(room + NonceLength, plain.Length), result.AsSpan(result.Length - TagLength), associated);
        return result;
    }

    private static byte[] Open(AesGcm cipher, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        if (sealedBytes.Length < Overhead) throw new CryptographicException("The sealed bytes are too short.");

        var plain = new byte[sealedBytes.Length - Overhead];
        cipher.Decrypt(
            sealedBytes[..NonceLength], sealedBytes[NonceLength..^TagLength], sealedBytes[^TagLength..], plain, associated);
        return plain;
    }
}
