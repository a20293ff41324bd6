using System.Security.Cryptography;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage;

/// <summary>A row of a document as it is read to fill an index.</summary>
internal readonly record struct SealedDocument(LookupKey Key, ListingId Listing, byte[] SealedNumber);

/// <summary>
/// Opens the documents of a whole store for an index. Opening costs more than reading, therefore rows come in chunks that are opened
/// on all cores, and are handed over one at a time and in no particular order.
/// </summary>
internal sealed class DocumentLoad(Keyring keys, Action<ReadOnlySpan<byte>> document)
{
    /// <summary>Rows of a chunk, some 100 bytes each.</summary>
    public const int ChunkRows = 4_096;

    private readonly Lock _lock = new();

    /// <summary>Opens the rows of a chunk, then hands them over.</summary>
    /// <exception cref="InvalidDataException">A row is damaged.</exception>
    public void Open(IReadOnlyList<SealedDocument> chunk)
    {
        var numbers = new byte[chunk.Count * DocumentNumber.MaxKeyBytes];
        var lengths = new int[chunk.Count];
        for (var i = 0; i < chunk.Count; i++)
        {
            var number = numbers.AsSpan(i * DocumentNumber.MaxKeyBytes, DocumentNumber.MaxKeyBytes);
            lengths[i] = Open(chunk[i], number);
        }

        lock (_lock)
        {
            for (var i = 0; i < lengths.Length; i++) document(numbers.AsSpan(i * DocumentNumber.MaxKeyBytes, lengths[i]));
        }
    }

    private int Open(SealedDocument row, Span<byte> number)
    {
        try
        {
            return keys.OpenDocument(row.SealedNumber, row.Key, row.Listing, number);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"A document of listing {row.Listing} is damaged: it does not open under its key.", e);
        }
    }
}
