using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Request ids made of a file's content and a row's number, so that an import that is run again repeats nothing. They are UUIDs of
/// version 8 (RFC 9562): the first 96 bits of the file's SHA-256, with the six bits of version and variant set, then the row in 32 bits.
/// </summary>
/// <remarks>The rows of a file follow each other, so that a store that keeps requests in the order of their ids appends them.</remarks>
internal sealed class ImportRequestIds
{
    private const int IdLength = 16;
    private const int RowAt = 12;

    private readonly byte[] _id = new byte[IdLength];

    private ImportRequestIds(ReadOnlySpan<byte> fileHash)
    {
        fileHash[..RowAt].CopyTo(_id);
        _id[6] = (byte)(0x80 | (_id[6] & 0x0F));
        _id[8] = (byte)(0x80 | (_id[8] & 0x3F));
    }

    internal static async Task<ImportRequestIds> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return new ImportRequestIds(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>The id of a row below 2³². For one caller at a time.</summary>
    internal string Of(long row)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_id.AsSpan(RowAt), checked((uint)row));
        return new Guid(_id, bigEndian: true).ToString();
    }
}
