using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Questions about somebody that must not be answered.</summary>
internal static class QueryRows
{
    public static IEnumerable<TestCaseData> All => [.. Inquiries, .. Subjects, .. Positions, .. Batches, .. Candidates, .. Answers];

    private static IEnumerable<TestCaseData> Inquiries =>
    [
        .. CheckBoth("A question without a purpose", r => r.Purpose = Purpose.Unspecified, "purpose FIELD_REQUIRED"),
        .. CheckBoth("A question for an unknown purpose", r => r.Purpose = (Purpose)99, "purpose FIELD_INVALID"),
        .. CheckBoth("A question for the purpose 261", r => r.Purpose = (Purpose)261, "purpose FIELD_INVALID"),
        .. CheckBoth("A question for the purpose -251", r => r.Purpose = (Purpose)(-251), "purpose FIELD_INVALID"),
        .. CheckBoth("A question without a reference", r => r.Reference = "", "reference FIELD_REQUIRED"),
        .. CheckBoth("A question with a reference of white space", r => r.Reference = " \u3000", "reference FIELD_REQUIRED"),
        .. CheckBoth("A question with a reference of 201 characters", r => r.Reference = new string('贷', 201), "reference FIELD_TOO_LONG"),
        .. CheckBoth("A question with a NUL in its reference", r => r.Reference = "贷款\0一", "reference FIELD_INVALID"),
        .. CheckBoth("A question without an operator", r => r.Operator = "", "operator FIELD_REQUIRED"),
        .. CheckBoth("A question with an escape in its operator", r => r.Operator = "柜员\u001b[2J", "operator FIELD_INVALID"),
        .. CheckBoth("A question in an unknown view", r => r.View = (View)99, "view FIELD_INVALID"),
        .. CheckBoth("A question in the view 258", r => r.View = (View)258, "view FIELD_INVALID"),
        Refused(
            "A question for a purpose that was not granted",
            StatusCode.PermissionDenied, "PURPOSE_NOT_GRANTED", ["purpose PURPOSE_NOT_GRANTED"], Desk.SmallBank, Question(r => r.Purpose = Purpose.Bidding)),
        Refused(
            "A question in a view that was not granted",
            StatusCode.PermissionDenied, "VIEW_NOT_GRANTED", ["view VIEW_NOT_GRANTED"], Desk.SmallBank, Question(r => r.View = View.Public)),
        Refused(
            "A question in the FULL view by the bank",
            StatusCode.PermissionDenied, "VIEW_NOT_GRANTED", ["view VIEW_NOT_GRANTED"], "bank", Question(r => r.View = View.Full)),
    ];

    private static IEnumerable<TestCaseData> Subjects =>
    [
        Check(
            "A question about nothing", r => (r.Document, r.Name, r.Purpose, r.Reference, r.Operator) = (null, "", Purpose.Unspecified, "", ""),
            "purpose FIELD_REQUIRED", "reference FIELD_REQUIRED", "operator FIELD_REQUIRED", "document FIELD_REQUIRED"),
        Check("A question about a person without a name", r => r.Name = "", "name FIELD_REQUIRED"),
        Check("A question about a name of 201 characters", r => r.Name = new string('测', 201), "name FIELD_TOO_LONG"),
        Check("A question about a name with a NUL in it", r => r.Name = "测\0试", "name NAME_CHARACTER"),
        Check("A question about a wrong check digit", r => r.Document.Number = "110000199003072137", "document.number NUMBER_CHECK_DIGIT"),
        Check("A question about a number of 17 digits", r => r.Document.Number = "11000019900307213", "document.number NUMBER_LENGTH"),
        Check("A question about a number in full-width digits", r => r.Document.Number = "１１００００１９９００３０７２１３８", "document.number NUMBER_CHARACTER"),
        Check(
            "A question about a number with a zero-width space",
            r => r.Document.Number = "110000\u200B199003072138", "document.number NUMBER_CHARACTER"),
        Check("A question about a number born tomorrow", r => r.Document.Number = "110000202611210019", "document.number NUMBER_DATE"),
        Check("A question about a document of no type", r => r.Document.Type = DocumentType.Unspecified, "document.type FIELD_REQUIRED"),
        Check("A question about a document of an unknown type", r => r.Document.Type = (DocumentType)99, "document.type FIELD_INVALID"),
        Check("A question about a document of type 257", r => r.Document.Type = (DocumentType)257, "document.type FIELD_INVALID"),
        Check(
            "A question about a passport without birth date and country",
            r => r.Document = Passport(""), "document.country NUMBER_COUNTRY", "document.holder_birth_date BIRTH_DATE_REQUIRED"),
        Check("A question about a passport without the birth date", r => r.Document = Passport("CHN"), "document.holder_birth_date BIRTH_DATE_REQUIRED"),
        Check(
            "A question about a passport of an unknown country",
            r => (r.Document = Passport("ZZZ")).HolderBirthDate = Cast.Day(1980, 1, 1), "document.country NUMBER_COUNTRY"),
        Check(
            "A question about a passport of a holder born on no day",
            r => (r.Document = Passport("CHN")).HolderBirthDate = Cast.Day(1981, 2, 29), "document.holder_birth_date DATE_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Positions =>
    [
        Check("A question from a position of no life", r => r.AtLeast = new Position { Epoch = 0, Sequence = 1 }, "at_least.epoch FIELD_INVALID"),
        Check("A question from a negative position", r => r.AtLeast = new Position { Epoch = 1, Sequence = -1 }, "at_least.sequence FIELD_INVALID"),
        new BadInput
        {
            Sender = "bank", Code = StatusCode.DeadlineExceeded, Reason = "POSITION_NOT_REACHED",
            Requests = _ => [Question(r => r.AtLeast = new Position { Epoch = 1, Sequence = 1_000_000 })],
        }.Named("A question from a position that is not reached in time"),
    ];

    private static IEnumerable<TestCaseData> Batches =>
    [
        Refused("A batch of nothing", StatusCode.InvalidArgument, "FIELD_REQUIRED", ["requests FIELD_REQUIRED"], "bank", new BatchCheckSubjectsRequest()),
        Refused(
            "A batch of 1001", StatusCode.InvalidArgument, "FIELD_TOO_LONG", ["requests FIELD_TOO_LONG"], "bank",
            new BatchCheckSubjectsRequest { Requests = { Enumerable.Range(0, 1_001).Select(_ => Question(_ => { })) } }),
    ];

    private static IEnumerable<TestCaseData> Candidates =>
    [
        Search("A search for one character", r => r.Name = "测", "name FIELD_INVALID"),
        Search("A search for no name", r => r.Name = "", "name FIELD_REQUIRED"),
        Search("A search for a name alone", r => r.BirthYear = 0, "birth_year FIELD_REQUIRED"),
        Search("A search for somebody born in year 1", r => r.BirthYear = 1, "birth_year DATE_INVALID"),
        Search("A search for somebody born next year", r => r.BirthYear = 2027, "birth_year DATE_INVALID"),
        Search("A search in a region of hostile text", r => r.Region = "'; DROP TABLE listing; --", "region FIELD_INVALID"),
        Search("A search in a court for a region", r => r.Region = "测0101", "region FIELD_INVALID"),
        Search("A search without a purpose", r => r.Purpose = Purpose.Unspecified, "purpose FIELD_REQUIRED"),
        Refused("A search by a bank that may only see verdicts", StatusCode.PermissionDenied, "VIEW_NOT_GRANTED", [], Desk.SmallBank, Searched(_ => { })),
    ];

    private static IEnumerable<TestCaseData> Answers =>
    [
        Refused("A question about no answer", StatusCode.InvalidArgument, "FIELD_REQUIRED", ["answer_id FIELD_REQUIRED"], "bank", new GetAnswerRequest()),
        Refused(
            "A question about an answer of no form",
            StatusCode.InvalidArgument, "NAME_FORM", ["answer_id NAME_FORM"], "bank", new GetAnswerRequest { AnswerId = "42" }),
        Refused(
            "A question about a page of an answer that there cannot be",
            StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", ["page_token PAGE_TOKEN_INVALID"],
            "bank", new GetAnswerRequest { AnswerId = Cast.NewId(), PageToken = "42" }),
        Refused(
            "A question about too large a page of an answer",
            StatusCode.InvalidArgument, "FIELD_INVALID", ["page_size FIELD_INVALID"],
            "bank", new GetAnswerRequest { AnswerId = Cast.NewId(), PageSize = 1_001 }),
        Refused(
            "A question about an answer that nobody gave",
            StatusCode.NotFound, "ANSWER_NOT_FOUND", [], "bank", new GetAnswerRequest { AnswerId = Cast.NewId() }),
        new BadInput
        {
            Sender = Desk.SmallBank, Code = StatusCode.NotFound, Reason = "ANSWER_NOT_FOUND",
            Requests = desk => [new GetAnswerRequest { AnswerId = desk.AnswerOfTheBank }],
        }.Named("A question about the answer of another partner"),
    ];

    /// <summary>A question about somebody who is listed, which is answered unless it is spoilt.</summary>
    public static CheckSubjectRequest Question(Action<CheckSubjectRequest> spoil)
    {
        var request = new CheckSubjectRequest
        {
            Document = new IdentityDocument { Type = DocumentType.ResidentId, Number = Cast.Resident(1) },
            Name = "测试张三",
            Purpose = Purpose.Credit,
            Reference = "贷款一号",
            Operator = "柜员七",
        };
        spoil(request);
        return request;
    }

    /// <summary>A search that is answered unless it is spoilt.</summary>
    public static FindCandidatesRequest Searched(Action<FindCandidatesRequest> spoil)
    {
        var request = new FindCandidatesRequest { Name = "测试张三", BirthYear = 1970, Purpose = Purpose.Credit, Reference = "贷款一号", Operator = "柜员七" };
        spoil(request);
        return request;
    }

    private static IdentityDocument Passport(string country) => new() { Type = DocumentType.Passport, Number = "E12345678", Country = country };

    private static TestCaseData Check(string sentence, Action<CheckSubjectRequest> spoil, params string[] violations)
    {
        var (reason, all) = BadInput.Violating(violations);
        return Refused(sentence, StatusCode.InvalidArgument, reason, all, "bank", Question(spoil));
    }

    // Who is not listed is answered on a shorter way, which must refuse the same.
    private static IEnumerable<TestCaseData> CheckBoth(string sentence, Action<CheckSubjectRequest> spoil, params string[] violations) =>
    [
        Check($"{sentence} about somebody listed", spoil, violations),
        Check($"{sentence} about nobody", spoil + (r => r.Document.Number = Cast.Resident(90)), violations),
    ];

    private static TestCaseData Search(string sentence, Action<FindCandidatesRequest> spoil, params string[] violations)
    {
        var (reason, all) = BadInput.Violating(violations);
        return Refused(sentence, StatusCode.InvalidArgument, reason, all, "bank", Searched(spoil));
    }

    private static TestCaseData Refused(string sentence, StatusCode code, string reason, string[] violations, string sender, IMessage request) =>
        new BadInput { Sender = sender, Code = code, Reason = reason, Violations = violations, Requests = _ => [request] }.Named(sentence);
}
