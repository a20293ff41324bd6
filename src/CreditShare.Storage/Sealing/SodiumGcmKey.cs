using NSec.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>By libsodium: a short text costs a tenth of what it takes .NET through OpenSSL. A key lies in guarded pages of its own and counts its users,
/// and threads that share one wait for each other's counting: hence one a processor, and not one a thread, of which there may be thousands in time.</summary>
internal sealed class SodiumGcmKey : IGcmKey
{
    private readonly Key[] _keys = new Key[Environment.ProcessorCount];

    /// <summary>Takes a key of 32 bytes.</summary>
    public SodiumGcmKey(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _keys.Length; i++) _keys[i] = Key.Import(AeadAlgorithm.Aes256Gcm, key, KeyBlobFormat.RawSymmetricKey);
    }

    /// <summary>Whether the processor has the instructions without which libsodium does not do it.</summary>
    public static bool IsSupported => Aes256Gcm.IsSupported;

    private Key Nearest => _keys[(uint)Thread.GetCurrentProcessorId() % _keys.Length];

    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        AeadAlgorithm.Aes256Gcm.Encrypt(Nearest, nonce, associated, plain, destination);

    public bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated) =>
        AeadAlgorithm.Aes256Gcm.Decrypt(Nearest, nonce, associated, encrypted, destination);

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }
}
