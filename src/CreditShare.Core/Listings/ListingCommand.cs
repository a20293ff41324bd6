namespace CreditShare.Core.Listings;

/// <summary>The parts of a listing's content that a correction can replace.</summary>
[Flags]
public enum ContentParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The subject's name.</summary>
    Name = 1 << 0,

    /// <summary>The subject's documents.</summary>
    Documents = 1 << 1,

    /// <summary>The subject's sex.</summary>
    Sex = 1 << 2,

    /// <summary>The subject's birth date.</summary>
    BirthDate = 1 << 3,

    /// <summary>The organisation's people.</summary>
    RelatedPersons = 1 << 4,

    /// <summary>Special statuses.</summary>
    SpecialStatuses = 1 << 5,

    /// <summary>The filing date.</summary>
    FilingDate = 1 << 6,

    /// <summary>The grounds.</summary>
    Grounds = 1 << 7,

    /// <summary>The conduct in words.</summary>
    Conduct = 1 << 8,

    /// <summary>The enforcement basis.</summary>
    Basis = 1 << 9,

    /// <summary>The obligation.</summary>
    Obligation = 1 << 10,

    /// <summary>The obligation in money.</summary>
    ObligationAmount = 1 << 11,

    /// <summary>The performance.</summary>
    Performance = 1 << 12,

    /// <summary>The decision.</summary>
    Decision = 1 << 13,

    /// <summary>The service of the decision.</summary>
    Service = 1 << 14,

    /// <summary>The declaration under Art. 3.</summary>
    Article3 = 1 << 15,

    /// <summary>The term.</summary>
    Term = 1 << 16,
}

/// <summary>What somebody wants of a listing. Closed: the cases below are all there are.</summary>
/// <param name="Listing">The listing; a new identity in <see cref="Publish"/>.</param>
public abstract record ListingCommand(ListingId Listing)
{
    /// <summary>Put a subject on the list, or begin its period of grace when the content names one.</summary>
    public sealed record Publish(ListingId Listing, ListingContent Content) : ListingCommand(Listing);

    /// <summary>Publish after the grace, with what has come about in it: the service of the decision, a part that was performed. Null
    /// leaves what was stated when the grace began.</summary>
    public sealed record Confirm(ListingId Listing, long ExpectedVersion, DecisionService? Service = null, Performance? Performance = null)
        : ListingCommand(Listing);

    /// <summary>End in grace.</summary>
    public sealed record Cancel(ListingId Listing, long ExpectedVersion, EndReason Reason) : ListingCommand(Listing);

    /// <summary>Replace parts of the content; <paramref name="Values"/> counts only in those parts.</summary>
    public sealed record Correct(ListingId Listing, long ExpectedVersion, ContentParts Parts, ListingContent Values)
        : ListingCommand(Listing);

    /// <summary>Extend the term (Art. 2).</summary>
    public sealed record Extend(ListingId Listing, long ExpectedVersion, DateOnly End, TermExtension Extension)
        : ListingCommand(Listing);

    /// <summary>End a listing that was right while it stood (Art. 10, Art. 2(2)).</summary>
    public sealed record Withdraw(ListingId Listing, long ExpectedVersion, EndReason Reason, string SubReason, DateOnly? EventDate)
        : ListingCommand(Listing);

    /// <summary>End a listing that should never have been (Art. 9).</summary>
    public sealed record Revoke(ListingId Listing, long ExpectedVersion, string SubReason) : ListingCommand(Listing);

    /// <summary>Record that the term is over; the system's own command.</summary>
    public sealed record Expire(ListingId Listing, long ExpectedVersion) : ListingCommand(Listing);
}
