using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;

namespace CreditShare.Storage.Writing;

/// <summary>A change as it will be stored, but for its place: number, life, hash and time are given to it with its batch.</summary>
internal sealed record SealedChange
{
    /// <summary>The change as the node's own readers get it.</summary>
    public required JournalEntry Entry { get; init; }

    /// <summary>The change as the journal keeps it.</summary>
    public required ChangeRow Change { get; init; }

    /// <summary>The listing's row after it.</summary>
    public required ListingRow Listing { get; init; }

    /// <summary>A row for each document that the listing named before or names now.</summary>
    public required DocumentRow[] Documents { get; init; }

    /// <summary>The listing's own key in clear.</summary>
    public required byte[] DataKey { get; init; }
}
