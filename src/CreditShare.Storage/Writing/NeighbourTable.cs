using System.Runtime.InteropServices;
using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>Which listings share a case and a document, while a batch is decided: as stored, and as the batch has changed it so far.</summary>
internal sealed class NeighbourTable
{
    // One row each for nearly all, and never many.
    private readonly Dictionary<(LookupKey Document, LookupKey Case), NeighbourRow[]> _rows;

    /// <param name="rows">As stored.</param>
    /// <param name="expected">How many more will come, as far as is known.</param>
    public NeighbourTable(IReadOnlyCollection<NeighbourRow> rows, int expected)
    {
        _rows = new(rows.Count + expected);
        foreach (var row in rows) Set(row);
    }

    /// <summary>Takes what holds of a listing and a document from now on.</summary>
    public void Set(NeighbourRow row)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (row.Document, row.Case), out _);
        var known = rows is null ? -1 : Array.FindIndex(rows, other => other.Listing == row.Listing);
        if (known >= 0) rows![known] = row;
        else rows = rows is null ? [row] : [.. rows, row];
    }

    /// <summary>What the rules must know about other listings of the case that name one of the documents.</summary>
    public Neighbours Of(ListingId listing, LookupKey caseKey, IEnumerable<LookupKey> documents)
    {
        var active = false;
        DateOnly? barredUntil = null;
        foreach (var document in documents)
        {
            if (!_rows.TryGetValue((document, caseKey), out var listings)) continue;

            foreach (var other in listings)
            {
                if (other.Listing == listing) continue;

                active |= other.IsLive;
                if (other.BarredUntil is { } until && (barredUntil is null || until > barredUntil)) barredUntil = until;
            }
        }

        return new Neighbours(active, barredUntil);
    }
}
