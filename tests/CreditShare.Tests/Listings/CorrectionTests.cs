using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

internal sealed class CorrectionTests
{
    private static readonly SubjectDocument s_man = Sample.Document(DocumentType.ResidentId, Sample.Man);
    private static readonly SubjectDocument s_woman = Sample.Document(DocumentType.ResidentId, Sample.Woman);
    private static readonly SubjectDocument s_passport = Sample.Document(DocumentType.Passport, "X1234567", "USA");
    private static readonly SubjectName s_otherName = Sample.Name("测试丁");

    private static readonly Listing s_listed = Sample.Listed(Sample.Person);

    // Every part of it differs from that of the listing, and is lawful beside the listing's other parts.
    private static readonly ListingContent s_other = Sample.Person with
    {
        Subject = Sample.Person.Subject! with
        {
            Name = s_otherName,
            Documents = [s_man, s_passport],
            SpecialStatuses = [SpecialStatus.CppccMember],
        },
        FilingDate = new DateOnly(2025, 12, 2),
        Grounds = [Ground.Evades, Ground.BreachesAssetReporting],
        Conduct = "",
        Basis = Sample.Person.Basis! with { Number = "（2025）测01民初8号" },
        Obligation = "支付货款及利息",
        ObligationAmount = null,
        Performance = new Performance { State = PerformanceState.Full },
        Decision = Sample.Person.Decision! with { Number = "（2025）测01执12号决定书之一" },
        Service = null,
        Article3Checked = true,
        Term = new Term
        {
            Start = Sample.Decided,
            End = new DateOnly(2030, 2, 2),
            Extension = new TermExtension(ExtensionReason.MultipleActs, ["隐匿车辆", "虚假报告"]),
        },
    };

    [TestCase(ContentParts.Name)]
    [TestCase(ContentParts.Documents)]
    [TestCase(ContentParts.SpecialStatuses)]
    [TestCase(ContentParts.FilingDate)]
    [TestCase(ContentParts.Grounds)]
    [TestCase(ContentParts.Conduct)]
    [TestCase(ContentParts.Basis)]
    [TestCase(ContentParts.Obligation)]
    [TestCase(ContentParts.ObligationAmount)]
    [TestCase(ContentParts.Performance)]
    [TestCase(ContentParts.Decision)]
    [TestCase(ContentParts.Service)]
    [TestCase(ContentParts.Article3)]
    [TestCase(ContentParts.Term)]
    public void A_correction_replaces_the_named_part_and_no_other(ContentParts part)
    {
        var after = s_listed.After(Correct(part, s_other)).Content;

        Assert.That(PartsThatDiffer(s_listed.Content, after), Is.EqualTo(part));
    }

    [Test]
    public void A_correction_replaces_sex_and_birth_date_where_no_number_carries_them()
    {
        var listed = Sample.Listed(Sample.Person.WithDocuments(s_passport));
        var values = Sample.Person.WithSubject(subject => subject with { Sex = Sex.Female, BirthDate = new DateOnly(1990, 7, 3) });

        var after = listed.After(Correct(ContentParts.Sex | ContentParts.BirthDate, values)).Content;

        Assert.That(PartsThatDiffer(listed.Content, after), Is.EqualTo(ContentParts.Sex | ContentParts.BirthDate));
    }

    [Test]
    public void A_correction_replaces_an_organisations_people()
    {
        var listed = Sample.Listed(Sample.Organisation);
        var values = Sample.Organisation.WithSubject(subject => subject with
        {
            RelatedPersons = [new RelatedPerson(s_otherName, RelatedPersonRole.LegalRepresentative)],
        });

        var after = listed.After(Correct(ContentParts.RelatedPersons, values)).Content;

        Assert.That(PartsThatDiffer(listed.Content, after), Is.EqualTo(ContentParts.RelatedPersons));
    }

    [Test]
    public void A_correction_never_moves_a_listing_to_another_court_case_kind_origin_or_grace()
    {
        var values = s_other with
        {
            Court = Sample.Court("测02"),
            Case = Sample.Case("（2025）测02执1号"),
            Subject = s_other.Subject! with { Kind = SubjectKind.Organisation },
            Origin = Origin.ExOfficio,
            GraceUntil = Sample.GraceUntil,
        };

        var after = s_listed.After(Correct((ContentParts)~0, values)).Content;

        Assert.That(
            (after.Court, after.Case, after.Subject!.Kind, after.Origin, after.GraceUntil),
            Is.EqualTo((Sample.Person.Court, Sample.Person.Case, SubjectKind.Person, Origin.CreditorApplication, (DateOnly?)null)));
    }

    [TestCase(ContentParts.None)]
    [TestCase((ContentParts)~0)]
    public void A_correction_that_changes_nothing_is_refused(ContentParts parts) =>
        Assert.That(Refusals(s_listed, Correct(parts, Sample.Person)), Is.EqualTo(new[] { "NothingChanged" }));

    [TestCase(ContentParts.Name)]
    [TestCase(ContentParts.SpecialStatuses)]
    public void A_correction_of_a_subject_that_is_not_there_is_refused(ContentParts part) =>
        Assert.That(
            Refusals(s_listed, Correct(part, Sample.Person with { Subject = null })), Is.EqualTo(new[] { "subject FieldRequired" }));

    [Test]
    public void A_correction_of_something_else_needs_no_subject() =>
        Assert.That(
            s_listed.After(Correct(ContentParts.Conduct, s_other with { Subject = null })).Content.Subject, Is.EqualTo(Sample.Person.Subject));

    [Test]
    public void A_corrected_content_is_checked_as_a_whole()
    {
        var values = s_other with { Grounds = [Ground.RefusesThoughAble], Decision = null, Basis = null };

        Assert.That(
            Refusals(s_listed, Correct(ContentParts.Grounds | ContentParts.Decision | ContentParts.Basis, values)),
            Is.EquivalentTo(new[]
            {
                "article3_checked Article3NotDeclared", "decision FieldRequired", "basis FieldRequired", "term TermNotAllowed",
            }));
    }

    [Test]
    public void A_corrected_term_without_days_is_that_of_the_decision()
    {
        var listed = Sample.Listed(Sample.Person.WithTerm(Sample.Today, new DateOnly(2028, 3, 2)));

        var after = listed.After(Correct(ContentParts.Term, Sample.Person.WithTerm(default, default)));

        Assert.That(after.Content.Term, Is.EqualTo(Sample.Person.Term));
    }

    [Test]
    public void Art_2_1_a_correction_that_leaves_a_term_that_is_over_is_refused()
    {
        var values = s_other.DecidedOn(new DateOnly(2024, 2, 1)) with { FilingDate = new DateOnly(2024, 1, 2) };

        Assert.That(
            Refusals(s_listed, Correct(ContentParts.Decision | ContentParts.Term | ContentParts.FilingDate, values)),
            Is.EqualTo(new[] { "term.end TermOver" }));
    }

    [Test]
    public void Art_4_a_correction_that_shows_a_minor_is_refused()
    {
        var listed = Sample.Listed(Sample.Person.WithDocuments(s_passport));
        var values = Sample.Person.WithSubject(subject => subject with { BirthDate = new DateOnly(2012, 2, 29) });

        Assert.That(Refusals(listed, Correct(ContentParts.BirthDate, values)), Is.EqualTo(new[] { "subject.birth_date SubjectIsMinor" }));
    }

    [Test]
    public void The_last_document_cannot_be_corrected_away() =>
        Assert.That(
            Refusals(s_listed, Correct(ContentParts.Documents, Sample.Person.WithDocuments())),
            Is.EqualTo(new[] { "subject.documents FieldRequired" }));

    [Test]
    public void Another_number_of_the_same_name_brings_its_own_birth_date_and_sex()
    {
        var after = s_listed.After(Correct(ContentParts.Documents, Sample.Person.WithDocuments(s_woman))).Content.Subject!;

        Assert.That((after.BirthDate, after.Sex), Is.EqualTo(((DateOnly?)new DateOnly(1970, 1, 1), Sex.Female)));
    }

    [Test]
    public void A_document_that_carries_nothing_leaves_birth_date_and_sex()
    {
        var after = s_listed.After(Correct(ContentParts.Documents, Sample.Person.WithDocuments(s_passport))).Content.Subject!;

        Assert.That((after.BirthDate, after.Sex), Is.EqualTo(((DateOnly?)new DateOnly(1990, 3, 7), Sex.Male)));
    }

    [Test]
    public void What_the_court_stated_itself_is_held_against_a_new_number()
    {
        var listed = Sample.Listed(Sample.Person.WithDocuments(s_passport));

        Assert.That(
            Refusals(listed, Correct(ContentParts.Documents, Sample.Person.WithDocuments(s_passport, s_woman))),
            Is.EquivalentTo(new[] { "subject.birth_date SubjectContradictsNumber", "subject.sex SubjectContradictsNumber" }));
    }

    [Test]
    public void Name_and_documents_cannot_both_become_somebody_elses()
    {
        var values = Sample.Person.WithDocuments(s_woman).WithSubject(subject => subject with { Name = s_otherName });

        Assert.That(
            Refusals(s_listed, Correct(ContentParts.Name | ContentParts.Documents, values)), Is.EqualTo(new[] { "IdentityReplaced" }));
    }

    [Test]
    public void A_name_written_in_another_way_is_the_same_name()
    {
        var values = Sample.Person.WithDocuments(s_passport).WithSubject(subject => subject with { Name = Sample.Name("测 试 甲") });

        Assert.That(
            s_listed.After(Correct(ContentParts.Name | ContentParts.Documents, values)).Content.Subject!.Name.Text, Is.EqualTo("测 试 甲"));
    }

    [Test]
    public void One_document_that_stays_is_enough_for_another_name() =>
        Assert.That(
            s_listed.After(Correct(ContentParts.Name | ContentParts.Documents, s_other)).Content.Subject!.Name, Is.EqualTo(s_otherName));

    [Test]
    public void The_organisation_code_in_a_social_credit_code_stays_the_same_organisation()
    {
        var values = Sample.Organisation.WithDocuments(Sample.Document(DocumentType.OrgCode, Sample.ItsOrganisationCode))
            .WithSubject(subject => subject with { Name = Sample.Name("测试新名称有限公司") });

        var decision = ListingRules.Decide(
            Sample.Listed(Sample.Organisation),
            Correct(ContentParts.Name | ContentParts.Documents, values),
            Sample.Today,
            new Neighbours(Active: true, BarredUntil: null));

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { "Corrected" }));
    }

    [Test]
    public void A_document_that_another_listing_of_the_case_names_cannot_be_added() =>
        Assert.That(
            Sample.Outcome(ListingRules.Decide(
                s_listed, Correct(ContentParts.Documents, s_other), Sample.Today, new Neighbours(Active: true, BarredUntil: null))),
            Is.EqualTo(new[] { "AlreadyListed" }));

    [Test]
    public void A_document_can_be_taken_away_whatever_the_neighbours_are()
    {
        var listed = Sample.Listed(Sample.Person.WithDocuments(s_man, s_passport));

        var decision = ListingRules.Decide(
            listed,
            Correct(ContentParts.Documents, Sample.Person),
            Sample.Today,
            new Neighbours(Active: true, BarredUntil: DateOnly.MaxValue));

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { "Corrected" }));
    }

    [Test]
    public void A_correction_claims_only_the_documents_it_adds() =>
        Assert.That(
            ListingRules.ClaimedDocuments(s_listed, Correct(ContentParts.Documents, s_other)), Is.EqualTo(new[] { s_passport.Number }));

    [Test]
    public void A_correction_of_other_parts_claims_nothing() =>
        Assert.That(ListingRules.ClaimedDocuments(s_listed, Correct(ContentParts.Name, s_other)), Is.Empty);

    private static ListingCommand.Correct Correct(ContentParts parts, ListingContent values) => new(Sample.Id, 1, parts, values);

    private static IEnumerable<string> Refusals(Listing listing, ListingCommand command) =>
        Sample.Outcome(ListingRules.Decide(listing, command, Sample.Today));

    private static ContentParts PartsThatDiffer(ListingContent one, ListingContent other)
    {
        var (a, b) = (one.Subject!, other.Subject!);
        (ContentParts Part, bool Differs)[] parts =
        [
            (ContentParts.Name, a.Name != b.Name),
            (ContentParts.Documents, !a.Documents.SequenceEqual(b.Documents)),
            (ContentParts.Sex, a.Sex != b.Sex),
            (ContentParts.BirthDate, a.BirthDate != b.BirthDate),
            (ContentParts.RelatedPersons, !a.RelatedPersons.SequenceEqual(b.RelatedPersons)),
            (ContentParts.SpecialStatuses, !a.SpecialStatuses.SequenceEqual(b.SpecialStatuses)),
            (ContentParts.FilingDate, one.FilingDate != other.FilingDate),
            (ContentParts.Grounds, !one.Grounds.SequenceEqual(other.Grounds)),
            (ContentParts.Conduct, one.Conduct != other.Conduct),
            (ContentParts.Basis, one.Basis != other.Basis),
            (ContentParts.Obligation, one.Obligation != other.Obligation),
            (ContentParts.ObligationAmount, one.ObligationAmount != other.ObligationAmount),
            (ContentParts.Performance, one.Performance != other.Performance),
            (ContentParts.Decision, one.Decision != other.Decision),
            (ContentParts.Service, one.Service != other.Service),
            (ContentParts.Article3, one.Article3Checked != other.Article3Checked),
            (ContentParts.Term, one.Term != other.Term),
        ];
        return parts.Where(part => part.Differs).Aggregate(ContentParts.None, (sum, part) => sum | part.Part);
    }
}
