using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Journal;

/// <summary>One version of a listing that an answer gave away.</summary>
/// <param name="Listing">The listing.</param>
/// <param name="Court">Its court.</param>
/// <param name="Version">Its version then.</param>
/// <param name="Verdict">What was said because of it; <see cref="Verdict.None"/> for a candidate of a search by name.</param>
/// <param name="Document">The document asked about; kept blinded. Null for a search by name.</param>
public sealed record DisclosedListing(ListingId Listing, CourtCode Court, long Version, Verdict Verdict, DocumentNumber? Document);

/// <summary>An answer that disclosed something: who was told what, why and when.</summary>
public sealed record Disclosure
{
    /// <summary>The answer's id.</summary>
    public required Guid AnswerId { get; init; }

    /// <summary>Who was told.</summary>
    public required PartnerId Partner { get; init; }

    /// <summary>Why it asked.</summary>
    public required Purpose Purpose { get; init; }

    /// <summary>Its own file number; kept sealed, since people write anything there.</summary>
    public required string Reference { get; init; }

    /// <summary>Who asked there; kept sealed.</summary>
    public required string Operator { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The journal's life of the answer.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The answer's freshness.</summary>
    public required long Sequence { get; init; }

    /// <summary>What was disclosed, at least one.</summary>
    public required ImmutableArray<DisclosedListing> Listings { get; init; }
}

/// <summary>How often a partner was told that somebody is not listed; no subject is kept.</summary>
public sealed record NotListedCount(PartnerId Partner, Purpose Purpose, DateOnly Day, long Count);

/// <summary>A partner that was told of a listing by an answer.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="FirstAt">When first.</param>
/// <param name="LastAt">When last; the answer may be acted on for the service's validity from then.</param>
/// <param name="LastVersion">The highest version it was told of.</param>
public sealed record LookupRecipient(PartnerId Partner, DateTimeOffset FirstAt, DateTimeOffset LastAt, long LastVersion);

/// <summary>A partner that reads the feed without a subscription.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="FirstAt">When it first did.</param>
/// <param name="LastAt">When it last did, to within a minute.</param>
/// <param name="FirstSequence">The smallest number it began behind.</param>
/// <param name="LastSequence">The highest number it was sent, to within a minute; its reading may have gone on since.</param>
public sealed record FeedReader(PartnerId Partner, DateTimeOffset FirstAt, DateTimeOffset LastAt, long FirstSequence, long LastSequence);

/// <summary>Remembers what was disclosed to whom.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface IDisclosureLedger
{
    /// <summary>Records an answer; durable on return. Concurrent calls are grouped into one commit.</summary>
    Task RecordAsync(Disclosure disclosure, CancellationToken cancellationToken);

    /// <summary>Reads an answer of that partner; null if it has none of that id.</summary>
    Task<Disclosure?> FindAsync(PartnerId partner, Guid answerId, CancellationToken cancellationToken);

    /// <summary>Reads, for each partner that was told of the listing by an answer, when first and when last.</summary>
    Task<IReadOnlyList<LookupRecipient>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken);

    /// <summary>Notes that a partner reads the feed without a subscription, up to a number; called before the reading is sent.</summary>
    Task NoteReaderAsync(FeedReader reader, CancellationToken cancellationToken);

    /// <summary>Reads every partner that has read the feed without a subscription.</summary>
    Task<IReadOnlyList<FeedReader>> ReadReadersAsync(CancellationToken cancellationToken);

    /// <summary>Adds to the counts of answers that disclosed nothing.</summary>
    Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken);

    /// <summary>Reads the counts of a day.</summary>
    Task<IReadOnlyList<NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken);
}
