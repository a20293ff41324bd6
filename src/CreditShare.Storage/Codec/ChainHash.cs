using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CreditShare.Storage.Codec;

/// <summary>
/// The journal's chain: each change's hash is SHA-256 over the hash before it and everything that is stored of the change. Every field
/// is preceded by its length, so that no byte can move from one field to the next unseen.
/// </summary>
internal static class ChainHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>The hash before the first change.</summary>
    public static readonly ReadOnlyMemory<byte> Start = new byte[Length];

    /// <summary>The hash of a change; <see cref="ChangeRow.Hash"/> itself is left out.</summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, ChangeRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, previous);
        Append(hash, row.Epoch);
        Append(hash, row.Sequence);
        Append(hash, (long)row.Kind);
        Span<byte> id = stackalloc byte[16];
        row.Listing.Value.TryWriteBytes(id, bigEndian: true, out _);
        Append(hash, id);
        Append(hash, row.Version);
        Append(hash, row.Court);
        Append(hash, (long)row.SubjectKind);
        Append(hash, row.RecordedAt);
        Append(hash, row.Partner);
        Append(hash, row.KeysBefore);
        Append(hash, row.KeysAfter);
        Append(hash, row.Operator);
        Append(hash, row.Body);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        hash.AppendData(length);
        hash.AppendData(field);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Append(hash, bytes);
    }

    private static void Append(IncrementalHash hash, string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        Append(hash, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }
}
