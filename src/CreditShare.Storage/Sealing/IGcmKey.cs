namespace CreditShare.Storage.Sealing;

/// <summary>AES-256-GCM with nonces of 96 bits and tags of 128, under one key that stays.</summary>
/// <remarks>Safe for concurrent callers. All implementations give and take the same bytes.</remarks>
internal interface IGcmKey : IDisposable
{
    /// <summary>Encrypts.</summary>
    /// <param name="nonce">12 bytes, never used before under this key.</param>
    /// <param name="plain">The text.</param>
    /// <param name="destination">As long as the text and 16 bytes for the tag, which stands at the end.</param>
    /// <param name="associated">What the text is bound to.</param>
    void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> destination, ReadOnlySpan<byte> associated);

    /// <summary>Decrypts what <see cref="Encrypt"/> gave, into a buffer of the text's length.</summary>
    /// <returns><see langword="false"/> if the tag does not fit: damaged, or of another key, nonce or place.</returns>
    bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, Span<byte> destination, ReadOnlySpan<byte> associated);
}
