using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.V1;
using ChangeKind = CreditShare.Core.Listings.ChangeKind;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Mapping;

/// <summary>Writes journal entries into the contract.</summary>
internal static class EntryMapping
{
    /// <summary>How long a correction tells which documents it removed: for those who follow, and not for those who read history, to whom it
    /// would disclose whoever was listed by mistake.</summary>
    public static readonly TimeSpan RemovedDocumentsFor = TimeSpan.FromHours(24);

    /// <summary>The listing as the entry left it.</summary>
    public static StoredListing AsStored(this JournalEntry entry) => new()
    {
        Listing = entry.Listing,
        Epoch = entry.Epoch,
        Sequence = entry.Sequence,
        RecordedAt = entry.RecordedAt,
    };

    /// <summary>Whether anybody but the listing's court may know of the change: grace is invisible (法发〔2019〕35号 Art. 15).</summary>
    public static bool IsShared(this JournalEntry entry) => entry.Kind is not (ChangeKind.GraceBegun or ChangeKind.Cancelled);

    /// <summary>The change as a receiver with that view may see it.</summary>
    /// <param name="entry">The change; one that <see cref="IsShared"/>.</param>
    /// <param name="view">The receiver's view.</param>
    /// <param name="isOutdated">The listing, as it stands now, can no longer be given out, or was corrected by a later change: then this one may
    /// name somebody who is not listed. The entry's own state does not tell.</param>
    /// <param name="courts">For the courts' names.</param>
    /// <param name="now">For what is told of a correction only while it is fresh.</param>
    public static Change ToProto(JournalEntry entry, View view, bool isOutdated, CourtDirectory courts, DateTimeOffset now)
    {
        var change = new Change
        {
            Epoch = entry.Epoch,
            Sequence = entry.Sequence,
            Kind = (V1.ChangeKind)entry.Kind,
            ListingName = ResourceNames.Of(entry.Listing.Content.Court, entry.Listing.Id),
            Version = entry.Listing.Version,
            Time = entry.RecordedAt.ToProto(),
        };

        // An end says how, and nothing of whom: the receiver has the name of the listing to act on.
        if (entry.Listing.Ending is { } ending)
        {
            change.Ending = (ending with { SubReason = "" }).ToProto();
            return change;
        }

        if (isOutdated)
        {
            change.Redacted = true;
            return change;
        }

        change.Listing = ListingMapping.ToProto(entry.AsStored(), view, courts);
        if (view == View.Full && entry.Kind == ChangeKind.Corrected && now - entry.RecordedAt < RemovedDocumentsFor)
        {
            change.RemovedDocuments.AddRange(entry.IndexedBefore
                .Except(entry.Listing.IndexedDocuments)
                .Select(document => document.ToProto(NumberForm.Whole)));
        }

        return change;
    }
}
