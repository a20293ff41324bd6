using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>Which listings share a case and a document, while a batch is decided: as stored, and as the batch has changed it so far.</summary>
internal sealed class NeighbourTable
{
    private readonly Dictionary<(LookupKey Document, LookupKey Case), Dictionary<ListingId, NeighbourRow>> _rows = [];

    public NeighbourTable(IEnumerable<NeighbourRow> rows)
    {
        foreach (var row in rows) Set(row);
    }

    /// <summary>Takes what holds of a listing and a document from now on.</summary>
    public void Set(NeighbourRow row)
    {
        var place = (row.Document, row.Case);
        if (!_rows.TryGetValue(place, out var listings)) _rows.Add(place, listings = []);
        listings[row.Listing] = row;
    }

    /// <summary>What the rules must know about other listings of the case that name one of the documents.</summary>
    public Neighbours Of(ListingId listing, LookupKey caseKey, IEnumerable<LookupKey> documents)
    {
        var active = false;
        DateOnly? barredUntil = null;
        foreach (var document in documents)
        {
            if (!_rows.TryGetValue((document, caseKey), out var listings)) continue;

            foreach (var other in listings.Values)
            {
                if (other.Listing == listing) continue;

                active |= other.IsLive;
                if (other.BarredUntil is { } until && (barredUntil is null || until > barredUntil)) barredUntil = until;
            }
        }

        return new Neighbours(active, barredUntil);
    }
}
