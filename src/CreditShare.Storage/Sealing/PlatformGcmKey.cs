using System.Security.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>By .NET itself, on every processor. <see cref="AesGcm"/> is not thread-safe and costs more to make than to use, hence one a thread.</summary>
internal sealed class PlatformGcmKey(byte[] key) : IGcmKey
{
    private readonly ThreadLocal<AesGcm> _ciphers = new(() => new AesGcm(key, GcmCipher.TagLength), trackAllValues: true);

    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        Encrypt(_ciphers.Value!, nonce, plain, destination, associated);

    public bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        TryDecrypt(_ciphers.Value!, nonce, encrypted, destination, associated);

    /// <summary>Encrypts with a cipher at hand.</summary>
    public static void Encrypt(
        AesGcm cipher, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        cipher.Encrypt(nonce, plain, destination[..plain.Length], destination[plain.Length..], associated);

    /// <summary>Decrypts with a cipher at hand.</summary>
    public static bool TryDecrypt(
        AesGcm cipher, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated)
    {
        try
        {
            cipher.Decrypt(nonce, encrypted[..^GcmCipher.TagLength], encrypted[^GcmCipher.TagLength..], destination, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers.Values) cipher.Dispose();
        _ciphers.Dispose();
    }
}
