using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Core.Push;

namespace CreditShare.Tests.Lookup;

/// <summary>A store that holds listings and disclosures in memory, and that can be made to fail, to lag, or to pause.</summary>
internal sealed class StoreInMemory : IStore, IListingStore, IDisclosureLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ListingId, StoredListing> _listings = [];
    private readonly List<JournalEntry> _entries = [];

    public uint Epoch { get; set; } = 1;

    public long Head { get; private set; }

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public List<Disclosure> Recorded { get; } = [];

    public List<NotListedCount> Counted { get; } = [];

    /// <summary>How often documents were read.</summary>
    public int Reads { get; private set; }

    /// <summary>How many documents were read.</summary>
    public int DocumentsRead { get; private set; }

    /// <summary>The most documents that were read at once.</summary>
    public int LargestReading { get; private set; }

    /// <summary>Holds readings up that have begun.</summary>
    public Task Release { get; set; } = Task.CompletedTask;

    public bool IsDown { get; set; }

    public bool LedgerIsDown { get; set; }

    /// <summary>Runs whenever counts are written, before they are.</summary>
    public Action? WhileCounting { get; set; }

    /// <summary>Pretends to be a standby that is this many changes behind.</summary>
    public long Lag { get; set; }

    /// <summary>Runs whenever documents are read, before they are.</summary>
    public Action? WhileReading { get; set; }

    public IListingStore Listings => this;

    public IDisclosureLedger Disclosures => this;

    public IJournal Journal => throw new NotSupportedException();

    public INodeRegistry Nodes => throw new NotSupportedException();

    public IRegistryStore Registry => throw new NotSupportedException();

    /// <summary>Appends a change, and gives the entry.</summary>
    public JournalEntry Append(ChangeKind kind, Listing after)
    {
        var before = _listings.TryGetValue(after.Id, out var stored) ? stored.Listing.IndexedDocuments : [];
        var entry = new JournalEntry
        {
            Epoch = Epoch,
            Sequence = ++Head,
            Hash = new byte[32],
            Kind = kind,
            Listing = after,
            IndexedBefore = before,
            Partner = PartnerId.System,
            Operator = "测试",
            RecordedAt = DateTimeOffset.UnixEpoch,
        };
        _entries.Add(entry);
        _listings[after.Id] = new StoredListing { Listing = after, Epoch = Epoch, Sequence = Head, RecordedAt = entry.RecordedAt };
        return entry;
    }

    public async Task<IReadOnlyList<DocumentRecord>> ReadDocumentsAsync(
        IReadOnlyList<DocumentNumber> documents, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Frames of a screening, and readings that waited for their turn, come on threads of their own.
            Reads++;
            DocumentsRead += documents.Count;
            LargestReading = Math.Max(LargestReading, documents.Count);
        }

        await Release.WaitAsync(cancellationToken);
        WhileReading?.Invoke();
        ThrowIf(IsDown);
        return [.. documents.Select(RecordOf)];
    }

    public DocumentRecord RecordOf(DocumentNumber document) => new(
        document,
        Epoch,
        Head - Lag,
        [.. _listings.Values.Where(stored => stored.Listing.IndexedDocuments.Contains(document)).OrderByDescending(stored => stored.Sequence).Take(100)]);

    public Task<JournalHead> LoadDocumentsAsync(Action<ReadOnlySpan<byte>> document, CancellationToken cancellationToken)
    {
        var key = new byte[DocumentNumber.MaxKeyBytes];
        foreach (var number in _listings.Values.SelectMany(stored => stored.Listing.IndexedDocuments))
        {
            document(key.AsSpan(0, number.WriteKey(key)));
        }

        return Task.FromResult(new JournalHead(Epoch, Head, new byte[32]));
    }

    public Task<IReadOnlyList<StoredListing>> FindByNameAsync(
        SubjectName name, int? birthYear, string? region, int limit, CancellationToken cancellationToken)
    {
        ThrowIf(IsDown);
        IReadOnlyList<StoredListing> found =
        [
            .. _listings.Values.Where(stored => stored.Listing.State == ListingState.Published
                && stored.Listing.Content.Subject!.Name.Matches(name)
                && (birthYear is not { } year || stored.Listing.Content.Subject.BirthDate?.Year == year)
                && (region is null || stored.Listing.Content.Court.Region == region)).Take(limit),
        ];
        return Task.FromResult(found);
    }

    public Task RecordAsync(Disclosure disclosure, CancellationToken cancellationToken)
    {
        ThrowIf(LedgerIsDown);
        lock (Recorded) Recorded.Add(disclosure);
        return Task.CompletedTask;
    }

    public Task<Disclosure?> FindAsync(PartnerId partner, Guid answerId, CancellationToken cancellationToken) =>
        Task.FromResult(Recorded.Find(disclosure => disclosure.Partner == partner && disclosure.AnswerId == answerId));

    public Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken)
    {
        WhileCounting?.Invoke();
        ThrowIf(LedgerIsDown);
        Counted.AddRange(counts);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => default;

    Task<StoredListing?> IListingStore.FindAsync(ListingId listing, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<StoredListing>> IListingStore.ListAsync(CourtListingsQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<JournalEntry>> IListingStore.ListVersionsAsync(
        ListingId listing, long afterVersion, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<StoredListing>> IListingStore.ExportAsync(
        ListingFilter filter, ListingId? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlySet<ListingId>> IListingStore.FindEndedAsync(
        IReadOnlyCollection<ListingId> listings, DateOnly today, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyDictionary<ListingId, long>> IListingStore.FindCorrectedAsync(
        IReadOnlyCollection<ListingId> listings, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<DueListing>> IListingStore.FindExpiredAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<DueListing>> IListingStore.FindGraceOverAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<DueListing>> IListingStore.FindUnservedAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ISubscriptionStore Subscriptions => throw new NotSupportedException("Nobody subscribes here.");

    public IMeasureStore Measures => throw new NotSupportedException("No measure is reported here.");

    Task<IReadOnlyList<LookupRecipient>> IDisclosureLedger.ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task IDisclosureLedger.NoteReaderAsync(FeedReader reader, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<FeedReader>> IDisclosureLedger.ReadReadersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<NotListedCount>> IDisclosureLedger.ReadCountsAsync(DateOnly day, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static void ThrowIf(bool down)
    {
        if (down) throw new StoreUnavailableException("The test made it so.", innerException: null);
    }
}
