using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Request ids made of a file's content and a row's number, so that an import that is run again repeats nothing. They are UUIDs of
/// version 8 (RFC 9562): the first 128 bits of SHA-256 over the file's SHA-256 and the row, with the six bits of version and variant set.
/// </summary>
internal sealed class ImportRequestIds
{
    private readonly byte[] _seed;

    private ImportRequestIds(byte[] fileHash)
    {
        _seed = new byte[SHA256.HashSizeInBytes + sizeof(long)];
        fileHash.CopyTo(_seed, 0);
    }

    internal static async Task<ImportRequestIds> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return new ImportRequestIds(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>The id of a row. For one caller at a time.</summary>
    internal string Of(long row)
    {
        BinaryPrimitives.WriteInt64BigEndian(_seed.AsSpan(SHA256.HashSizeInBytes), row);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_seed, hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
