using System.Collections.Immutable;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

/// <summary>Lawful listings of made-up people, from which a test departs by the one thing it is about.</summary>
internal static class Sample
{
    public const string Man = "110000199003072138";
    public const string Woman = "510000197001019961";
    public const string SocialCreditCode = "91990000M000100Y4N";
    public const string IndividualBusiness = "92990000M000100Y4K";
    public const string ItsOrganisationCode = "M000100Y4";

    public static readonly DateOnly Today = new(2026, 3, 2);
    public static readonly DateOnly Decided = new(2026, 2, 2);
    public static readonly DateOnly TermEnd = new(2028, 2, 2);

    // The first day of grace that the law allows is the present one, so that it is over tomorrow.
    public static readonly DateOnly GraceUntil = Today;

    public static readonly ListingId Id = new(new Guid("0197a1b2-0000-7000-8000-000000000001"));

    /// <summary>A man on ground 4, for two years.</summary>
    public static ListingContent Person { get; } = new()
    {
        Court = Court("测01"),
        Case = Case("（2025）测01执12号"),
        Subject = new Subject
        {
            Kind = SubjectKind.Person,
            Name = Name("测试甲"),
            Documents = [Document(DocumentType.ResidentId, Man)],
            Sex = Sex.Male,
            BirthDate = new DateOnly(1990, 3, 7),
        },
        FilingDate = new DateOnly(2025, 12, 1),
        Grounds = [Ground.BreachesAssetReporting],
        Conduct = "未如实报告财产",
        Basis = new EnforcementBasis { Type = BasisType.CivilJudgment, Number = "（2025）测01民初7号", Maker = "测试法院" },
        Obligation = "支付货款",
        ObligationAmount = new Amount("CNY", 120_000, 500_000_000),
        Performance = new Performance { State = PerformanceState.NotPerformed },
        Decision = new CourtDecision
        {
            Number = "（2025）测01执12号决定书",
            Date = Decided,
            SignerRole = SignerRole.CourtPresident,
            Signer = "测试院长",
        },
        Service = new DecisionService(new DateOnly(2026, 2, 9), ServiceMethod.Electronic),
        Origin = Origin.CreditorApplication,
        Term = new Term { Start = Decided, End = TermEnd },
    };

    /// <summary>The same man on ground 1, without a term.</summary>
    public static ListingContent OpenEnded { get; } = Person with
    {
        Grounds = [Ground.RefusesThoughAble],
        Article3Checked = true,
        Term = null,
    };

    /// <summary>The same man, with a period of grace.</summary>
    public static ListingContent WithGrace { get; } = Person with { GraceUntil = GraceUntil };

    /// <summary>A company on ground 3, for two years.</summary>
    public static ListingContent Organisation { get; } = Person with
    {
        Subject = new Subject
        {
            Kind = SubjectKind.Organisation,
            Name = Name("测试有限公司"),
            Documents = [Document(DocumentType.Uscc, SocialCreditCode)],
            RelatedPersons = [new RelatedPerson(Name("测试乙"), RelatedPersonRole.LegalRepresentative)],
        },
        Grounds = [Ground.Evades],
    };

    public static CourtCode Court(string text)
    {
        Assert.That(CourtCode.TryParse(text, out var code), Is.True, text);
        return code;
    }

    public static CaseNumber Case(string text)
    {
        Assert.That(CaseNumber.TryParse(text, out var number, out var fault), Is.True, $"{text}: {fault}");
        return number!;
    }

    public static SubjectName Name(string text)
    {
        Assert.That(SubjectName.TryParse(text, out var name, out var fault), Is.True, $"{text}: {fault}");
        return name;
    }

    public static SubjectDocument Document(DocumentType type, string text, string country = "")
    {
        Assert.That(DocumentNumber.TryParse(type, text, country, Today, out var number, out var fault), Is.True, $"{text}: {fault}");
        return new SubjectDocument { Number = number, Submitted = text };
    }

    /// <summary>A document that could not be read.</summary>
    public static SubjectDocument Unreadable { get; } = new() { Number = default, Submitted = "?" };

    public static ListingContent WithSubject(this ListingContent content, Func<Subject, Subject> change) =>
        content with { Subject = change(content.Subject!) };

    public static ListingContent WithDocuments(this ListingContent content, params ImmutableArray<SubjectDocument> documents) =>
        content.WithSubject(subject => subject with { Documents = documents });

    public static ListingContent WithTerm(this ListingContent content, DateOnly start, DateOnly end, TermExtension? extension = null) =>
        content with { Term = new Term { Start = start, End = end, Extension = extension } };

    /// <summary>The content as decided on another day, its term two years from there.</summary>
    public static ListingContent DecidedOn(this ListingContent content, DateOnly day) => content with
    {
        Decision = content.Decision! with { Date = day },
        FilingDate = content.FilingDate < day ? content.FilingDate : day,
        Service = null,
        Term = content.Term is null ? null : new Term { Start = day, End = day.AddYears(2) },
    };

    public static ListingCommand.Publish Publish(ListingContent content) => new(Id, content);

    /// <summary>The listing after a publication that must be accepted.</summary>
    public static Listing Listed(ListingContent content) => Accepted(ListingRules.Decide(null, Publish(content), Today)).After;

    /// <summary>The listing after a command that must be accepted.</summary>
    public static Listing After(this Listing state, ListingCommand command, DateOnly? today = null) =>
        Accepted(ListingRules.Decide(state, command, today ?? Today)).After;

    public static Decision.Accepted Accepted(Decision decision) => decision.Match(
        accepted => accepted,
        refused => throw new AssertionException("Refused: " + string.Join(", ", Violations(refused))));

    /// <summary>What a decision says, in a word each: the kind of change, or the violations as field and reason.</summary>
    public static IEnumerable<string> Outcome(Decision decision) =>
        decision.Match(accepted => [accepted.Kind.ToString()], Violations);

    public static IEnumerable<string> Words(ImmutableArray<Violation> violations) =>
        violations.Select(violation => $"{violation.Field} {violation.Reason}".Trim());

    private static IEnumerable<string> Violations(Decision.Refused refused) => Words(refused.Violations);
}
