using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Server.Lookup;

/// <summary>Which elements of a query agreed with a listing.</summary>
[Flags]
internal enum MatchedElements
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The document.</summary>
    Document = 1 << 0,

    /// <summary>The name.</summary>
    Name = 1 << 1,

    /// <summary>The holder's birth date.</summary>
    BirthDate = 1 << 2,
}

/// <summary>What follows from the listings that name a document for somebody who asks about a subject. Pure.</summary>
/// <param name="Verdict">What is said.</param>
/// <param name="Listings">The listings because of which it is said, the newest first; empty for NOT_LISTED.</param>
/// <param name="Matched">What agreed.</param>
internal sealed record SubjectJudgement(Verdict Verdict, ImmutableArray<StoredListing> Listings, MatchedElements Matched)
{
    /// <summary>Nothing active names the document.</summary>
    public static SubjectJudgement NotListed { get; } = new(Verdict.NotListed, [], MatchedElements.None);

    /// <summary>The last day on which all of the listings can still be given out; null if none has a term.</summary>
    public DateOnly? FirstLastDay => Listings.Min(stored => stored.Listing.LastDay);

    /// <summary>Judges.</summary>
    /// <param name="query">Who is asked about.</param>
    /// <param name="records">The records of the document and of its equivalents.</param>
    /// <param name="today">The day in UTC+8.</param>
    public static SubjectJudgement Of(SubjectQuery query, IEnumerable<DocumentRecord> records, DateOnly today) =>
        Of(query, records.SelectMany(record => record.Listings), today);

    /// <summary>Judges.</summary>
    /// <param name="query">Who is asked about.</param>
    /// <param name="listings">Listings that name the document or an equivalent, some maybe twice.</param>
    /// <param name="today">The day in UTC+8.</param>
    public static SubjectJudgement Of(SubjectQuery query, IEnumerable<StoredListing> listings, DateOnly today)
    {
        // A listing that names a social credit code stands in the record of the organisation code too.
        ImmutableArray<StoredListing> active =
        [
            .. listings.Where(stored => stored.Listing.IsActiveOn(today))
                .DistinctBy(stored => stored.Listing.Id)
                .OrderByDescending(stored => stored.Sequence),
        ];
        if (active.IsEmpty) return NotListed;

        // Several listings may carry several names, one of them misspelt: a single match lists. Only what matches is given out.
        ImmutableArray<StoredListing> matching = [.. active.Where(stored => Agrees(query, stored.Listing.Content.Subject!))];
        return matching.IsEmpty
            ? new(Verdict.NameMismatch, active, ElementsOf(query, active))
            : new(Verdict.Listed, matching, ElementsOf(query, matching));
    }

    private static bool Agrees(SubjectQuery query, Subject subject) =>
        (query.Name is not { } name || name.Matches(subject.Name))
        && (query.HolderBirthDate is not { } birthDate || subject.BirthDate == birthDate);

    private static MatchedElements ElementsOf(SubjectQuery query, ImmutableArray<StoredListing> listings)
    {
        var elements = MatchedElements.Document;
        if (query.Name is { } name && listings.Any(stored => name.Matches(stored.Listing.Content.Subject!.Name)))
        {
            elements |= MatchedElements.Name;
        }

        if (query.HolderBirthDate is { } date && listings.Any(stored => stored.Listing.Content.Subject!.BirthDate == date))
        {
            elements |= MatchedElements.BirthDate;
        }

        return elements;
    }
}
