using System.Buffers;
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

    private const int FirstBufferBytes = 4_096;

    /// <summary>The hash before the first change.</summary>
    public static readonly ReadOnlyMemory<byte> Start = new byte[Length];

    // One buffer a thread, and one call of the hash: thirty small ones cost more than the hash itself.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_fields;

    /// <summary>The hash of a change; <see cref="ChangeRow.Hash"/> itself is left out.</summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, ChangeRow row)
    {
        var fields = t_fields ??= new ArrayBufferWriter<byte>(FirstBufferBytes);
        fields.ResetWrittenCount();
        Append(fields, previous);
        Append(fields, row.Epoch);
        Append(fields, row.Sequence);
        Append(fields, (long)row.Kind);
        Span<byte> id = stackalloc byte[16];
        row.Listing.Value.TryWriteBytes(id, bigEndian: true, out _);
        Append(fields, id);
        Append(fields, row.Version);
        Append(fields, row.Court);
        Append(fields, (long)row.SubjectKind);
        Append(fields, row.RecordedAt);
        Append(fields, row.Partner);
        Append(fields, row.KeysBefore);
        Append(fields, row.KeysAfter);
        Append(fields, row.Operator);
        Append(fields, row.Body);
        return SHA256.HashData(fields.WrittenSpan);
    }

    private static void Append(ArrayBufferWriter<byte> fields, ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteInt32BigEndian(fields.GetSpan(sizeof(int)), field.Length);
        fields.Advance(sizeof(int));
        fields.Write(field);
    }

    private static void Append(ArrayBufferWriter<byte> fields, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Append(fields, bytes);
    }

    private static void Append(ArrayBufferWriter<byte> fields, string text)
    {
        // Courts' codes and partners' ids: at most 40 characters.
        Span<byte> utf8 = stackalloc byte[256];
        Append(fields, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }
}
