using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;
using Extension = CreditShare.V1.Extension;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Commands on listings, and questions about them, that a court must not get through with.</summary>
internal static class CommandRows
{
    private const string Clerk = "测试书记员";

    private static readonly string s_nobodys = $"courts/{Cast.Court}/listings/{Guid.NewGuid()}";

    public static IEnumerable<TestCaseData> All => [.. OnNothing, .. InTheWrongState, .. Ends, .. Corrections, .. Extensions, .. Reading];

    private static IEnumerable<TestCaseData> OnNothing =>
    [
        Row(
            "A withdrawal of nothing at all", _ => new WithdrawListingRequest(),
            "name FIELD_REQUIRED", "request_id FIELD_REQUIRED", "operator FIELD_REQUIRED", "reason FIELD_REQUIRED"),
        Row(
            "A correction of nothing at all", _ => new CorrectListingRequest(),
            "name FIELD_REQUIRED", "request_id FIELD_REQUIRED", "operator FIELD_REQUIRED", "update_mask MASK_INVALID", "listing FIELD_REQUIRED"),
        Row(
            "An extension of nothing at all", _ => new ExtendListingRequest(),
            "name FIELD_REQUIRED", "request_id FIELD_REQUIRED", "operator FIELD_REQUIRED", "end FIELD_REQUIRED", "extension FIELD_REQUIRED"),
        Row("A revocation of a malformed name", _ => Revoke("courts/测0101/listings/1", 1), "name NAME_FORM"),
        Row("A revocation of a listing of a court of no form", _ => Revoke($"courts/x/listings/{Guid.NewGuid()}", 1), "name NAME_FORM"),
        Row("A revocation of a negative version", desk => Revoke(desk.Published.Name, -1), "expected_version FIELD_INVALID"),
        Refused("A revocation of a listing that does not exist", _ => Revoke(s_nobodys, 1), StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Refused(
            "A revocation of a listing under the name of another court",
            desk => Revoke(desk.Published.Name.Replace("测0101", "测0102", StringComparison.Ordinal), 1), StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Refused(
            "A revocation by a court that has nothing to do with it",
            desk => Revoke(desk.Published.Name, 1), StatusCode.PermissionDenied, "COURT_NOT_YOURS", Desk.OtherCourt),
        Refused(
            "A withdrawal under a borrowed name by a court that has nothing to do with it",
            desk => Revoke(desk.Published.Name.Replace("测0101", "测0102", StringComparison.Ordinal), 1), StatusCode.NotFound, "LISTING_NOT_FOUND", Desk.OtherCourt),
        Refused(
            "A revocation for an unknown court",
            _ => Revoke($"courts/测0199/listings/{Guid.NewGuid()}", 1), StatusCode.PermissionDenied, "COURT_NOT_YOURS"),
    ];

    private static IEnumerable<TestCaseData> InTheWrongState =>
    [
        Refused("A revocation of another version", desk => Revoke(desk.Published.Name, 7), StatusCode.Aborted, "VERSION_MISMATCH"),
        Refused("A revocation of a listing that has ended", desk => Revoke(desk.Ended.Name, 2), StatusCode.FailedPrecondition, "LISTING_ENDED"),
        Refused("A revocation of a listing in its grace", desk => Revoke(desk.InGrace.Name, 0), StatusCode.FailedPrecondition, "NOT_IN_THIS_STATE"),
        Refused("A confirmation before the grace is over", desk => Confirm(desk.InGrace, 0), StatusCode.FailedPrecondition, "GRACE_NOT_OVER"),
        Refused("A confirmation of what is published", desk => Confirm(desk.Published, 1), StatusCode.FailedPrecondition, "NOT_IN_THIS_STATE"),
        Refused(
            "A cancellation of what is published",
            desk => Cancel(desk.Published, 1, EndReason.DecisionRecalled), StatusCode.FailedPrecondition, "NOT_IN_THIS_STATE"),
        Row("A cancellation for no reason", desk => Cancel(desk.InGrace, 0, EndReason.Unspecified), "reason FIELD_REQUIRED"),
        Row("A cancellation for a reason of withdrawals", desk => Cancel(desk.InGrace, 0, EndReason.Performed), "reason END_REASON_NOT_ALLOWED"),
        Refused(
            "A request id that was used with other content",
            desk =>
            {
                var repeated = Withdraw(desk.Published, EndReason.Performed);
                repeated.RequestId = desk.UsedRequestId;
                return repeated;
            },
            StatusCode.AlreadyExists, "REQUEST_ID_REUSED"),
    ];

    private static IEnumerable<TestCaseData> Ends =>
    [
        Row("A withdrawal for an unknown reason", desk => Withdraw(desk.Published, (EndReason)99), "reason FIELD_INVALID"),
        Row("A withdrawal for the reason 257", desk => Withdraw(desk.Published, (EndReason)257), "reason FIELD_INVALID"),
        Row("Early deletion where there is no term", desk => Withdraw(desk.Published, EndReason.EarlyDeletion), "reason END_REASON_NOT_ALLOWED"),
        Row("Performance where there is a term", desk => Withdraw(desk.WithTerm, EndReason.Performed), "reason END_REASON_NOT_ALLOWED"),
        Row("Expiry declared by a court", desk => Withdraw(desk.WithTerm, EndReason.TermExpired), "reason END_REASON_NOT_ALLOWED"),
        Row(
            "A withdrawal for an event of tomorrow",
            desk => Withdraw(desk.Published, EndReason.Performed, r => r.EventDate = Cast.Day(2026, 11, 21)), "event_date DATE_IN_FUTURE"),
        Row(
            "A withdrawal for an event before the decision",
            desk => Withdraw(desk.Published, EndReason.Performed, r => r.EventDate = Cast.Day(2026, 3, 1)), "event_date DATE_INVALID"),
        Row(
            "A withdrawal for an event of no day",
            desk => Withdraw(desk.Published, EndReason.Performed, r => r.EventDate = Cast.Day(2026, 4, 31)), "event_date DATE_INVALID"),
        Row(
            "A finer reason of 201 characters",
            desk => Withdraw(desk.Published, EndReason.Performed, r => r.SubReason = new string('修', 201)), "sub_reason FIELD_TOO_LONG"),
        Row(
            "A finer reason with a NUL in it",
            desk => Withdraw(desk.Published, EndReason.Performed, r => r.SubReason = "信用\0修复"), "sub_reason FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Corrections =>
    [
        Row("A correction of no field", desk => Correct(desk, _ => { }), "update_mask MASK_INVALID"),
        Row("A correction of unknown fields", desk => Correct(desk, _ => { }, "nonsense", "subject"), "update_mask MASK_INVALID"),
        Row("A correction of the case number", desk => Correct(desk, _ => { }, "case_number"), "update_mask MASK_INVALID"),
        Row("A correction by a wildcard", desk => Correct(desk, _ => { }, "*"), "update_mask MASK_INVALID"),
        Row(
            "A correction of a field that is there and one that is not",
            desk => Correct(desk, l => l.Conduct = "变更", "conduct", "conducts"), "update_mask MASK_INVALID"),
        Row("A correction to no name", desk => Correct(desk, l => l.Subject.Name = "", "subject.name"), "listing.subject.name FIELD_REQUIRED"),
        Row("A correction to no subject", desk => Correct(desk, l => l.Subject = null, "subject.name"), "listing.subject FIELD_REQUIRED"),
        Row(
            "A correction to no documents",
            desk => Correct(desk, l => l.Subject.Documents.Clear(), "subject.documents"), "listing.subject.documents FIELD_REQUIRED"),
        Row(
            "A correction to a wrong number",
            desk => Correct(desk, l => l.Subject.Documents[0].Number = "110000199003072137", "subject.documents"),
            "listing.subject.documents[0].number NUMBER_CHECK_DIGIT"),
        Row(
            "A correction to a text of 4001 characters",
            desk => Correct(desk, l => l.Conduct = new string('行', 4_001), "conduct"), "listing.conduct FIELD_TOO_LONG"),
        Row("A correction to a term where there can be none", desk => Correct(desk, l => l.Term = new Term(), "term"), "listing.term TERM_NOT_ALLOWED"),
        Row(
            "A correction to the unknown state 257",
            desk => Correct(desk, l => l.Performance.State = (PerformanceState)257, "performance"), "listing.performance.state FIELD_INVALID"),
        Refused(
            "A correction that changes nothing",
            desk => Correct(desk, _ => { }, "conduct", "basis"), StatusCode.FailedPrecondition, "NOTHING_CHANGED"),
        Refused(
            "A correction to somebody else",
            desk => Correct(
                desk,
                l => (l.Subject.Name, l.Subject.Documents[0].Number) = ("测试别人", Cast.Resident(60)),
                "subject.name", "subject.documents", "subject.birth_date", "subject.sex"),
            StatusCode.FailedPrecondition, "IDENTITY_REPLACED"),
        Refused(
            "A correction of a listing that has ended",
            desk => Correct(desk, l => l.Conduct = "变更", desk.Ended, "conduct"), StatusCode.FailedPrecondition, "LISTING_ENDED"),
    ];

    private static IEnumerable<TestCaseData> Extensions =>
    [
        Row("An extension of what has no term", desk => Extend(desk.Published, 2030, "隐匿财产", "转移财产"), "end TERM_NOT_ALLOWED"),
        Row("An extension by a day", desk => Extend(desk.WithTerm, 2028, "隐匿财产", "转移财产"), "end TERM_LENGTH"),
        Row("An extension by ten years", desk => Extend(desk.WithTerm, 2038, "隐匿财产", "转移财产"), "end TERM_LENGTH"),
        Row("An extension for one act", desk => Extend(desk.WithTerm, 2030, "隐匿财产"), "extension.acts EXTENSION_REASON"),
        Row(
            "An extension for an act of 4001 characters",
            desk => Extend(desk.WithTerm, 2030, "隐匿财产", new string('行', 4_001)), "extension.acts[1] FIELD_TOO_LONG"),
        Row("An extension for acts without words", desk => Extend(desk.WithTerm, 2030, "隐匿财产", "转移财产", " "), "extension.acts[2] FIELD_REQUIRED"),
    ];

    private static IEnumerable<TestCaseData> Reading =>
    [
        Row("A question about no listing", _ => new GetListingRequest(), "name FIELD_REQUIRED"),
        Refused(
            "A question about a listing that does not exist",
            _ => new GetListingRequest { Name = s_nobodys }, StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Refused(
            "A question about another court's listing", desk => new GetListingRequest { Name = desk.Published.Name },
            StatusCode.PermissionDenied, "COURT_NOT_YOURS", Desk.OtherCourt),
        Refused(
            "A question about another court's listing under its own name",
            desk => new GetListingRequest { Name = desk.Published.Name.Replace("测0101", "测0102", StringComparison.Ordinal) },
            StatusCode.NotFound, "LISTING_NOT_FOUND", Desk.OtherCourt),
        Refused(
            "A list of another court", _ => new ListListingsRequest { Parent = $"courts/{Cast.Court}" },
            StatusCode.PermissionDenied, "COURT_NOT_YOURS", Desk.OtherCourt),
        List("A list of a malformed court", r => r.Parent = "courts/", "parent NAME_FORM"),
        List("A page of -1", r => r.PageSize = -1, "page_size FIELD_INVALID"),
        List("A page of 1001", r => r.PageSize = 1_001, "page_size FIELD_INVALID"),
        List("A page token of garbage", r => r.PageToken = "%%%", "page_token PAGE_TOKEN_INVALID"),
        List("A page token of random bytes", r => r.PageToken = "__79_A", "page_token PAGE_TOKEN_INVALID"),
        List("A page token of 10000 characters", r => r.PageToken = new string('A', 10_000), "page_token PAGE_TOKEN_INVALID"),
        List("A page token of another list", r => r.PageToken = Forged("courts/测0102  ", Guid.NewGuid().ToString()), "page_token PAGE_TOKEN_INVALID"),
        List("A forged page token that leads nowhere", r => r.PageToken = Forged("courts/测0101  ", "' OR 1=1 --"), "page_token PAGE_TOKEN_INVALID"),
        List("A list of a case of no form", r => r.CaseNumber = "执", "case_number CASE_NUMBER_FORM"),
        List("A list of an unknown state", r => r.States.Add((ListingState)77), "states FIELD_INVALID"),
        List(
            "A list with everything wrong",
            r => (r.Parent, r.PageSize, r.PageToken, r.CaseNumber) = ("x", -5, "?", "x"),
            "parent NAME_FORM", "page_size FIELD_INVALID", "page_token PAGE_TOKEN_INVALID", "case_number CASE_NUMBER_FORM"),
        Row(
            "A history with everything wrong",
            _ => new ListListingVersionsRequest { Name = "x", PageSize = -1, PageToken = "?" },
            "name NAME_FORM", "page_size FIELD_INVALID", "page_token PAGE_TOKEN_INVALID"),
        Row(
            "A history with a forged page token",
            desk => new ListListingVersionsRequest { Name = desk.Published.Name, PageToken = Forged(desk.Published.Name, "-1") },
            "page_token PAGE_TOKEN_INVALID"),
    ];

    /// <summary>A page token as somebody writes it who has guessed how they are made.</summary>
    public static string Forged(string list, string last) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($"{list}\n{last}"));

    private static RevokeListingRequest Revoke(string name, long version) =>
        new() { Name = name, ExpectedVersion = version, RequestId = Cast.NewId(), Operator = Clerk };

    private static ConfirmListingRequest Confirm(ListingReceipt listing, long version) =>
        new() { Name = listing.Name, ExpectedVersion = version, RequestId = Cast.NewId(), Operator = Clerk };

    private static CancelListingRequest Cancel(ListingReceipt listing, long version, EndReason reason) =>
        new() { Name = listing.Name, ExpectedVersion = version, RequestId = Cast.NewId(), Operator = Clerk, Reason = reason };

    private static WithdrawListingRequest Withdraw(ListingReceipt listing, EndReason reason, Action<WithdrawListingRequest>? spoil = null)
    {
        var request = new WithdrawListingRequest { Name = listing.Name, ExpectedVersion = 1, RequestId = Cast.NewId(), Operator = Clerk, Reason = reason };
        spoil?.Invoke(request);
        return request;
    }

    private static ExtendListingRequest Extend(ListingReceipt listing, int year, params string[] acts) => new()
    {
        Name = listing.Name,
        ExpectedVersion = 1,
        RequestId = Cast.NewId(),
        Operator = Clerk,
        End = Cast.Day(year, 3, 3),
        Extension = new Extension { Reason = ExtensionReason.MultipleActs, Acts = { acts } },
    };

    private static CorrectListingRequest Correct(Desk desk, Action<Listing> change, params string[] paths) => Correct(desk, change, desk.Published, paths);

    private static CorrectListingRequest Correct(Desk desk, Action<Listing> change, ListingReceipt listing, params string[] paths)
    {
        var values = desk.PublishedContent.Clone();
        change(values);
        return new CorrectListingRequest
        {
            Name = listing.Name,
            ExpectedVersion = listing.Version,
            RequestId = Cast.NewId(),
            Operator = Clerk,
            Listing = values,
            UpdateMask = new FieldMask { Paths = { paths } },
        };
    }

    private static TestCaseData List(string sentence, Action<ListListingsRequest> spoil, params string[] violations) => Row(
        sentence,
        _ =>
        {
            var request = new ListListingsRequest { Parent = $"courts/{Cast.Court}" };
            spoil(request);
            return request;
        },
        violations);

    private static TestCaseData Row(string sentence, Func<Desk, IMessage> request, params string[] violations)
    {
        var (reason, all) = BadInput.Violating(violations);
        return new BadInput { Sender = "court", Requests = desk => [request(desk)], Reason = reason, Violations = all }.Named(sentence);
    }

    private static TestCaseData Refused(string sentence, Func<Desk, IMessage> request, StatusCode code, string reason, string sender = "court") =>
        new BadInput { Sender = sender, Requests = desk => [request(desk)], Code = code, Reason = reason }.Named(sentence);
}
