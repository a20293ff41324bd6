using System.Security.Cryptography;
using System.Text;

namespace CreditShare.Storage.Sealing;

/// <summary>HMAC-SHA256 under one key.</summary>
/// <remarks>A prepared state a thread, because keying anew costs half of a short hash. Safe for concurrent callers.</remarks>
internal sealed class KeyedHash(byte[] key) : IDisposable
{
    private readonly ThreadLocal<IncrementalHash> _states =
        new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key), trackAllValues: true);

    /// <summary>Hashes bytes.</summary>
    /// <returns>The first 16 bytes of the hash.</returns>
    public LookupKey Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Write(text, hash);
        return LookupKey.Read(hash);
    }

    /// <summary>Hashes bytes into a buffer of 32.</summary>
    public void Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var state = _states.Value!;
        state.AppendData(text);
        state.GetHashAndReset(destination);
    }

    /// <summary>Hashes text in UTF-8.</summary>
    /// <returns>The first 16 bytes of the hash.</returns>
    public LookupKey Of(string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(text, utf8, out var written) ? Of(utf8[..written]) : Of(Encoding.UTF8.GetBytes(text));
    }

    public void Dispose()
    {
        foreach (var state in _states.Values) state.Dispose();
        _states.Dispose();
    }
}
