using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Mapping;

namespace CreditShare.Server.Propagation;

/// <summary>What the journal told others of one listing.</summary>
/// <param name="Changes">Every change that anybody but the court may know of, oldest first; at least one.</param>
internal sealed record ListingTrail(IReadOnlyList<JournalEntry> Changes)
{
    private const int Page = 1_000;

    /// <summary>The last change.</summary>
    public JournalEntry Last => Changes[^1];

    /// <summary>The end; null while the listing stands.</summary>
    public JournalEntry? End => Last.Listing.Ending is null ? null : Last;

    /// <summary>Reads a listing's trail; null if nobody was ever to know of it.</summary>
    public static async Task<ListingTrail?> ReadAsync(IStore store, ListingId listing, CancellationToken cancellationToken)
    {
        List<JournalEntry> changes = [];
        var after = -1L;
        IReadOnlyList<JournalEntry> page;
        do
        {
            page = await store.Listings.ListVersionsAsync(listing, after, Page, cancellationToken);
            changes.AddRange(page.Where(entry => entry.IsShared()));
            if (page.Count > 0) after = page[^1].Listing.Version;
        }
        while (page.Count == Page);

        return changes.Count == 0 ? null : new ListingTrail(changes);
    }
}
