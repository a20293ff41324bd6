using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;

namespace CreditShare.Core.Push;

/// <summary>What became of the subject's matter.</summary>
public enum MeasureOutcome
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Blocked.</summary>
    Blocked = 1,

    /// <summary>Limited.</summary>
    Limited = 2,

    /// <summary>Denied.</summary>
    Denied = 3,

    /// <summary>Downgraded.</summary>
    Downgraded = 4,

    /// <summary>Warned.</summary>
    Warned = 5,

    /// <summary>Put on record only.</summary>
    RecordedOnly = 6,

    /// <summary>The listing had no bearing.</summary>
    NotApplicable = 7,

    /// <summary>Lifted.</summary>
    Lifted = 8,
}

/// <summary>What a partner did because of a listing.</summary>
public sealed record Measure
{
    /// <summary>Its number in the store, ascending; 0 before it is stored.</summary>
    public long Number { get; init; }

    /// <summary>Who reported it.</summary>
    public required PartnerId Partner { get; init; }

    /// <summary>The partner's own reference, unique with it; kept sealed, found by a keyed hash.</summary>
    public required string Reference { get; init; }

    /// <summary>The listing.</summary>
    public required ListingId Listing { get; init; }

    /// <summary>Its court.</summary>
    public required CourtCode Court { get; init; }

    /// <summary>The version that was acted on.</summary>
    public required long ListingVersion { get; init; }

    /// <summary>A code of <see cref="MeasureCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What became of the matter; stays what it was when the measure is lifted.</summary>
    public required MeasureOutcome Outcome { get; init; }

    /// <summary>On what it rests in law.</summary>
    public required string LegalBasis { get; init; }

    /// <summary>When it was applied.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>When it was lifted; null while it stands.</summary>
    public DateTimeOffset? LiftedAt { get; init; }

    /// <summary>The partner's branch.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Who answers for it; kept sealed.</summary>
    public required string Operator { get; init; }

    /// <summary>A note; kept sealed.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it was applied after the listing's end.</summary>
    public required bool StaleCopy { get; init; }

    /// <summary>When it was first reported.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Which measures a page is about.</summary>
public sealed record MeasureQuery
{
    /// <summary>Reported by this partner; null for all.</summary>
    public PartnerId? Partner { get; init; }

    /// <summary>Because of this listing; null for all.</summary>
    public ListingId? Listing { get; init; }

    /// <summary>Because of listings of these courts; null for all.</summary>
    public IReadOnlyList<CourtCode>? Courts { get; init; }

    /// <summary>Only those that stand.</summary>
    public bool OpenOnly { get; init; }

    /// <summary>Only those with a smaller number; null for the newest.</summary>
    public long? Before { get; init; }

    /// <summary>1 to 1,000.</summary>
    public required int Limit { get; init; }
}

/// <summary>The measures that partners reported.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="Journal.StoreUnavailableException"/>.</remarks>
public interface IMeasureStore
{
    /// <summary>Reads the measure of a reference; null if there is none.</summary>
    Task<Measure?> FindAsync(PartnerId partner, string reference, CancellationToken cancellationToken);

    /// <summary>Stores a new measure.</summary>
    /// <returns><see langword="false"/> if the reference is taken.</returns>
    Task<bool> AddAsync(Measure measure, CancellationToken cancellationToken);

    /// <summary>Marks a measure as lifted, if it stands.</summary>
    /// <returns><see langword="false"/> if there is none that stands.</returns>
    Task<bool> LiftAsync(PartnerId partner, string reference, DateTimeOffset liftedAt, CancellationToken cancellationToken);

    /// <summary>Reads measures, newest first.</summary>
    Task<IReadOnlyList<Measure>> ListAsync(MeasureQuery query, CancellationToken cancellationToken);
}
