using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Date = Google.Type.Date;

namespace CreditShare.Tests.Mapping;

internal sealed class ListingReadingTests
{
    private static readonly string s_long = new('长', 4_001);
    private static readonly string s_longName = new('长', 201);
    private static readonly Date s_noDate = new() { Year = 2026, Month = 2, Day = 30 };
    private static readonly Date s_tomorrow = new() { Year = 2026, Month = 3, Day = 3 };

    private static TestCaseData[] Faults { get; } =
    [
        Fault("no court's code", listing => listing.CourtCode = "测", "court_code FieldInvalid"),
        Fault("another court", listing => listing.CourtCode = "测02", "court_code FieldInvalid"),
        Fault("no case", listing => listing.CaseNumber = "", "case_number FieldRequired"),
        Fault("a case of no form", listing => listing.CaseNumber = "12号", "case_number CaseNumberForm"),
        Fault("another court's case", listing => listing.CaseNumber = "（2025）测02执12号", "case_number CaseOfOtherCourt"),
        Fault("a case that is not of enforcement", listing => listing.CaseNumber = "（2025）测01执保12号", "case_number CaseNotImplementing"),
        Fault("no subject", listing => listing.Subject = null, "subject FieldRequired"),
        Fault("no kind", listing => listing.Subject.Kind = SubjectKind.Unspecified, "subject.kind FieldRequired"),
        Fault("no name", listing => listing.Subject.Name = "", "subject.name FieldRequired"),
        Fault("a name too long", listing => listing.Subject.Name = s_longName, "subject.name FieldTooLong"),
        Fault("a name of no characters", listing => listing.Subject.Name = "测试\u0007", "subject.name NameCharacter"),
        Fault("no documents", listing => listing.Subject.Documents.Clear(), "subject.documents FieldRequired"),
        Fault("too many documents", listing => listing.Subject.Documents.Add(Passports(20)), "subject.documents FieldTooLong"),
        Fault("no type", listing => listing.Subject.Documents[0].Type = DocumentType.Unspecified, "subject.documents[0].type FieldRequired"),
        Fault(
            "neither type nor number",
            listing => listing.Subject.Documents[0] = new IdentityDocument(),
            "subject.documents[0].type FieldRequired",
            "subject.documents[0].number FieldRequired"),
        Fault("no number", listing => listing.Subject.Documents[0].Number = "", "subject.documents[0].number FieldRequired"),
        Fault("a number too long", listing => listing.Subject.Documents[0].Number = new string('1', 33), "subject.documents[0].number FieldTooLong"),
        Fault("a number of another length", listing => listing.Subject.Documents[0].Number = "11000019900307213", "subject.documents[0].number NumberLength"),
        Fault("a number with a sign", listing => listing.Subject.Documents[0].Number = "11000019900307213?", "subject.documents[0].number NumberCharacter"),
        Fault("a wrong check digit", listing => listing.Subject.Documents[0].Number = "110000199003072139", "subject.documents[0].number NumberCheckDigit"),
        Fault("a birth on no day", listing => listing.Subject.Documents[0].Number = "440000201002290017", "subject.documents[0].number NumberDate"),
        Fault("a country where none belongs", listing => listing.Subject.Documents[0].Country = "CN", "subject.documents[0].country NumberCountry"),
        Fault("a passport of no country", listing => listing.Subject.Documents.Add(Passport("")), "subject.documents[1].country NumberCountry"),
        Fault("a passport of an unknown country", listing => listing.Subject.Documents.Add(Passport("QQ")), "subject.documents[1].country NumberCountry"),
        Fault(
            "a holder's birth on no day",
            listing => listing.Subject.Documents[0].HolderBirthDate = s_noDate,
            "subject.documents[0].holder_birth_date DateInvalid"),
        Fault(
            "one document twice behind one that cannot be read",
            listing => listing.Subject.Documents.Add([Passport(""), listing.Subject.Documents[0]]),
            "subject.documents[1].country NumberCountry",
            "subject.documents[2].number DocumentTwice"),
        Fault(
            "an organisation's document",
            listing => listing.Subject.Documents.Add(new IdentityDocument { Type = DocumentType.Uscc, Number = Sample.SocialCreditCode }),
            "subject.documents[1].type DocumentKind"),
        Fault("the other sex", listing => listing.Subject.Sex = Sex.Female, "subject.sex SubjectContradictsNumber"),
        Fault("a birth on no day in words", listing => listing.Subject.BirthDate = s_noDate, "subject.birth_date DateInvalid"),
        Fault(
            "another birth date", listing => listing.Subject.BirthDate = new Date { Year = 1990, Month = 3, Day = 8 }, "subject.birth_date SubjectContradictsNumber"),
        Fault(
            "people behind a person",
            listing => listing.Subject.RelatedPersons.Add(new RelatedPerson { Name = "测试乙", Role = RelatedPersonRole.Principal }),
            "subject.related_persons FieldInvalid"),
        Fault(
            "a status of organisations",
            listing => listing.Subject.SpecialStatuses.Add([SpecialStatus.CppccMember, SpecialStatus.StateOrgan]),
            "subject.special_statuses[1] FieldInvalid"),
        Fault(
            "a status twice",
            listing => listing.Subject.SpecialStatuses.Add([SpecialStatus.CppccMember, SpecialStatus.CppccMember]),
            "subject.special_statuses[1] FieldInvalid"),
        Fault(
            "too many statuses",
            listing => listing.Subject.SpecialStatuses.Add(Enumerable.Repeat(SpecialStatus.CppccMember, 7)),
            "subject.special_statuses FieldTooLong",
            "subject.special_statuses[1] FieldInvalid",
            "subject.special_statuses[2] FieldInvalid",
            "subject.special_statuses[3] FieldInvalid",
            "subject.special_statuses[4] FieldInvalid",
            "subject.special_statuses[5] FieldInvalid"),
        Fault("no filing date", listing => listing.FilingDate = null, "filing_date FieldRequired"),
        Fault("a filing on no day", listing => listing.FilingDate = s_noDate, "filing_date DateInvalid"),
        Fault("half a filing date", listing => listing.FilingDate = new Date { Year = 2025 }, "filing_date DateInvalid"),
        Fault("a filing to come", listing => listing.FilingDate = s_tomorrow, "filing_date DateInFuture"),
        Fault("no grounds", listing => listing.Grounds.Clear(), "grounds FieldRequired"),
        Fault("a ground twice", listing => listing.Grounds.Add([Ground.Evades, listing.Grounds[0]]), "grounds[2] FieldInvalid"),
        Fault("a ground not given", listing => listing.Grounds.Add(Ground.Unspecified), "grounds[1] FieldInvalid"),
        Fault("ground 1 undeclared", listing => listing.Grounds.Add(Ground.RefusesThoughAble), "article3_checked Article3NotDeclared"),
        Fault("conduct too long", listing => listing.Conduct = s_long, "conduct FieldTooLong"),
        Fault("no basis", listing => listing.Basis = null, "basis FieldRequired"),
        Fault(
            "an empty basis",
            listing => listing.Basis = new EnforcementBasis(),
            "basis.type FieldRequired",
            "basis.number FieldRequired",
            "basis.maker FieldRequired"),
        Fault("a basis too long", listing => listing.Basis.Number = listing.Basis.Maker = s_longName, "basis.number FieldTooLong", "basis.maker FieldTooLong"),
        Fault("no obligation", listing => listing.Obligation = " ", "obligation FieldRequired"),
        Fault("an obligation too long", listing => listing.Obligation = s_long, "obligation FieldTooLong"),
        Fault("a currency of no form", listing => listing.ObligationAmount.CurrencyCode = "yuan", "obligation_amount.currency_code FieldInvalid"),
        Fault("a negative amount", listing => listing.ObligationAmount.Units = -1, "obligation_amount.units FieldInvalid"),
        Fault("too many nanos", listing => listing.ObligationAmount.Nanos = 1_000_000_000, "obligation_amount.nanos FieldInvalid"),
        Fault("no performance", listing => listing.Performance = null, "performance FieldRequired"),
        Fault("no state of performance", listing => listing.Performance = new Performance(), "performance.state FieldRequired"),
        Fault("performed in full", listing => listing.Performance.State = PerformanceState.Full, "performance.state AlreadyPerformed"),
        Fault(
            "performance too long",
            listing => listing.Performance.PerformedPart = listing.Performance.UnperformedPart = s_long,
            "performance.performed_part FieldTooLong",
            "performance.unperformed_part FieldTooLong"),
        Fault("no decision", listing => listing.Decision = null, "decision FieldRequired"),
        Fault(
            "an empty decision",
            listing => listing.Decision = new Decision(),
            "decision.number FieldRequired",
            "decision.date FieldRequired",
            "decision.signer_role FieldRequired",
            "decision.signer FieldRequired"),
        Fault(
            "a decision too long",
            listing => listing.Decision.Number = listing.Decision.Signer = s_longName,
            "decision.number FieldTooLong",
            "decision.signer FieldTooLong"),
        Fault("a decision on no day", listing => listing.Decision.Date = s_noDate, "decision.date DateInvalid"),
        Fault("a service on no day", listing => listing.Service.Date = s_noDate, "service.date DateInvalid"),
        Fault("a service without a day or a way", listing => listing.Service = new Service(), "service.date FieldRequired", "service.method FieldRequired"),
        Fault("a service to come", listing => listing.Service.Date = s_tomorrow, "service.date DateInFuture"),
        Fault("no origin", listing => listing.Origin = Origin.Unspecified, "origin FieldRequired"),
        Fault("no term", listing => listing.Term = null, "term TermRequired"),
        Fault("a term from no day", listing => listing.Term.Start = s_noDate, "term.start DateInvalid"),
        Fault("a term to no day", listing => listing.Term.End = s_noDate, "term.end DateInvalid"),
        Fault("a term from and to no day", listing => listing.Term.Start = listing.Term.End = s_noDate, "term.start DateInvalid", "term.end DateInvalid"),
        Fault("a term too short", listing => listing.Term.End.Year--, "term.end TermLength"),
        Fault(
            "an extension of nothing",
            listing => listing.Term.Extension = new V1.Extension(),
            "term.end TermLength",
            "term.extension.reason FieldRequired"),
        Fault(
            "acts without words",
            listing => Extend(listing, new V1.Extension { Reason = ExtensionReason.MultipleActs, Acts = { "一", " ", "二" } }),
            "term.extension.acts[1] FieldRequired"),
        Fault(
            "too many acts",
            listing => Extend(listing, new V1.Extension { Reason = ExtensionReason.MultipleActs, Acts = { Enumerable.Range(0, 21).Select(n => $"{n}") } }),
            "term.extension.acts FieldTooLong"),
        Fault("a term where none belongs", GroundOneAlone, "term TermNotAllowed"),
        Fault("grace that ends on no day", listing => listing.GraceUntil = s_noDate, "grace_until DateInvalid"),
        Fault("too short a grace", listing => listing.GraceUntil = new Date { Year = 2026, Month = 3, Day = 1 }, "grace_until GraceLength"),
    ];

    private static TestCaseData[] Enumerations { get; } =
        [.. EnumerationsOf(Listing.Descriptor, "").Select(path => new TestCaseData(path).SetArgDisplayNames(path))];

    [TestCaseSource(nameof(Faults))]
    public void A_fault_is_told_once_by_its_path_and_no_other(Action<Listing> spoil, string[] expected)
    {
        var listing = Wire.Of(Sample.Person);
        spoil(listing);

        Assert.That(FaultsOf(listing), Is.EquivalentTo(expected.Select(fault => "listing." + fault)));
    }

    [Test]
    public void Faults_of_several_fields_are_told_together()
    {
        var listing = Wire.Of(Sample.Person);
        listing.CaseNumber = "";
        listing.Subject.Documents[0].Number = "1";
        listing.Grounds.Clear();
        listing.Decision = null;

        Assert.That(FaultsOf(listing), Is.EquivalentTo(new[]
        {
            "listing.case_number FieldRequired", "listing.subject.documents[0].number NumberLength", "listing.grounds FieldRequired",
            "listing.decision FieldRequired",
        }));
    }

    [Test]
    public void A_listing_that_is_missing_is_one_fault() => Assert.That(FaultsOf(null), Is.EqualTo(new[] { "listing FieldRequired" }));

    [Test]
    public void Without_a_court_the_rest_is_checked_all_the_same_and_blamed_for_nothing()
    {
        var listing = Wire.Of(Sample.Person);
        listing.Obligation = "";
        var problems = new Problems();
        problems.Add("parent", ErrorReason.NameForm);

        ListingReading.ReadContent(listing, court: null, "listing", Sample.Today, problems);

        Assert.That(problems.Found.Select(problem => problem.Field), Is.EqualTo(new[] { "parent", "listing.obligation" }));
    }

    [TestCase("测０１")]
    [TestCase(" 测 01 ")]
    public void A_courts_code_is_compared_as_it_is_read(string code)
    {
        var listing = Wire.Of(Sample.Person);
        listing.CourtCode = code;

        Assert.That(FaultsOf(listing), Is.Empty);
    }

    [Test]
    public void What_was_left_out_of_a_term_follows_from_the_decision()
    {
        var listing = Wire.Of(Sample.Person);
        listing.Term = new Term();

        var content = ListingReading.ReadContent(listing, Sample.Court("测01"), "listing", Sample.Today, new Problems());

        Assert.That(content.Term, Is.EqualTo(Sample.Person.Term));
    }

    [TestCaseSource(nameof(Enumerations))]
    public void A_number_that_an_enumeration_does_not_know_is_not_cut_down_to_one_that_it_knows(string path)
    {
        // 256 more than a known value has the same last byte.
        var listing = Wire.Of(Sample.Person.WithSubject(subject => subject with
        {
            RelatedPersons = [new Core.Listings.RelatedPerson(Sample.Name("测试乙"), Core.Listings.RelatedPersonRole.Principal)],
            SpecialStatuses = [Core.Listings.SpecialStatus.CppccMember],
        }) with
        {
            Term = new Core.Listings.Term
            {
                Start = Sample.Decided,
                End = Sample.TermEnd.AddYears(1),
                Extension = new Core.Listings.TermExtension(Core.Listings.ExtensionReason.MultipleActs, ["一", "二"]),
            },
        });
        Raise(listing, path.Split('.'));

        Assert.That(FaultsOf(listing), Has.Some.EqualTo($"listing.{path} FieldInvalid"));
    }

    private static TestCaseData Fault(string what, Action<Listing> spoil, params string[] expected) =>
        new TestCaseData(spoil, expected).SetArgDisplayNames(what);

    private static IEnumerable<string> FaultsOf(Listing? listing)
    {
        var problems = new Problems();
        ListingReading.ReadContent(listing, Sample.Court("测01"), "listing", Sample.Today, problems);
        return problems.Found.Select(problem => $"{problem.Field} {problem.Reason}");
    }

    private static IEnumerable<IdentityDocument> Passports(int count) =>
        Enumerable.Range(0, count).Select(n => new IdentityDocument { Type = DocumentType.Passport, Number = $"E{n:00000000}", Country = "CHN" });

    private static IdentityDocument Passport(string country) => new() { Type = DocumentType.Passport, Number = "E12345678", Country = country };

    private static void Extend(Listing listing, V1.Extension extension)
    {
        listing.Term.End.Year++;
        listing.Term.Extension = extension;
    }

    private static void GroundOneAlone(Listing listing)
    {
        listing.Grounds.Clear();
        listing.Grounds.Add(Ground.RefusesThoughAble);
        listing.Article3Checked = true;
    }

    /// <summary>Every enumeration that a court sends, by its path; of a list the first element.</summary>
    private static IEnumerable<string> EnumerationsOf(MessageDescriptor message, string prefix)
    {
        string[] saidByTheServer = ["state", "ending"];
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => prefix.Length > 0 || !saidByTheServer.Contains(field.Name)))
        {
            var path = prefix + field.Name + (field.IsRepeated ? "[0]" : "");
            if (field.FieldType == FieldType.Enum) yield return path;
            if (field.FieldType != FieldType.Message || field.MessageType.File.Package != Listing.Descriptor.File.Package) continue;

            foreach (var inner in EnumerationsOf(field.MessageType, path + ".")) yield return inner;
        }
    }

    private static void Raise(IMessage message, ReadOnlySpan<string> path)
    {
        var isFirst = path[0].EndsWith("[0]", StringComparison.Ordinal);
        var field = message.Descriptor.FindFieldByName(isFirst ? path[0][..^3] : path[0]);
        var value = field.Accessor.GetValue(message);
        if (path.Length > 1)
        {
            Raise((IMessage)(isFirst ? ((System.Collections.IList)value)[0]! : value), path[1..]);
            return;
        }

        if (isFirst)
        {
            var list = (System.Collections.IList)value;
            list[0] = Enum.ToObject(list[0]!.GetType(), Convert.ToInt32(list[0], null) + 256);
        }
        else
        {
            field.Accessor.SetValue(message, Enum.ToObject(value.GetType(), Convert.ToInt32(value, null) + 256));
        }
    }
}
