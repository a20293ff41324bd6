using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Cursors, filters, views and page tokens that no feed follows.</summary>
internal static class FeedRows
{
    public static IEnumerable<TestCaseData> All => [.. Cursors, .. Filters, .. Views, .. Pages];

    private static IEnumerable<TestCaseData> Cursors =>
    [
        .. new (string What, Cursor From, StatusCode Code, string Reason, string[] Metadata, string[] Violations)[]
        {
            ("A cursor from the future", new Cursor { Epoch = 1, Sequence = 1_000 }, StatusCode.OutOfRange, "CURSOR_AHEAD", ["epoch=1", "sequence=5"], []),
            ("A cursor of the greatest number", new Cursor { Sequence = long.MaxValue }, StatusCode.OutOfRange, "CURSOR_AHEAD", ["epoch=1", "sequence=5"], []),
            ("A cursor of an unknown life", new Cursor { Epoch = 7, Sequence = 3 }, StatusCode.FailedPrecondition, "FEED_DIVERGED", [], []),
            ("A cursor of an unknown life from the future", new Cursor { Epoch = 7, Sequence = 9 }, StatusCode.FailedPrecondition, "FEED_DIVERGED", [], []),
            (
                "A cursor with a wrong hash", new Cursor { Epoch = 1, Sequence = 3, Hash = ByteString.CopyFrom(new byte[32]) },
                StatusCode.FailedPrecondition, "FEED_DIVERGED", [], []),
            ("A cursor of a negative number", new Cursor { Sequence = -1 }, StatusCode.InvalidArgument, "FIELD_INVALID", [], ["from.sequence FIELD_INVALID"]),
            (
                "A cursor with a hash of 31 bytes", new Cursor { Sequence = 1, Hash = ByteString.CopyFrom(new byte[31]) },
                StatusCode.InvalidArgument, "FIELD_INVALID", [], ["from.hash FIELD_INVALID"]),
        }.SelectMany(row => new[]
        {
            Row($"{row.What} to follow", new FollowChangesRequest { From = row.From }, row.Code, row.Reason, row.Metadata, row.Violations),
            Row($"{row.What} to page from", new ListChangesRequest { From = row.From }, row.Code, row.Reason, row.Metadata, row.Violations),
        }),
    ];

    private static IEnumerable<TestCaseData> Filters =>
    [
        Filter(
            "A filter by a court that is unknown",
            f => f.CourtCodes.Add(["测0101", "测0199", "x"]), "filter.court_codes[1] COURT_UNKNOWN", "filter.court_codes[2] COURT_UNKNOWN"),
        Filter("A filter by 501 courts", f => f.CourtCodes.Add(Enumerable.Repeat("测0101", 501)), "filter.court_codes FIELD_TOO_LONG"),
        Filter(
            "A filter by a region that is none",
            f => f.Regions.Add(["测", "Z", ""]), "filter.regions[1] FIELD_INVALID", "filter.regions[2] FIELD_INVALID"),
        Filter("A filter by a region of hostile text", f => f.Regions.Add("' OR '1'='1"), "filter.regions[0] FIELD_INVALID"),
        Filter("A filter by an unknown kind of subject", f => f.SubjectKind = (SubjectKind)99, "filter.subject_kind FIELD_INVALID"),
        Filter("A filter by the kind of subject 257", f => f.SubjectKind = (SubjectKind)257, "filter.subject_kind FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Views =>
    [
        Invalid("An unknown view to follow", new FollowChangesRequest { View = (View)99 }, "view FIELD_INVALID"),
        Invalid("The view 259 to export", new ExportListingsRequest { View = (View)259 }, "view FIELD_INVALID"),
        .. new (string What, IMessage Request)[]
        {
            ("follow", new FollowChangesRequest { View = View.Full }),
            ("page through", new ListChangesRequest { View = View.Full }),
            ("export", new ExportListingsRequest { View = View.Full }),
        }.Select(row => new BadInput
        {
            Sender = Desk.SmallDepartment, Code = StatusCode.PermissionDenied, Reason = "VIEW_NOT_GRANTED", Requests = _ => [row.Request],
        }.Named($"A view that was not granted to {row.What}")),
    ];

    private static IEnumerable<TestCaseData> Pages =>
    [
        Invalid("A page of -1 changes", new ListChangesRequest { PageSize = -1 }, "page_size FIELD_INVALID"),
        Invalid("A page of 1001 changes", new ListChangesRequest { PageSize = 1_001 }, "page_size FIELD_INVALID"),
        Invalid("An export from a page token of garbage", new ExportListingsRequest { PageToken = "garbage" }, "page_token PAGE_TOKEN_INVALID"),
        Invalid("An export from a forged page token", new ExportListingsRequest { PageToken = ExportToken("1:0:x:y") }, "page_token PAGE_TOKEN_INVALID"),
        Invalid(
            "An export from a page token with a sequence beyond all numbers",
            new ExportListingsRequest { PageToken = ExportToken($"1:99999999999999999999:{new string('0', 64)}:{Guid.NewGuid()}") },
            "page_token PAGE_TOKEN_INVALID"),
    ];

    private static string ExportToken(string place) => CommandRows.Forged(
        $"export Public {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([]))}", place);

    private static TestCaseData Filter(string sentence, Action<ChangeFilter> set, params string[] violations)
    {
        var filter = new ChangeFilter();
        set(filter);
        return Invalid(sentence, new ListChangesRequest { Filter = filter }, violations);
    }

    private static TestCaseData Invalid(string sentence, IMessage request, params string[] violations) =>
        Row(sentence, request, StatusCode.InvalidArgument, BadInput.Violating(violations).Reason, [], violations);

    private static TestCaseData Row(string sentence, IMessage request, StatusCode code, string reason, string[] metadata, string[] violations) => new BadInput
    {
        Sender = "department",
        Code = code,
        Reason = reason,
        Metadata = metadata,
        Violations = violations,
        Requests = _ => [request],
    }.Named(sentence);
}
