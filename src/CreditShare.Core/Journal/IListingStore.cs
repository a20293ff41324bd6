using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Journal;

/// <summary>A listing as it stands, with the change that made it so.</summary>
public sealed record StoredListing
{
    /// <summary>The state.</summary>
    public required Listing Listing { get; init; }

    /// <summary>The life in which it was written.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The change's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Which published listings name a document, at one moment of the journal.</summary>
/// <param name="Document">The document.</param>
/// <param name="Epoch">The journal's life.</param>
/// <param name="Sequence">The head of the snapshot that was read: the record holds as of this number.</param>
/// <param name="Listings">Published listings that name it, newest first.</param>
public sealed record DocumentRecord(DocumentNumber Document, uint Epoch, long Sequence, ImmutableArray<StoredListing> Listings);

/// <summary>Which listings a page is about. Only what never changes in a listing's life.</summary>
public sealed record ListingFilter
{
    /// <summary>These courts; with <see cref="Regions"/>, either may match; all if both are empty.</summary>
    public ImmutableArray<CourtCode> Courts { get; init; } = [];

    /// <summary>Courts of these regions.</summary>
    public ImmutableArray<string> Regions { get; init; } = [];

    /// <summary>This kind of subject; both if null.</summary>
    public SubjectKind? SubjectKind { get; init; }

    /// <summary>Whether the listing passes.</summary>
    public bool Matches(Listing listing) =>
        (SubjectKind is not { } kind || listing.Content.Subject!.Kind == kind)
        && ((Courts.IsEmpty && Regions.IsEmpty)
            || Courts.Contains(listing.Content.Court)
            || Regions.Contains(listing.Content.Court.Region, StringComparer.Ordinal));

    /// <summary>Whether the other one names the same, in the same order.</summary>
    public bool Equals(ListingFilter? other) =>
        ReferenceEquals(this, other)
        || (other is not null && SubjectKind == other.SubjectKind
            && Courts.AsSpan().SequenceEqual(other.Courts.AsSpan()) && Regions.AsSpan().SequenceEqual(other.Regions.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        SubjectKind, Courts.Length, Courts.IsEmpty ? default : Courts[0], Regions.Length, Regions.IsEmpty ? "" : Regions[0]);
}

/// <summary>A page of one court's listings.</summary>
public sealed record CourtListingsQuery
{
    /// <summary>The court.</summary>
    public required CourtCode Court { get; init; }

    /// <summary>Only this case.</summary>
    public CaseNumber? Case { get; init; }

    /// <summary>Only these states; all if empty.</summary>
    public ImmutableArray<ListingState> States { get; init; } = [];

    /// <summary>Only listings in grace whose last day of grace was before this one; null for any.</summary>
    public DateOnly? GraceOverOn { get; init; }

    /// <summary>Only published listings decided before this day whose decision is not known to be served; null for any.</summary>
    public DateOnly? UnservedOn { get; init; }

    /// <summary>Only ids above this one; null for the first page. The order is that of the UUID's text.</summary>
    public ListingId? After { get; init; }

    /// <summary>1 to 1,000.</summary>
    public required int Limit { get; init; }
}

/// <summary>A listing that the clock has something to say about.</summary>
/// <param name="Listing">The listing.</param>
/// <param name="Court">Its court.</param>
/// <param name="Version">Its version.</param>
/// <param name="Day">The last day of its term or of its grace, or the day of its decision.</param>
public sealed record DueListing(ListingId Listing, CourtCode Court, long Version, DateOnly Day);

/// <summary>The listings as they stand: the journal's fold, kept in the same transactions.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface IListingStore
{
    /// <summary>Reads a listing in any state; null if there is none.</summary>
    Task<StoredListing?> FindAsync(ListingId listing, CancellationToken cancellationToken);

    /// <summary>Reads the published listings that name the documents, all at one moment. At most 100 listings a document, the newest.</summary>
    /// <param name="documents">1 to 5,000; exactly these, no equivalents.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>A record each, in the order of <paramref name="documents"/>.</returns>
    Task<IReadOnlyList<DocumentRecord>> ReadDocumentsAsync(IReadOnlyList<DocumentNumber> documents, CancellationToken cancellationToken);

    /// <summary>Hands over the key of every document named by a published listing, once a listing, from one snapshot.</summary>
    /// <param name="document">Takes <see cref="DocumentNumber.WriteKey"/>'s bytes; called from several threads at once.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The head of the snapshot.</returns>
    Task<JournalHead> LoadDocumentsAsync(Action<ReadOnlySpan<byte>> document, CancellationToken cancellationToken);

    /// <summary>Reads a page of one court's listings.</summary>
    Task<IReadOnlyList<StoredListing>> ListAsync(CourtListingsQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the changes of one listing, oldest first, with versions above <paramref name="afterVersion"/> (−1 for all).</summary>
    Task<IReadOnlyList<JournalEntry>> ListVersionsAsync(ListingId listing, long afterVersion, int limit, CancellationToken cancellationToken);

    /// <summary>Reads a page of published listings by ascending id, each page from its own snapshot.</summary>
    Task<IReadOnlyList<StoredListing>> ExportAsync(ListingFilter filter, ListingId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds published listings by the exact normalised name of their subject.</summary>
    /// <param name="name">The name.</param>
    /// <param name="birthYear">Only persons born in that year; null for any.</param>
    /// <param name="region">Only courts of that region; null for any.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<IReadOnlyList<StoredListing>> FindByNameAsync(
        SubjectName name, int? birthYear, string? region, int limit, CancellationToken cancellationToken);

    /// <summary>Which of the listings can no longer be given out on that day: ended, or past their term.</summary>
    Task<IReadOnlySet<ListingId>> FindEndedAsync(IReadOnlyCollection<ListingId> listings, DateOnly today, CancellationToken cancellationToken);

    /// <summary>Which of the listings were corrected, each with the number of its last correction.</summary>
    Task<IReadOnlyDictionary<ListingId, long>> FindCorrectedAsync(IReadOnlyCollection<ListingId> listings, CancellationToken cancellationToken);

    /// <summary>Published listings whose term was over before that day, oldest first.</summary>
    Task<IReadOnlyList<DueListing>> FindExpiredAsync(DateOnly today, int limit, CancellationToken cancellationToken);

    /// <summary>Listings in grace whose last day of grace was before that day, oldest first.</summary>
    Task<IReadOnlyList<DueListing>> FindGraceOverAsync(DateOnly today, int limit, CancellationToken cancellationToken);

    /// <summary>Published listings decided before that day whose decision is not known to be served, oldest first.</summary>
    Task<IReadOnlyList<DueListing>> FindUnservedAsync(DateOnly today, int limit, CancellationToken cancellationToken);
}
