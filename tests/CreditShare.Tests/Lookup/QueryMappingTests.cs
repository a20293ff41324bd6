using CreditShare.Core.Numbers;
using CreditShare.Server.Lookup;
using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Type;
using NUnit.Framework;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.Tests.Lookup;

/// <summary>What is wrong with a question, all of it at once.</summary>
internal sealed class QueryMappingTests
{
    private readonly LookupWorld _world = new();

    [TearDown]
    public void Leave() => _world.Dispose();

    [TestCaseSource(nameof(WrongQuestions))]
    public void A_wrong_question_is_refused_with_everything_that_is_wrong(CheckSubjectRequest request, string[] expected)
    {
        var problems = new Problems();
        QueryMapping.ReadCheck(request, _world.NewCaller(), Sample.Today, problems);
        var isPlain = QueryMapping.TryReadPlain(request, _world.NewCaller(), Sample.Today, new byte[CanonicalNumber.MaxKeyBytes], out _);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(problems.Found.Select(problem => $"{problem.Field} {problem.Reason}"), Is.EquivalentTo(expected));
            Assert.That(isPlain, Is.False, "the short way takes nothing that the long way refuses");
        }
    }

    [TestCaseSource(nameof(RightQuestions))]
    public void A_right_question_is_taken(CheckSubjectRequest request, bool isPlain)
    {
        var problems = new Problems();
        var check = QueryMapping.ReadCheck(request, _world.NewCaller(), Sample.Today, problems);
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        var ownKey = new byte[CanonicalNumber.MaxKeyBytes];

        var plain = QueryMapping.TryReadPlain(request, _world.NewCaller(), Sample.Today, key, out var written);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(problems.Found, Is.Empty);
            Assert.That(plain, Is.EqualTo(isPlain));
            Assert.That(plain ? key[..written] : [], Is.EqualTo(plain ? ownKey[..check.Query.Document.WriteKey(ownKey)] : []));
        }
    }

    [Test]
    public void The_short_way_allocates_nothing()
    {
        _world.Publish(Sample.Organisation);
        var request = LookupWorld.AboutTheMan;
        var caller = _world.NewCaller();
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        Answer();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var answered = Answer();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answered);
            Assert.That(allocated, Is.Zero);
        }

        bool Answer() =>
            QueryMapping.TryReadPlain(request, caller, Sample.Today, key, out var written)
            && _world.Lookup.TryAnswerAbsent(key.AsSpan(0, written), caller.Id, Core.Access.Purpose.Credit, out _);
    }

    private static IEnumerable<TestCaseData> WrongQuestions()
    {
        yield return Case("An_empty_question", new CheckSubjectRequest(), "document FieldRequired", "purpose FieldRequired", "reference FieldRequired", "operator FieldRequired");
        yield return Case("A_person_without_a_name", With(request => request.Name = " "), "name FieldRequired");
        yield return Case("A_name_with_a_control_character", With(request => request.Name = "测\u0007试"), "name NameCharacter");
        yield return Case("A_name_that_is_too_long", With(request => request.Name = new string('测', 201)), "name FieldTooLong");
        yield return Case("A_wrong_check_digit", With(request => request.Document.Number = "110000199003072137"), "document.number NumberCheckDigit");
        yield return Case("Seventeen_digits", With(request => request.Document.Number = "11000019900307213"), "document.number NumberLength");
        yield return Case("No_type", With(request => request.Document.Type = DocumentType.Unspecified), "document.type FieldRequired");
        yield return Case("An_unknown_type", With(request => request.Document.Type = (DocumentType)99), "document.type FieldInvalid");
        yield return Case("A_country_where_none_belongs", With(request => request.Document.Country = "CN"), "document.country NumberCountry");
        yield return Case(
            "A_passport_without_country_and_birth_date",
            With(request => request.Document = new IdentityDocument { Type = DocumentType.Passport, Number = "E12345678" }),
            "document.country NumberCountry",
            "document.holder_birth_date BirthDateRequired");
        yield return Case(
            "A_passport_with_a_birth_date_that_does_not_exist",
            With(request => request.Document = new IdentityDocument
            {
                Type = DocumentType.Passport,
                Country = "CN",
                Number = "E12345678",
                HolderBirthDate = new Date { Year = 1990, Month = 2, Day = 30 },
            }),
            "document.holder_birth_date DateInvalid");
        yield return Case(
            "A_birth_date_that_does_not_exist_beside_a_number_that_identifies_by_itself",
            With(request => request.Document.HolderBirthDate = new Date { Year = 1990, Month = 2, Day = 30 }),
            "document.holder_birth_date DateInvalid");
        yield return Case("A_purpose_that_was_not_granted", With(request => request.Purpose = Purpose.Bidding), "purpose PurposeNotGranted");
        yield return Case("An_unknown_purpose", With(request => request.Purpose = (Purpose)99), "purpose FieldInvalid");
        yield return Case("A_view_that_was_not_granted", With(request => request.View = View.Full), "view ViewNotGranted");
        yield return Case("An_unknown_view", With(request => request.View = (View)99), "view FieldInvalid");
        yield return Case("A_reference_that_is_too_long", With(request => request.Reference = new string('x', 201)), "reference FieldTooLong");
        yield return Case("An_operator_of_spaces", With(request => request.Operator = "  "), "operator FieldRequired");
        yield return Case(
            "A_position_before_the_first_life",
            With(request => request.AtLeast = new Position { Sequence = -1 }),
            "at_least.epoch FieldInvalid",
            "at_least.sequence FieldInvalid");
        yield return Case(
            "Several_things_at_once",
            With(request =>
            {
                request.Name = "";
                request.Document.Number = "1";
                request.Purpose = Purpose.Unspecified;
            }),
            "name FieldRequired",
            "document.number NumberLength",
            "purpose FieldRequired");
    }

    private static IEnumerable<TestCaseData> RightQuestions()
    {
        yield return new TestCaseData(LookupWorld.AboutTheMan, true).SetName("A_person");
        yield return new TestCaseData(LookupWorld.AboutTheCompany, true).SetName("An_organisation_without_a_name");
        yield return new TestCaseData(With(request => request.View = View.Status), true).SetName("A_granted_view");
        yield return new TestCaseData(With(request => request.AtLeast = new Position { Epoch = 1 }), false).SetName("A_position");
        yield return new TestCaseData(
            With(request => request.Document = new IdentityDocument
            {
                Type = DocumentType.Passport,
                Country = "CHN",
                Number = "E12345678",
                HolderBirthDate = new Date { Year = 1990, Month = 2, Day = 3 },
            }),
            false).SetName("A_passport");
        yield return new TestCaseData(With(request => request.Document.HolderBirthDate = new Date { Year = 1990, Month = 2, Day = 3 }), false)
            .SetName("A_birth_date_that_is_not_needed");
    }

    private static TestCaseData Case(string name, CheckSubjectRequest request, params string[] expected) =>
        new TestCaseData(request, expected).SetName(name);

    private static CheckSubjectRequest With(Action<CheckSubjectRequest> change)
    {
        var request = LookupWorld.AboutTheMan;
        change(request);
        return request;
    }
}
