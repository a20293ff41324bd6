using System.Collections.Immutable;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;
using static CreditShare.Tests.Listings.RuleCase;

namespace CreditShare.Tests.Listings;

internal sealed class SubjectRulesTests
{
    private static readonly SubjectDocument s_passport = Sample.Document(DocumentType.Passport, "X1234567", "USA");

    [TestCaseSource(nameof(Cases))]
    public void A_subject_is_one_that_may_be_listed(ListingContent content, string[] expected) =>
        Assert.That(Sample.Words(ContentRules.Check(content, Sample.Today)), Is.EquivalentTo(expected));

    [Test]
    public void Birth_date_and_sex_are_taken_from_the_number_where_the_court_left_them_out()
    {
        var bare = Sample.Person.WithSubject(subject => subject with { BirthDate = null, Sex = Sex.Unspecified });

        Assert.That(ListingRules.Complete(bare), Is.EqualTo(Sample.Person));
    }

    [Test]
    public void Nothing_is_taken_from_the_number_of_a_document_that_does_not_fit_the_kind()
    {
        var odd = Sample.Organisation.WithDocuments(Sample.Document(DocumentType.ResidentId, Sample.Man));

        Assert.That(ListingRules.Complete(odd).Subject!.BirthDate, Is.Null);
    }

    private static IEnumerable<TestCaseData> Cases() =>
        Common().Concat(Documents()).Concat(Minors()).Concat(Persons()).Concat(Organisations()).Concat(Statuses());

    private static IEnumerable<TestCaseData> Common()
    {
        yield return Lawful("Art_6_a_person_with_a_number", Sample.Person);
        yield return Lawful("Art_6_an_organisation_with_its_legal_representative", Sample.Organisation);
        yield return Unlawful("Art_6_no_subject", Sample.Person with { Subject = null }, "subject FieldRequired");
        yield return Unlawful("Art_6_no_name", Person(subject => subject with { Name = default }), "subject.name FieldRequired");
        yield return Unlawful("Art_6_no_kind", Person(subject => subject with { Kind = SubjectKind.None }), "subject.kind FieldRequired");
        yield return Unlawful(
            "Art_6_an_unknown_kind",
            Person(subject => subject with { Kind = (SubjectKind)3, Documents = [s_passport] }),
            "subject.kind FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Documents()
    {
        var man = Sample.Document(DocumentType.ResidentId, Sample.Man);
        ImmutableArray<SubjectDocument> many =
            [man, .. Enumerable.Range(0, 20).Select(i => Sample.Document(DocumentType.Passport, $"X12345{i:00}", "USA"))];

        yield return Unlawful("Art_6_no_document", Sample.Person.WithDocuments(), "subject.documents FieldRequired");
        yield return Unlawful("Art_6_documents_left_out", Person(s => s with { Documents = default }), "subject.documents FieldRequired");
        yield return Lawful("Art_6_twenty_documents", Sample.Person.WithDocuments(many[..20]));
        yield return Unlawful("Art_6_twenty_one_documents", Sample.Person.WithDocuments(many), "subject.documents FieldTooLong");
        yield return Unlawful(
            "Art_6_a_document_that_could_not_be_read",
            Sample.Person.WithDocuments(Sample.Unreadable, man),
            "subject.documents[0].number FieldRequired");
        yield return Unlawful(
            "Art_6_one_document_twice",
            Sample.Person.WithDocuments(man, s_passport, man),
            "subject.documents[2].number DocumentTwice");
        yield return Unlawful(
            "Art_6_the_first_generation_number_of_the_same_person_is_the_same_document",
            Sample.Person.WithDocuments(man, Sample.Document(DocumentType.ResidentId, "110000900307213")),
            "subject.documents[1].number DocumentTwice");
        yield return Lawful(
            "Art_6_one_passport_number_of_two_countries_is_two_documents",
            Sample.Person.WithDocuments(man, s_passport, Sample.Document(DocumentType.Passport, "X1234567", "CAN")));
        yield return Lawful(
            "Art_6_a_social_credit_code_beside_its_own_organisation_code",
            Sample.Organisation.WithDocuments(
                Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode), Sample.Document(DocumentType.OrgCode, Sample.ItsOrganisationCode)));
        yield return Lawful(
            "Art_6_a_person_with_the_code_of_an_individual_business",
            Sample.Person.WithDocuments(man, Sample.Document(DocumentType.Uscc, Sample.IndividualBusiness)));
        yield return Unlawful(
            "Art_6_a_person_with_nothing_but_the_code_of_an_individual_business",
            Sample.Person.WithDocuments(Sample.Document(DocumentType.Uscc, Sample.IndividualBusiness)),
            "subject.documents DocumentKind");
        yield return Unlawful(
            "Art_6_a_person_with_the_organisation_code_of_an_individual_business",
            Sample.Person.WithDocuments(man, Sample.Document(DocumentType.OrgCode, Sample.ItsOrganisationCode)),
            "subject.documents[1].type DocumentKind");
        yield return Unlawful(
            "Art_6_a_person_with_a_social_credit_code",
            Sample.Person.WithDocuments(man, Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode)),
            "subject.documents[1].type DocumentKind");
        yield return Unlawful(
            "Art_6_an_organisation_with_a_resident_number",
            Sample.Organisation.WithDocuments(Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode), man),
            "subject.documents[1].type DocumentKind");
    }

    private static IEnumerable<TestCaseData> Minors()
    {
        yield return Lawful("Art_4_eighteen_on_the_day_of_the_decision", Born(new DateOnly(2008, 2, 2)));
        yield return Unlawful("Art_4_eighteen_a_day_later", Born(new DateOnly(2008, 2, 3)), "subject.birth_date SubjectIsMinor");
        yield return Unlawful(
            "Art_4_a_minor_by_the_number_alone",
            Sample.Person.WithDocuments(Sample.Document(DocumentType.ResidentId, "44000020120229002X"))
                .WithSubject(subject => subject with { BirthDate = null, Sex = Sex.Female }),
            "subject.birth_date SubjectIsMinor");
        yield return Unlawful("Art_4_born_after_the_decision", Born(new DateOnly(2026, 2, 20)), "subject.birth_date SubjectIsMinor");
        yield return Unlawful("Art_4_born_tomorrow", Born(new DateOnly(2026, 3, 3)), "subject.birth_date DateInFuture");
        yield return Unlawful(
            "Art_4_cannot_be_asked_without_a_day_of_decision",
            Born(new DateOnly(2015, 1, 1)) with { Decision = null, Term = null, Grounds = [] },
            "decision FieldRequired",
            "grounds FieldRequired");
    }

    private static IEnumerable<TestCaseData> Persons()
    {
        var man = Sample.Document(DocumentType.ResidentId, Sample.Man);
        var woman = Sample.Document(DocumentType.ResidentId, Sample.Woman);

        yield return Lawful("Art_6_2_a_passport_with_sex_and_birth_date", Sample.Person.WithDocuments(s_passport));
        yield return Unlawful(
            "Art_6_2_a_passport_without_a_birth_date",
            Sample.Person.WithDocuments(s_passport).WithSubject(subject => subject with { BirthDate = null }),
            "subject.birth_date FieldRequired");
        yield return Unlawful(
            "Art_6_2_a_passport_without_a_sex",
            Sample.Person.WithDocuments(s_passport).WithSubject(subject => subject with { Sex = Sex.Unspecified }),
            "subject.sex FieldRequired");
        yield return Unlawful("Art_6_2_an_unknown_sex", Person(s => s with { Sex = (Sex)3 }), "subject.sex FieldInvalid");
        yield return Unlawful(
            "Art_6_2_a_sex_that_the_number_denies",
            Person(subject => subject with { Sex = Sex.Female }),
            "subject.sex SubjectContradictsNumber");
        yield return Unlawful(
            "Art_6_2_a_birth_date_that_the_number_denies",
            Person(subject => subject with { BirthDate = new DateOnly(1990, 7, 3) }),
            "subject.birth_date SubjectContradictsNumber");
        yield return Unlawful(
            "Art_6_2_a_second_number_of_somebody_else",
            Sample.Person.WithDocuments(man, woman),
            "subject.documents[1].number SubjectContradictsNumber",
            "subject.documents[1].number SubjectContradictsNumber");
        yield return Unlawful(
            "Art_6_2_a_first_number_of_somebody_else",
            Sample.Person.WithDocuments(woman, s_passport, man),
            "subject.documents[0].number SubjectContradictsNumber",
            "subject.documents[0].number SubjectContradictsNumber");
        yield return Unlawful(
            "Art_6_2_an_unreadable_document_contradicts_nothing",
            Sample.Person.WithDocuments(man, Sample.Unreadable),
            "subject.documents[1].number FieldRequired");
        yield return Unlawful(
            "Art_6_2_a_person_has_no_related_persons",
            Person(subject => subject with { RelatedPersons = Sample.Organisation.Subject!.RelatedPersons }),
            "subject.related_persons FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Organisations()
    {
        var representative = new RelatedPerson(Sample.Name("测试乙"), RelatedPersonRole.LegalRepresentative);
        var controller = new RelatedPerson(Sample.Name("测试丙"), RelatedPersonRole.ActualController);

        yield return Lawful("Art_6_1_more_people_than_the_representative", People(representative, controller));
        yield return Unlawful("Art_6_1_no_people", People(), "subject.related_persons FieldRequired");
        yield return Unlawful("Art_6_1_no_representative", People(controller), "subject.related_persons FieldRequired");
        yield return Unlawful(
            "Art_6_1_people_left_out",
            Sample.Organisation.WithSubject(subject => subject with { RelatedPersons = default }),
            "subject.related_persons FieldRequired");
        yield return Lawful("Art_6_1_fifty_people", People([.. Enumerable.Repeat(representative, 50)]));
        yield return Unlawful(
            "Art_6_1_fifty_one_people", People([.. Enumerable.Repeat(representative, 51)]), "subject.related_persons FieldTooLong");
        yield return Unlawful(
            "Art_6_1_a_related_person_without_a_name",
            People(representative, controller with { Name = default }),
            "subject.related_persons[1].name FieldRequired");
        yield return Unlawful(
            "Art_6_1_a_related_person_without_a_role",
            People(representative, controller with { Role = RelatedPersonRole.None }),
            "subject.related_persons[1].role FieldRequired");
        yield return Unlawful(
            "Art_6_1_a_related_person_with_an_unknown_role",
            People(representative, controller with { Role = (RelatedPersonRole)9 }),
            "subject.related_persons[1].role FieldInvalid");
        yield return Unlawful(
            "Art_6_1_an_organisation_has_no_sex_and_no_birth_date",
            Sample.Organisation.WithSubject(subject => subject with { Sex = Sex.Male, BirthDate = new DateOnly(1990, 1, 1) }),
            "subject.sex FieldInvalid",
            "subject.birth_date FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Statuses()
    {
        yield return Lawful(
            "Art_8_3_a_person_in_every_position",
            Statuses(Sample.Person, SpecialStatus.StateFunctionary, SpecialStatus.CongressDeputy, SpecialStatus.CppccMember));
        yield return Lawful(
            "Art_8_4_an_organisation_in_every_position",
            Statuses(Sample.Organisation, SpecialStatus.StateOrgan, SpecialStatus.PublicInstitution, SpecialStatus.StateOwnedEnterprise));
        yield return Unlawful(
            "Art_8_4_a_person_is_no_state_organ",
            Statuses(Sample.Person, SpecialStatus.CppccMember, SpecialStatus.StateOrgan),
            "subject.special_statuses[1] FieldInvalid");
        yield return Unlawful(
            "Art_8_3_an_organisation_is_no_deputy",
            Statuses(Sample.Organisation, SpecialStatus.CongressDeputy),
            "subject.special_statuses[0] FieldInvalid");
        yield return Unlawful(
            "Art_8_one_position_twice",
            Statuses(Sample.Person, SpecialStatus.CppccMember, SpecialStatus.CppccMember),
            "subject.special_statuses[1] FieldInvalid");
        yield return Unlawful(
            "Art_8_an_unknown_position", Statuses(Sample.Person, (SpecialStatus)99), "subject.special_statuses[0] FieldInvalid");
        yield return Lawful("Art_8_positions_left_out", Person(subject => subject with { SpecialStatuses = default }));
    }

    private static ListingContent Person(Func<Subject, Subject> change) => Sample.Person.WithSubject(change);

    private static ListingContent Born(DateOnly day) =>
        Sample.Person.WithDocuments(s_passport).WithSubject(subject => subject with { BirthDate = day });

    private static ListingContent People(params ImmutableArray<RelatedPerson> people) =>
        Sample.Organisation.WithSubject(subject => subject with { RelatedPersons = people });

    private static ListingContent Statuses(ListingContent content, params ImmutableArray<SpecialStatus> statuses) =>
        content.WithSubject(subject => subject with { SpecialStatuses = statuses });
}
