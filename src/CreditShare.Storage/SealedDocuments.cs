using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage;

/// <summary>A chunk of documents' rows as they are read to fill an index. It is used again and again: ten million rows leave nothing to collect.</summary>
/// <remarks>Not safe for concurrent callers.</remarks>
internal sealed class SealedDocuments
{
    /// <summary>Rows of a chunk: enough that handing it over costs nothing beside opening it.</summary>
    public const int MaxRows = 4_096;

    /// <summary>Bytes of a sealed number, about; there is more room where a chunk needs it.</summary>
    private const int UsualBytes = 64;

    private readonly (LookupKey Key, ListingId Listing, int End)[] _rows = new (LookupKey, ListingId, int)[MaxRows];
    private byte[] _numbers = new byte[MaxRows * UsualBytes];
    private int _used;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull => Count == MaxRows;

    /// <summary>A row.</summary>
    public (LookupKey Key, ListingId Listing) this[int row] => (_rows[row].Key, _rows[row].Listing);

    /// <summary>The sealed number of a row.</summary>
    public ReadOnlySpan<byte> NumberOf(int row) => _numbers.AsSpan((row == 0 ? 0 : _rows[row - 1].End).._rows[row].End);

    /// <summary>Takes a copy of a row, unless it is full.</summary>
    public void Add(LookupKey key, ListingId listing, ReadOnlySpan<byte> sealedNumber)
    {
        if (_used + sealedNumber.Length > _numbers.Length) Array.Resize(ref _numbers, 2 * (_used + sealedNumber.Length));

        sealedNumber.CopyTo(_numbers.AsSpan(_used));
        _used += sealedNumber.Length;
        _rows[Count++] = (key, listing, _used);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (Count, _used) = (0, 0);
}
