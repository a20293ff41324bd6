using System.Collections.Immutable;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Listings;

/// <summary>How a listing ended.</summary>
public sealed record Ending
{
    /// <summary>Why.</summary>
    public required EndReason Reason { get; init; }

    /// <summary>A finer reason by local rules.</summary>
    public string SubReason { get; init; } = "";

    /// <summary>The day of the event, in UTC+8.</summary>
    public required DateOnly EventDate { get; init; }

    /// <summary>The day the end was decided on here, in UTC+8; the bar of Art. 10(4) counts from it.</summary>
    public required DateOnly EndDate { get; init; }
}

/// <summary>One subject in one enforcement case of one court, after some change.</summary>
public sealed record Listing
{
    /// <summary>Its identity.</summary>
    public required ListingId Id { get; init; }

    /// <summary>0 when grace began, else 1 at publication; one more with each change.</summary>
    public required long Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required ListingState State { get; init; }

    /// <summary>What the court states.</summary>
    public required ListingContent Content { get; init; }

    /// <summary>The day of publication, in UTC+8; null before.</summary>
    public DateOnly? PublishedOn { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public Ending? Ending { get; init; }

    /// <summary>The last day on which the listing may be given out; null without a term.</summary>
    public DateOnly? LastDay => Content.Term?.End;

    /// <summary>Whether a lookup on that day finds the listing: published, and its term not over (Provisions Art. 2, Art. 10(2)).</summary>
    public bool IsActiveOn(DateOnly day) => State == ListingState.Published && (LastDay is not { } last || day <= last);

    /// <summary>The documents by which lookups find the listing while it is published, equivalents included, none twice.</summary>
    public ImmutableArray<DocumentNumber> IndexedDocuments => State == ListingState.Published ? AllDocuments : [];

    /// <summary>Every document the listing names, whatever its state, equivalents included, none twice.</summary>
    public ImmutableArray<DocumentNumber> AllDocuments => Content.Subject!.AllNumbers;
}
