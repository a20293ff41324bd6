using System.Collections.Concurrent;
using System.Security.Cryptography;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage;

/// <summary>
/// Opens the documents of a whole store for an index. Opening costs more than reading, therefore rows come in chunks that are opened
/// on all cores, and each is handed over where it was opened, in no particular order.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class DocumentLoad(Keyring keys, Action<ReadOnlySpan<byte>> document)
{
    private readonly ConcurrentBag<SealedDocuments> _spare = [];

    /// <summary>An empty chunk, to be filled and given to <see cref="Open(SealedDocuments)"/>. There are as many as are under way at once.</summary>
    public SealedDocuments Rent() => _spare.TryTake(out var chunk) ? chunk : new SealedDocuments();

    /// <summary>Opens the rows of a chunk, hands them over, and takes the chunk back.</summary>
    /// <exception cref="InvalidDataException">A row is damaged.</exception>
    public void Open(SealedDocuments chunk)
    {
        Span<byte> number = stackalloc byte[DocumentNumber.MaxKeyBytes];
        for (var row = 0; row < chunk.Count; row++) document(number[..Open(chunk, row, number)]);

        chunk.Clear();
        _spare.Add(chunk);
    }

    private int Open(SealedDocuments chunk, int row, Span<byte> number)
    {
        var (key, listing) = chunk[row];
        try
        {
            return keys.OpenDocument(chunk.NumberOf(row), key, listing, number);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"A document of listing {listing} is damaged: it does not open under its key.", e);
        }
    }
}
