using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Type;
using Grpc.Core;
using NUnit.Framework;
using Decision = CreditShare.V1.Decision;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Publications that are not written as they must be.</summary>
internal static class PublicationRows
{
    private const string Number = "listing.subject.documents[0].number";

    // The check digit of this one is right; each fault below is the only one.
    private static readonly string s_right = Cast.Resident(50);

    public static IEnumerable<TestCaseData> All => [.. Numbers, .. Documents, .. Names, .. Cases, .. Texts, .. Enums, .. Frames];

    private static IEnumerable<TestCaseData> Numbers =>
    [
        WithNumber("A number with a wrong check digit", s_right[..17] + (s_right[17] == '1' ? '2' : '1'), $"{Number} NUMBER_CHECK_DIGIT"),
        WithNumber("A number with two digits swapped", s_right[..8] + s_right[9] + s_right[8] + s_right[10..], $"{Number} NUMBER_CHECK_DIGIT"),
        WithNumber("A number of 17 digits", s_right[..17], $"{Number} NUMBER_LENGTH"),
        WithNumber("A number of 33 characters", new string('1', 33), $"{Number} FIELD_TOO_LONG"),
        WithNumber("A number of 10000 characters", new string('1', 10_000), $"{Number} FIELD_TOO_LONG"),
        WithNumber("A number in full-width digits", string.Concat(s_right.Select(c => c == 'X' ? c : (char)(c + 0xFEE0))), $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a zero-width space in it", s_right.Insert(9, "\u200B"), $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a byte order mark before it", "\uFEFF" + s_right, $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a soft hyphen in it", s_right.Insert(6, "\u00AD"), $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a right-to-left mark behind it", s_right + "\u200F", $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a NUL behind it", s_right + "\0", $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with Arabic digits", s_right.Replace('0', '\u0660'), $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number with a letter O for a zero", s_right.Replace('0', 'O'), $"{Number} NUMBER_CHARACTER"),
        WithNumber("A number of spaces", "   ", $"{Number} FIELD_REQUIRED"),
        WithNumber("A number that is missing", "", $"{Number} FIELD_REQUIRED"),
        WithNumber("A number born on the 30th of February", "110000199002301234", $"{Number} NUMBER_DATE"),
        WithNumber("A number that begins with 9", "9" + s_right[1..], $"{Number} NUMBER_FORM"),
    ];

    private static IEnumerable<TestCaseData> Documents =>
    [
        Row(
            "A document of no type",
            r => r.Listing.Subject.Documents[0].Type = DocumentType.Unspecified, "listing.subject.documents[0].type FIELD_REQUIRED"),
        Row(
            "A document of an unknown type",
            r => r.Listing.Subject.Documents[0].Type = (DocumentType)99, "listing.subject.documents[0].type FIELD_INVALID"),

        // 257 is 1, a resident's number, to whoever looks at the last eight bits only.
        Row("A document of type 257", r => r.Listing.Subject.Documents[0].Type = (DocumentType)257, "listing.subject.documents[0].type FIELD_INVALID"),
        Row("A document of type -1", r => r.Listing.Subject.Documents[0].Type = (DocumentType)(-1), "listing.subject.documents[0].type FIELD_INVALID"),
        Row(
            "A country beside a resident's number",
            r => r.Listing.Subject.Documents[0].Country = "CHN", "listing.subject.documents[0].country NUMBER_COUNTRY"),
        Row("A passport without a country", r => AddPassport(r, ""), "listing.subject.documents[1].country NUMBER_COUNTRY"),
        Row("A passport of no country on earth", r => AddPassport(r, "XQX"), "listing.subject.documents[1].country NUMBER_COUNTRY"),
        Row(
            "A person with an organisation's code",
            r => r.Listing.Subject.Documents.Add(new IdentityDocument { Type = DocumentType.Uscc, Number = "91350100M000100Y43" }),
            "listing.subject.documents[1].type DOCUMENT_KIND"),
        Row(
            "The same document twice",
            r => r.Listing.Subject.Documents.Add(r.Listing.Subject.Documents[0].Clone()), "listing.subject.documents[1].number DOCUMENT_TWICE"),
        Row(
            "Twenty-one documents",
            r => r.Listing.Subject.Documents.AddRange(Enumerable.Range(0, 20).Select(i => new IdentityDocument { Type = DocumentType.Other, Number = $"AB{i:000}" })),
            "listing.subject.documents FIELD_TOO_LONG"),
        Row(
            "A sex that the number denies",
            r => r.Listing.Subject.Sex = s_right[16] % 2 == 1 ? Sex.Female : Sex.Male, "listing.subject.sex SUBJECT_CONTRADICTS_NUMBER"),
        Row(
            "A birth date that the number denies",
            r => r.Listing.Subject.BirthDate = Cast.Day(1980, 1, 1), "listing.subject.birth_date SUBJECT_CONTRADICTS_NUMBER"),
    ];

    private static IEnumerable<TestCaseData> Names =>
    [
        Row("A subject without a name", r => r.Listing.Subject.Name = "", "listing.subject.name FIELD_REQUIRED"),
        Row("A name of invisible characters", r => r.Listing.Subject.Name = "\u200B\u2060", "listing.subject.name FIELD_REQUIRED"),
        Row("A name of 201 characters", r => r.Listing.Subject.Name = new string('测', 201), "listing.subject.name FIELD_TOO_LONG"),
        Row("A name with a NUL in it", r => r.Listing.Subject.Name = "测\0试", "listing.subject.name NAME_CHARACTER"),
        Row("A name that was damaged on its way", r => r.Listing.Subject.Name = "测\uFFFD", "listing.subject.name NAME_CHARACTER"),
        Row("A name of private-use characters", r => r.Listing.Subject.Name = "测\uE000", "listing.subject.name NAME_CHARACTER"),
        Row("A subject of no kind", r => r.Listing.Subject.Kind = SubjectKind.Unspecified, "listing.subject.kind FIELD_REQUIRED"),
        Row("A listing without a subject", r => r.Listing.Subject = null, "listing.subject FIELD_REQUIRED"),
    ];

    private static IEnumerable<TestCaseData> Cases =>
    [
        Row("A publication without a court", r => r.Parent = "", "parent FIELD_REQUIRED"),
        Row("A publication under a malformed parent", r => r.Parent = "court/测0101", "parent NAME_FORM"),
        Row("A publication under a listing's name", r => r.Parent = $"courts/测0101/listings/{Cast.NewId()}", "parent NAME_FORM"),
        Row("A publication of an unknown court", r => (r.Parent, r.Listing.CaseNumber) = ("courts/测0199", "（2026）测0199执1号"), "parent COURT_UNKNOWN"),
        Row("A court code that differs from the parent", r => r.Listing.CourtCode = "测0102", "listing.court_code FIELD_INVALID"),
        Row("A case number of another court", r => r.Listing.CaseNumber = "（2026）测0102执1号", "listing.case_number CASE_OF_OTHER_COURT"),
        Row("A case of objection", r => r.Listing.CaseNumber = "（2026）测0101执异1号", "listing.case_number CASE_NOT_IMPLEMENTING"),
        Row("A case of a type that is not taken here", r => r.Listing.CaseNumber = "（2026）测0101执他1号", "listing.case_number CASE_NOT_IMPLEMENTING"),
        Row("A case of the year to come", r => r.Listing.CaseNumber = "（2027）测0101执1号", "listing.case_number DATE_IN_FUTURE"),
        Row("A case number of no form", r => r.Listing.CaseNumber = "2026-测0101-1", "listing.case_number CASE_NUMBER_FORM"),
        Row("A case number of 65 characters", r => r.Listing.CaseNumber = new string('执', 65), "listing.case_number FIELD_TOO_LONG"),
        Row("A publication without a case", r => r.Listing.CaseNumber = "", "listing.case_number FIELD_REQUIRED"),
        new BadInput
        {
            Sender = Desk.OtherCourt, Code = StatusCode.PermissionDenied, Reason = "COURT_NOT_YOURS", Requests = _ => [Publication(_ => { })],
        }.Named("A publication for a court that the caller does not speak for"),
    ];

    private static IEnumerable<TestCaseData> Texts =>
    [
        Row("An obligation of 4001 characters", r => r.Listing.Obligation = new string('款', 4_001), "listing.obligation FIELD_TOO_LONG"),
        Row("A conduct of 4001 characters", r => r.Listing.Conduct = new string('行', 4_001), "listing.conduct FIELD_TOO_LONG"),
        Row("An obligation with a NUL in it", r => r.Listing.Obligation = "支付\0货款", "listing.obligation FIELD_INVALID"),
        Row("A conduct with a backspace in it", r => r.Listing.Conduct = "隐匿\b财产", "listing.conduct FIELD_INVALID"),
        Row("A basis number with a NUL in it", r => r.Listing.Basis.Number = "民初\0号", "listing.basis.number FIELD_INVALID"),
        Row("A maker of 201 characters", r => r.Listing.Basis.Maker = new string('院', 201), "listing.basis.maker FIELD_TOO_LONG"),
        Row("A decision number of 201 characters", r => r.Listing.Decision.Number = new string('决', 201), "listing.decision.number FIELD_TOO_LONG"),
        Row("A signer with a NUL in the name", r => r.Listing.Decision.Signer = "院\0长", "listing.decision.signer FIELD_INVALID"),
        Row(
            "A part performed of 4001 characters",
            r => r.Listing.Performance.PerformedPart = new string('部', 4_001), "listing.performance.performed_part FIELD_TOO_LONG"),
        Row("An obligation of white space", r => r.Listing.Obligation = " \u3000\t", "listing.obligation FIELD_REQUIRED"),
        Row("A publication without an operator", r => r.Operator = "", "operator FIELD_REQUIRED"),
        Row("An operator of 201 characters", r => r.Operator = new string('员', 201), "operator FIELD_TOO_LONG"),
        Row("An operator with a NUL in the name", r => r.Operator = "员\0", "operator FIELD_INVALID"),
        Row(
            "A negative amount",
            r => r.Listing.ObligationAmount = new Money { CurrencyCode = "CNY", Units = -1 }, "listing.obligation_amount.units FIELD_INVALID"),
        Row(
            "An amount in no currency",
            r => r.Listing.ObligationAmount = new Money { CurrencyCode = "cny", Units = 1 }, "listing.obligation_amount.currency_code FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Enums =>
    [
        .. new (string What, Action<Listing, int> Set, string Field)[]
        {
            ("kind of subject", (l, n) => l.Subject.Kind = (SubjectKind)n, "subject.kind"),
            ("sex", (l, n) => l.Subject.Sex = (Sex)n, "subject.sex"),
            ("special status", (l, n) => l.Subject.SpecialStatuses.Add((SpecialStatus)n), "subject.special_statuses[0]"),
            ("ground", (l, n) => (l.Grounds[0], l.Article3Checked) = ((Ground)n, false), "grounds[0]"),
            ("origin", (l, n) => l.Origin = (Origin)n, "origin"),
            ("type of basis", (l, n) => l.Basis.Type = (BasisType)n, "basis.type"),
            ("state of performance", (l, n) => l.Performance.State = (PerformanceState)n, "performance.state"),
            ("signer's role", (l, n) => l.Decision.SignerRole = (SignerRole)n, "decision.signer_role"),
            ("method of service", (l, n) => l.Service = new Service { Date = Cast.Day(2026, 3, 3), Method = (ServiceMethod)n }, "service.method"),
        }.SelectMany(row => new[] { 99, 257, -255 }.Select(number =>
            Row($"The unknown {row.What} {number}", r => row.Set(r.Listing, number), $"listing.{row.Field} FIELD_INVALID"))),
        Row("An unknown ground before a known one", r => r.Listing.WithTerm().Grounds.Insert(0, (Ground)99), "listing.grounds[0] FIELD_INVALID"),
        Row("The same ground twice", r => r.Listing.Grounds.Add(Ground.RefusesThoughAble), "listing.grounds[1] FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Frames =>
    [
        Row("A publication without a listing", r => r.Listing = null, "listing FIELD_REQUIRED"),
        Row("A publication without a request id", r => r.RequestId = "", "request_id FIELD_REQUIRED"),
        Row("A request id that is no UUID", r => r.RequestId = "no-1", "request_id NAME_FORM"),
        Row("A request id in braces", r => r.RequestId = Guid.NewGuid().ToString("B"), "request_id NAME_FORM"),
        Row("A request id of zeros", r => r.RequestId = Guid.Empty.ToString(), "request_id NAME_FORM"),
        Row(
            "Several things at once",
            r =>
            {
                (r.Parent, r.RequestId, r.Operator) = ("courts/测0199", "x", "");
                r.Listing.CaseNumber = "（2026）测0101执保1号";
                r.Listing.Subject.Name = "";
                r.Listing.Subject.Documents[0].Number = s_right[..17];
                r.Listing.FilingDate = Cast.Day(2026, 2, 30);
                r.Listing.Grounds.Clear();
                r.Listing.Decision = new Decision();
                r.Listing.Origin = Origin.Unspecified;
            },
            "parent COURT_UNKNOWN",
            "request_id NAME_FORM",
            "operator FIELD_REQUIRED",
            "listing.case_number CASE_NOT_IMPLEMENTING",
            "listing.case_number CASE_OF_OTHER_COURT",
            "listing.subject.name FIELD_REQUIRED",
            $"{Number} NUMBER_LENGTH",
            "listing.filing_date DATE_INVALID",
            "listing.grounds FIELD_REQUIRED",
            "listing.decision.date FIELD_REQUIRED",
            "listing.decision.number FIELD_REQUIRED",
            "listing.decision.signer FIELD_REQUIRED",
            "listing.decision.signer_role FIELD_REQUIRED",
            "listing.origin FIELD_REQUIRED"),
    ];

    /// <summary>A publication that every rule accepts, but for what is done to it.</summary>
    public static PublishListingRequest Publication(Action<PublishListingRequest> spoil)
    {
        var request = new PublishListingRequest
        {
            Parent = $"courts/{Cast.Court}",
            Listing = Cast.ListingOf("测试某人", Cast.Court, s_right),
            RequestId = Cast.NewId(),
            Operator = "测试书记员",
        };
        spoil(request);
        return request;
    }

    /// <summary>A row of a publication by the development court.</summary>
    public static TestCaseData Row(string sentence, Action<PublishListingRequest> spoil, params string[] violations)
    {
        var (reason, all) = BadInput.Violating(violations);
        return new BadInput { Sender = "court", Requests = _ => [Publication(spoil)], Reason = reason, Violations = all }.Named(sentence);
    }

    private static TestCaseData WithNumber(string sentence, string number, string violation) =>
        Row(sentence, r => r.Listing.Subject.Documents[0].Number = number, violation);

    private static void AddPassport(PublishListingRequest request, string country) => request.Listing.Subject.Documents.Add(
        new IdentityDocument { Type = DocumentType.Passport, Number = "E12345678", Country = country });
}
