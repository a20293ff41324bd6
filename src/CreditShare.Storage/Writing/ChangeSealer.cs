using System.Collections.Immutable;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

/// <summary>Makes the rows of a change from what was decided: encrypts what is personal, blinds what is looked up.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class ChangeSealer(Keyring keys, EntryCodec codec)
{
    /// <summary>Seals a change.</summary>
    /// <param name="before">The listing before it; null for its first change.</param>
    /// <param name="accepted">What was decided.</param>
    /// <param name="request">Who asked for it.</param>
    /// <param name="dataKey">The listing's own key; null to make one.</param>
    /// <param name="wrappedKey">The same, wrapped.</param>
    /// <param name="lookups">Lookup keys known already.</param>
    public SealedChange Seal(
        Listing? before, Decision.Accepted accepted, AppendRequest request, byte[]? dataKey, byte[]? wrappedKey, LookupKeys lookups)
    {
        var after = accepted.After;
        if (dataKey is null || wrappedKey is null)
        {
            dataKey = Keyring.NewDataKey();
            wrappedKey = keys.Wrap(dataKey, after.Id);
        }

        var entry = new JournalEntry
        {
            Epoch = 0,
            Sequence = 0,
            Hash = default,
            Kind = accepted.Kind,
            Listing = after,
            IndexedBefore = before?.IndexedDocuments ?? [],
            Partner = request.Partner,
            Operator = request.Operator,
            RecordedAt = default,
        };
        return new SealedChange
        {
            Entry = entry,
            Change = codec.Seal(entry, dataKey, wrappedKey, lookups),
            Listing = RowOf(after, wrappedKey, isNew: before is null),
            Documents = RowsOf(before, after, lookups),
            DataKey = dataKey,
        };
    }

    private ListingRow RowOf(Listing listing, byte[] wrappedKey, bool isNew)
    {
        var content = listing.Content;
        var subject = content.Subject!;
        return new ListingRow
        {
            Id = listing.Id,
            Court = content.Court.Value,
            Region = content.Court.Region,
            State = listing.State,
            Version = listing.Version,
            Sequence = 0,
            SubjectKind = subject.Kind,
            Case = keys.CaseKeyOf(content.Court, content.Case!),
            Name = keys.NameKeyOf(subject.Name),
            NameAndYear = subject.BirthDate is { } date ? keys.NameKeyOf(subject.Name, date.Year) : null,
            LastDay = listing.LastDay,
            GraceUntil = content.GraceUntil,
            BarredUntil = ListingRules.BarredUntil(listing),
            UnservedSince = content.Service is null ? content.Decision!.Date : null,
            WrappedKey = wrappedKey,
            IsNew = isNew,
        };
    }

    private DocumentRow[] RowsOf(Listing? before, Listing after, LookupKeys lookups)
    {
        var isActive = after.State == ListingState.Published;
        var named = after.AllDocuments;
        ImmutableArray<DocumentNumber> dropped = before is null ? [] : [.. before.AllDocuments.Except(named)];

        var rows = new DocumentRow[named.Length + dropped.Length];
        for (var i = 0; i < named.Length; i++) rows[i] = RowOf(named[i], isNamed: true, isActive);
        for (var i = 0; i < dropped.Length; i++) rows[named.Length + i] = RowOf(dropped[i], isNamed: false, isActive: false);
        return rows;

        DocumentRow RowOf(DocumentNumber document, bool isNamed, bool isActive)
        {
            var key = lookups.Of(document);
            return new DocumentRow(key, after.Id, keys.SealDocument(document, key, after.Id), isNamed, isActive, IsNew: before is null);
        }
    }
}
