using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Listings;

/// <summary>A document as the court named it and as it is compared.</summary>
public sealed record SubjectDocument
{
    /// <summary>The canonical number.</summary>
    public required DocumentNumber Number { get; init; }

    /// <summary>The number as it was submitted, kept for the court: a 15-digit number stays readable as such.</summary>
    public required string Submitted { get; init; }
}

/// <summary>A person behind a listed organisation; never listed through it (法发〔2019〕35号 Art. 16).</summary>
public sealed record RelatedPerson(SubjectName Name, RelatedPersonRole Role);

/// <summary>The person or organisation of one listing.</summary>
public sealed record Subject
{
    /// <summary>Person or organisation; fixed for the listing's life.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>The full name.</summary>
    public required SubjectName Name { get; init; }

    /// <summary>1 to 20 documents, none twice.</summary>
    public required ImmutableArray<SubjectDocument> Documents
    {
        get;
        init => (field, AllNumbers) = (value, NumbersOf(value));
    }

    /// <summary>Every number by which the subject can be found: those of the documents that could be read and their equivalents, none
    /// twice.</summary>
    public ImmutableArray<DocumentNumber> AllNumbers { get; private init; }

    /// <summary>A person's sex.</summary>
    public Sex Sex { get; init; }

    /// <summary>A person's birth date.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>An organisation's people.</summary>
    public ImmutableArray<RelatedPerson> RelatedPersons { get; init; } = [];

    /// <summary>Positions that widen the circle of those to be told.</summary>
    public ImmutableArray<SpecialStatus> SpecialStatuses { get; init; } = [];

    /// <summary>Whether all parts are the same, arrays by their items in order.</summary>
    public bool Equals(Subject? other) =>
        other is not null
        && Kind == other.Kind
        && Name == other.Name
        && Documents.HasItemsOf(other.Documents)
        && Sex == other.Sex
        && BirthDate == other.BirthDate
        && RelatedPersons.HasItemsOf(other.RelatedPersons)
        && SpecialStatuses.HasItemsOf(other.SpecialStatuses);

    /// <summary>A hash that equal subjects share.</summary>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Name);
        Documents.AddItemsTo(ref hash);
        return hash.ToHashCode();
    }

    private static ImmutableArray<DocumentNumber> NumbersOf(ImmutableArray<SubjectDocument> documents)
    {
        // Nearly everybody is listed under one number that has no equivalent.
        if (documents.IsDefaultOrEmpty) return [];
        if (documents is [{ Number: var only }] && only != default && !only.TryGetOrganisationCode(out _)) return [only];

        return [.. documents.Where(document => document.Number != default).SelectMany(document => document.Number.Equivalents).Distinct()];
    }
}

/// <summary>The instrument that fixed the obligation (Provisions Art. 6(5)).</summary>
public sealed record EnforcementBasis
{
    /// <summary>Its kind.</summary>
    public required BasisType Type { get; init; }

    /// <summary>Its number, free text.</summary>
    public required string Number { get; init; }

    /// <summary>Who made it.</summary>
    public required string Maker { get; init; }
}

/// <summary>An amount of money.</summary>
/// <param name="Currency">ISO 4217, three letters.</param>
/// <param name="Units">Whole units, not negative.</param>
/// <param name="Nanos">Billionths of a unit, 0 to 999,999,999.</param>
public sealed record Amount(string Currency, long Units, int Nanos);

/// <summary>The state of performance (Provisions Art. 6(3)).</summary>
public sealed record Performance
{
    /// <summary>How far.</summary>
    public required PerformanceState State { get; init; }

    /// <summary>What has been performed.</summary>
    public string PerformedPart { get; init; } = "";

    /// <summary>What has not.</summary>
    public string UnperformedPart { get; init; } = "";
}

/// <summary>The court's written decision (Provisions Art. 5).</summary>
public sealed record CourtDecision
{
    /// <summary>Its number.</summary>
    public required string Number { get; init; }

    /// <summary>The day it was made and took effect.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The office of the signer.</summary>
    public required SignerRole SignerRole { get; init; }

    /// <summary>The signer's name.</summary>
    public required string Signer { get; init; }
}

/// <summary>That the decision was served.</summary>
public sealed record DecisionService(DateOnly Date, ServiceMethod Method);

/// <summary>An extension of the term (Provisions Art. 2).</summary>
public sealed record TermExtension(ExtensionReason Reason, ImmutableArray<string> Acts)
{
    /// <summary>Whether reason and acts are the same, in order.</summary>
    public bool Equals(TermExtension? other) => other is not null && Reason == other.Reason && Acts.HasItemsOf(other.Acts);

    /// <summary>A hash that equal extensions share.</summary>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Reason);
        Acts.AddItemsTo(ref hash);
        return hash.ToHashCode();
    }
}

/// <summary>The term of a listing on grounds 2 to 6 (Provisions Art. 2).</summary>
public sealed record Term
{
    /// <summary>The first day.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>The last day; from the next day on the listing is never given out.</summary>
    public required DateOnly End { get; init; }

    /// <summary>Set when it is longer than two years.</summary>
    public TermExtension? Extension { get; init; }
}

/// <summary>What a court states about a listing. Complete once the content rules found no violation.</summary>
public sealed record ListingContent
{
    /// <summary>The enforcing court.</summary>
    public required CourtCode Court { get; init; }

    /// <summary>The enforcement case.</summary>
    public required CaseNumber? Case { get; init; }

    /// <summary>Who is listed.</summary>
    public required Subject? Subject { get; init; }

    /// <summary>The day the case was filed.</summary>
    public required DateOnly? FilingDate { get; init; }

    /// <summary>The grounds, ascending, none twice.</summary>
    public required ImmutableArray<Ground> Grounds { get; init; }

    /// <summary>What was done, in words.</summary>
    public string Conduct { get; init; } = "";

    /// <summary>The instrument being enforced.</summary>
    public required EnforcementBasis? Basis { get; init; }

    /// <summary>The obligation it fixed.</summary>
    public required string Obligation { get; init; }

    /// <summary>The obligation in money.</summary>
    public Amount? ObligationAmount { get; init; }

    /// <summary>How far it has been performed.</summary>
    public required Performance? Performance { get; init; }

    /// <summary>The decision to list.</summary>
    public required CourtDecision? Decision { get; init; }

    /// <summary>That it was served; may follow.</summary>
    public DecisionService? Service { get; init; }

    /// <summary>Who set the procedure going.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The court's declaration under Art. 3.</summary>
    public bool Article3Checked { get; init; }

    /// <summary>The term, or none.</summary>
    public Term? Term { get; init; }

    /// <summary>The last day of grace, or none.</summary>
    public DateOnly? GraceUntil { get; init; }

    /// <summary>Whether all parts are the same, arrays by their items in order.</summary>
    public bool Equals(ListingContent? other) =>
        other is not null
        && Court == other.Court
        && Case == other.Case
        && Subject == other.Subject
        && FilingDate == other.FilingDate
        && Grounds.HasItemsOf(other.Grounds)
        && Conduct == other.Conduct
        && Basis == other.Basis
        && Obligation == other.Obligation
        && ObligationAmount == other.ObligationAmount
        && Performance == other.Performance
        && Decision == other.Decision
        && Service == other.Service
        && Origin == other.Origin
        && Article3Checked == other.Article3Checked
        && Term == other.Term
        && GraceUntil == other.GraceUntil;

    /// <summary>A hash that equal contents share.</summary>
    public override int GetHashCode() => HashCode.Combine(Court, Case, Subject, Decision, Term);
}
