using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>AES-256-GCM of libsodium, the library that NSec brings and has made ready before anything here is called. NSec's own functions take a key only
/// where it lies guarded and counted, and expand it anew for each text, which costs more than a short text does.</summary>
/// <remarks>What is encrypted is the text and behind it the tag. Buffers of a wrong length are refused here, for libsodium would write past them.</remarks>
internal static partial class Sodium
{
    /// <summary>Bytes of an expanded key; it must lie at a multiple of <see cref="Alignment"/>.</summary>
    public const int ExpandedKeyLength = 512;

    public const int Alignment = 16;

    private const string Library = "libsodium";

    /// <summary>Whether the processor has the instructions without which libsodium does not do it.</summary>
    public static bool IsSupported { get; } = Aes256Gcm.IsSupported && GetStateLength() <= ExpandedKeyLength;

    /// <summary>Expands a key of 32 bytes.</summary>
    public static void Expand(Span<byte> expanded, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(expanded.Length, ExpandedKeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, GcmCipher.KeyLength);
        ThrowIfFailed(Expand(ref MemoryMarshal.GetReference(expanded), in MemoryMarshal.GetReference(key)));
    }

    /// <summary>Encrypts under an expanded key.</summary>
    public static void Encrypt(
        ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        Check(expandedKey, ExpandedKeyLength, nonce, plain.Length, destination.Length);
        ThrowIfFailed(Encrypt(
            ref MemoryMarshal.GetReference(destination), 0,
            in MemoryMarshal.GetReference(plain), (ulong)plain.Length,
            in MemoryMarshal.GetReference(associated), (ulong)associated.Length,
            0, in MemoryMarshal.GetReference(nonce), in MemoryMarshal.GetReference(expandedKey)));
    }

    /// <summary>Decrypts under an expanded key.</summary>
    /// <returns><see langword="false"/> if the tag does not fit.</returns>
    public static bool TryDecrypt(
        ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        Check(expandedKey, ExpandedKeyLength, nonce, destination.Length, encrypted.Length);
        return Decrypt(
            ref MemoryMarshal.GetReference(destination), 0, 0,
            in MemoryMarshal.GetReference(encrypted), (ulong)encrypted.Length,
            in MemoryMarshal.GetReference(associated), (ulong)associated.Length,
            in MemoryMarshal.GetReference(nonce), in MemoryMarshal.GetReference(expandedKey)) == 0;
    }

    /// <summary>Encrypts one text under a key of 32 bytes.</summary>
    public static void EncryptOnce(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        Check(key, GcmCipher.KeyLength, nonce, plain.Length, destination.Length);
        ThrowIfFailed(EncryptOnce(
            ref MemoryMarshal.GetReference(destination), 0,
            in MemoryMarshal.GetReference(plain), (ulong)plain.Length,
            in MemoryMarshal.GetReference(associated), (ulong)associated.Length,
            0, in MemoryMarshal.GetReference(nonce), in MemoryMarshal.GetReference(key)));
    }

    /// <summary>Decrypts one text under a key of 32 bytes.</summary>
    /// <returns><see langword="false"/> if the tag does not fit.</returns>
    public static bool TryDecryptOnce(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        Check(key, GcmCipher.KeyLength, nonce, destination.Length, encrypted.Length);
        return DecryptOnce(
            ref MemoryMarshal.GetReference(destination), 0, 0,
            in MemoryMarshal.GetReference(encrypted), (ulong)encrypted.Length,
            in MemoryMarshal.GetReference(associated), (ulong)associated.Length,
            in MemoryMarshal.GetReference(nonce), in MemoryMarshal.GetReference(key)) == 0;
    }

    private static void Check(ReadOnlySpan<byte> key, int keyLength, ReadOnlySpan<byte> nonce, int plainLength, int encryptedLength)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, keyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, GcmCipher.NonceLength, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(encryptedLength, plainLength + GcmCipher.TagLength, nameof(encryptedLength));
    }

    // Not to be expected; but what it left in the buffer would be taken for encrypted.
    private static void ThrowIfFailed(int result)
    {
        if (result != 0) throw new CryptographicException("libsodium did not encrypt.");
    }

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_statebytes")]
    private static partial nuint GetStateLength();

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_beforenm")]
    private static partial int Expand(ref byte state, ref readonly byte key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_encrypt_afternm")]
    private static partial int Encrypt(
        ref byte c, nint clen, ref readonly byte m, ulong mlen, ref readonly byte ad, ulong adlen, nint nsec, ref readonly byte npub, ref readonly byte state);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_decrypt_afternm")]
    private static partial int Decrypt(
        ref byte m, nint mlen, nint nsec, ref readonly byte c, ulong clen, ref readonly byte ad, ulong adlen, ref readonly byte npub, ref readonly byte state);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_encrypt")]
    private static partial int EncryptOnce(
        ref byte c, nint clen, ref readonly byte m, ulong mlen, ref readonly byte ad, ulong adlen, nint nsec, ref readonly byte npub, ref readonly byte k);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_decrypt")]
    private static partial int DecryptOnce(
        ref byte m, nint mlen, nint nsec, ref readonly byte c, ulong clen, ref readonly byte ad, ulong adlen, ref readonly byte npub, ref readonly byte k);
}
