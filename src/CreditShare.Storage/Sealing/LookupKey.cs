using System.Buffers.Binary;

namespace CreditShare.Storage.Sealing;

/// <summary>A keyed hash of 16 bytes that stands for something that must not be stored in clear: a document, a case, a name.</summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
internal readonly record struct LookupKey(ulong High, ulong Low)
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 16;

    /// <summary>Reads a key.</summary>
    /// <param name="bytes">At least <see cref="Length"/> bytes; the first of them count.</param>
    public static LookupKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    /// <summary>Writes the key to at least <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[sizeof(ulong)..], Low);
    }

    /// <summary>The key's bytes, as stored.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    /// <summary>The bytes of several keys, one behind the other.</summary>
    public static byte[] Join(ReadOnlySpan<LookupKey> keys)
    {
        var bytes = new byte[keys.Length * Length];
        for (var i = 0; i < keys.Length; i++) keys[i].Write(bytes.AsSpan(i * Length));
        return bytes;
    }
}
