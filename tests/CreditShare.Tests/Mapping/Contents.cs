using System.Collections.Immutable;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using FsCheck;
using FsCheck.Fluent;

namespace CreditShare.Tests.Mapping;

/// <summary>Lawful contents of every shape.</summary>
internal static class Contents
{
    private static readonly Gen<string> s_texts =
        from length in Gen.Choose(1, 40)
        from characters in Gen.Elements("甲乙丙丁执行法院支付货款1234567890 ，。".ToCharArray()).ArrayOf(length)
        let text = new string(characters).Trim()
        where text.Length > 0
        select text;

    private static readonly Gen<ImmutableArray<SubjectDocument>> s_personsDocuments =
        from n in Gen.Choose(0, 999)
        from others in Gen.SubListOf(
            Sample.Document(DocumentType.Passport, "E12345678", "CHN"),
            Sample.Document(DocumentType.Passport, "ab 123456", "FR"),
            Sample.Document(DocumentType.HmPermit, "m1234567801"),
            Sample.Document(DocumentType.TwPermit, "12345678"),
            Sample.Document(DocumentType.MilitaryId, "军字第1234567号"),
            Sample.Document(DocumentType.Other, "a-123-456"))
        from old in Gen.Elements(true, false)
        let number = People.NumberOf(n)
        let resident = Sample.Document(DocumentType.ResidentId, old ? number[..6] + number[8..17] : number)
        select ImmutableArray.Create<SubjectDocument>([resident, .. others]);

    private static readonly Gen<Subject> s_persons =
        from documents in s_personsDocuments
        from statuses in Gen.SubListOf(SpecialStatus.StateFunctionary, SpecialStatus.CongressDeputy, SpecialStatus.CppccMember)
        select new Subject
        {
            Kind = SubjectKind.Person,
            Name = Sample.Name("测试甲"),
            Documents = documents,
            Sex = documents[0].Number.ImpliedSex!.Value,
            BirthDate = documents[0].Number.BirthDate,
            SpecialStatuses = [.. statuses],
        };

    private static readonly Gen<Subject> s_organisations =
        from people in Gen.SubListOf(RelatedPersonRole.Principal, RelatedPersonRole.DirectlyResponsible, RelatedPersonRole.ActualController)
        from statuses in Gen.SubListOf(SpecialStatus.StateOrgan, SpecialStatus.PublicInstitution, SpecialStatus.StateOwnedEnterprise)
        select Sample.Organisation.Subject! with
        {
            RelatedPersons =
            [
                .. people.Select(role => new RelatedPerson(Sample.Name("测试丙"), role)),
                new RelatedPerson(Sample.Name("测试乙"), RelatedPersonRole.LegalRepresentative),
            ],
            SpecialStatuses = [.. statuses],
        };

    /// <summary>Persons in lawful listings, with documents of every type that persons have.</summary>
    public static Gen<ListingContent> Persons { get; } = s_persons.SelectMany(ContentOf);

    /// <summary>Persons and organisations.</summary>
    public static Gen<ListingContent> Lawful { get; } = Gen.OneOf(s_persons, s_organisations).SelectMany(ContentOf);

    private static Gen<ListingContent> ContentOf(Subject subject) =>
        from text in s_texts
        from more in s_texts
        from years in Gen.Choose(0, 3)
        from first in Gen.Elements(Ground.RefusesThoughAble, Ground.Obstructs, Ground.Evades)
        from others in Gen.SubListOf(Ground.RefusesThoughAble, Ground.Evades, Ground.BreachesAssetReporting, Ground.RefusesSettlement)
        from isPartial in Gen.Elements(true, false)
        from isServed in Gen.Elements(true, false)
        from isInGrace in Gen.Elements(true, false)
        from origin in Gen.Elements(Origin.CreditorApplication, Origin.ExOfficio)
        from basis in Gen.Elements(System.Enum.GetValues<BasisType>()[1..])
        from units in Gen.Choose(0, int.MaxValue)
        let grounds = others.Append(first).Distinct().Order().ToArray()
        let hasTerm = grounds.Any(ground => ground != Ground.RefusesThoughAble)
        select Sample.Person with
        {
            Subject = subject,
            Grounds = [.. grounds],
            Article3Checked = grounds.Contains(Ground.RefusesThoughAble),
            Conduct = text,
            Obligation = more,
            Basis = new EnforcementBasis { Type = basis, Number = more, Maker = text },
            Origin = origin,
            ObligationAmount = units % 3 == 0 ? null : new Amount("CNY", units, units % 1_000_000_000),
            Performance = isPartial
                ? new Performance { State = PerformanceState.Partial, PerformedPart = text, UnperformedPart = more }
                : new Performance { State = PerformanceState.NotPerformed },
            Service = isServed ? new DecisionService(Sample.Today, ServiceMethod.PublicNotice) : null,
            Term = !hasTerm ? null : new Term
            {
                Start = Sample.Decided,
                End = Sample.TermEnd.AddYears(years),
                Extension = years == 0 ? null : new TermExtension(ExtensionReason.MultipleActs, [text, more + "二"]),
            },
            GraceUntil = isInGrace ? Sample.GraceUntil : null,
        };
}
