using System.Collections.Immutable;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Tests.Infrastructure;

/// <summary>The fold of a <see cref="MemoryJournal"/>.</summary>
internal sealed class MemoryListings(MemoryJournal journal) : IListingStore
{
    /// <summary>Runs when a page of an export or of what is due was read, for what happens before it is used.</summary>
    public Action? PageRead { get; set; }

    public async Task<StoredListing?> FindAsync(ListingId listing, CancellationToken cancellationToken) =>
        (await StandingAsync(cancellationToken)).FirstOrDefault(stored => stored.Listing.Id == listing);

    public async Task<IReadOnlyList<DocumentRecord>> ReadDocumentsAsync(
        IReadOnlyList<DocumentNumber> documents, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(cancellationToken);
        var standing = await StandingAsync(cancellationToken);
        return [.. documents.Select(document => new DocumentRecord(
            document, head.Epoch, head.Sequence, [.. standing.Where(stored => stored.Listing.IndexedDocuments.Contains(document))]))];
    }

    public async Task<JournalHead> LoadDocumentsAsync(Action<ReadOnlySpan<byte>> document, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(cancellationToken);
        var key = new byte[DocumentNumber.MaxKeyBytes];
        foreach (var number in (await StandingAsync(cancellationToken)).SelectMany(stored => stored.Listing.IndexedDocuments))
        {
            document(key.AsSpan(0, number.WriteKey(key)));
        }

        return head;
    }

    public async Task<IReadOnlyList<StoredListing>> ListAsync(CourtListingsQuery query, CancellationToken cancellationToken) =>
    [
        .. After(await StandingAsync(cancellationToken), query.After)
            .Where(stored => stored.Listing.Content.Court == query.Court)
            .Where(stored => query.Case is null || stored.Listing.Content.Case == query.Case)
            .Where(stored => query.States.IsEmpty || query.States.Contains(stored.Listing.State))
            .Where(stored => query.GraceOverOn is not { } day || (stored.Listing.State == ListingState.Grace && stored.Listing.Content.GraceUntil < day))
            .Where(stored => query.UnservedOn is not { } day || (stored.Listing.State == ListingState.Published && UnservedSince(stored.Listing) < day))
            .Take(query.Limit),
    ];

    public async Task<IReadOnlyList<JournalEntry>> ListVersionsAsync(
        ListingId listing, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        await journal.ReadHeadAsync(cancellationToken);
        return [.. journal.Entries.Where(entry => entry.Listing.Id == listing && entry.Listing.Version > afterVersion).Take(limit)];
    }

    public async Task<IReadOnlyList<StoredListing>> ExportAsync(
        ListingFilter filter, ListingId? after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredListing> page =
        [
            .. After(await StandingAsync(cancellationToken), after)
                .Where(stored => stored.Listing.State == ListingState.Published && filter.Matches(stored.Listing))
                .Take(limit),
        ];
        PageRead?.Invoke();
        return page;
    }

    public async Task<IReadOnlyList<StoredListing>> FindByNameAsync(
        SubjectName name, int? birthYear, string? region, int limit, CancellationToken cancellationToken) =>
    [
        .. (await StandingAsync(cancellationToken))
            .Where(stored => stored.Listing.State == ListingState.Published && stored.Listing.Content.Subject!.Name.Matches(name))
            .Where(stored => birthYear is null || stored.Listing.Content.Subject!.BirthDate?.Year == birthYear)
            .Where(stored => region is null || stored.Listing.Content.Court.Region == region)
            .Take(limit),
    ];

    public async Task<IReadOnlySet<ListingId>> FindEndedAsync(
        IReadOnlyCollection<ListingId> listings, DateOnly today, CancellationToken cancellationToken) =>
        (await StandingAsync(cancellationToken)).Select(stored => stored.Listing)
            .Where(listing => listings.Contains(listing.Id) && !listing.IsActiveOn(today))
            .Select(listing => listing.Id).ToHashSet();

    public async Task<IReadOnlyDictionary<ListingId, long>> FindCorrectedAsync(
        IReadOnlyCollection<ListingId> listings, CancellationToken cancellationToken)
    {
        await journal.ReadHeadAsync(cancellationToken);
        return journal.Entries.Where(entry => entry.Kind == ChangeKind.Corrected && listings.Contains(entry.Listing.Id))
            .GroupBy(entry => entry.Listing.Id)
            .ToDictionary(corrections => corrections.Key, corrections => corrections.Max(entry => entry.Sequence));
    }

    public async Task<IReadOnlyList<DueListing>> FindExpiredAsync(DateOnly today, int limit, CancellationToken cancellationToken)
    {
        var page = Due(await StandingAsync(cancellationToken), ListingState.Published, listing => listing.LastDay, today, limit);
        PageRead?.Invoke();
        return page;
    }

    public async Task<IReadOnlyList<DueListing>> FindGraceOverAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        Due(await StandingAsync(cancellationToken), ListingState.Grace, listing => listing.Content.GraceUntil, today, limit);

    public async Task<IReadOnlyList<DueListing>> FindUnservedAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        Due(await StandingAsync(cancellationToken), ListingState.Published, UnservedSince, today, limit);

    private static DateOnly? UnservedSince(Listing listing) => listing.Content.Service is null ? listing.Content.Decision!.Date : null;

    private static ImmutableArray<DueListing> Due(
        IReadOnlyList<StoredListing> standing, ListingState state, Func<Listing, DateOnly?> lastDay, DateOnly today, int limit) =>
    [
        .. standing.Select(stored => stored.Listing)
            .Where(listing => listing.State == state && lastDay(listing) < today)
            .OrderBy(lastDay)
            .Take(limit)
            .Select(listing => new DueListing(listing.Id, listing.Content.Court, listing.Version, lastDay(listing)!.Value)),
    ];

    private static IEnumerable<StoredListing> After(IReadOnlyList<StoredListing> standing, ListingId? after) => standing
        .OrderBy(stored => stored.Listing.Id.ToString(), StringComparer.Ordinal)
        .Where(stored => after is null || string.CompareOrdinal(stored.Listing.Id.ToString(), after.Value.ToString()) > 0);

    private async Task<IReadOnlyList<StoredListing>> StandingAsync(CancellationToken cancellationToken)
    {
        await journal.ReadHeadAsync(cancellationToken);
        return
        [
            .. journal.Latest.Select(entry => new StoredListing
            {
                Listing = entry.Listing,
                Epoch = entry.Epoch,
                Sequence = entry.Sequence,
                RecordedAt = entry.RecordedAt,
            }),
        ];
    }
}
