using NSec.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>By libsodium: a short text costs a tenth of what it takes .NET through OpenSSL. The handle of a key counts its users, and threads
/// that share one wait for each other's counting, hence one a thread.</summary>
internal sealed class SodiumGcmKey(byte[] key) : IGcmKey
{
    private readonly ThreadLocal<Key> _keys =
        new(() => Key.Import(AeadAlgorithm.Aes256Gcm, key, KeyBlobFormat.RawSymmetricKey), trackAllValues: true);

    /// <summary>Whether the processor has the instructions without which libsodium does not do it.</summary>
    public static bool IsSupported => Aes256Gcm.IsSupported;

    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        AeadAlgorithm.Aes256Gcm.Encrypt(_keys.Value!, nonce, associated, plain, destination);

    public bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        AeadAlgorithm.Aes256Gcm.Decrypt(_keys.Value!, nonce, associated, encrypted, destination);

    public void Dispose()
    {
        foreach (var threadKey in _keys.Values) threadKey.Dispose();
        _keys.Dispose();
    }
}
