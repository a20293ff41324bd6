using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Callers without a right to what they call, and messages too large to be looked at.</summary>
internal static class AccessRows
{
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    public static IEnumerable<TestCaseData> All => [.. Denied, .. Strangers, .. Oversize];

    private static IEnumerable<TestCaseData> Denied =>
    [
        Row("A publication by a bank", "bank", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", PublicationRows.Publication(_ => { })),
        Row("An import by a department", "department", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", new ImportListingsRequest()),
        Row("A question by a court that was not granted any", "court", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", QueryRows.Question(_ => { })),
        Row("A screening by an auditor", "auditor", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", ScreeningRows.Frame(_ => { })),
        Row("A feed for a bank", "bank", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", new FollowChangesRequest()),
        Row("A registration by an auditor", "auditor", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", new CreatePartnerRequest()),
        Row("An import of courts by a court", "court", StatusCode.PermissionDenied, "RPC_NOT_GRANTED", new ImportCourtsRequest()),
    ];

    private static IEnumerable<TestCaseData> Strangers => Wire.Methods.Select(method => Row(
        $"A stranger's call of {method.Name}", Desk.Stranger, StatusCode.Unauthenticated, "CALLER_UNKNOWN", method.InputType.Parser.ParseFrom([])));

    private static IEnumerable<TestCaseData> Oversize =>
    [
        Row(
            "A question of more than 4 MiB",
            "bank", StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", QueryRows.Question(r => r.Reference = new string('x', MaxMessageBytes))),
        Row(
            "A publication of more than 4 MiB",
            "court", StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", PublicationRows.Publication(r => r.Listing.Conduct = new string('x', MaxMessageBytes))),
        Row(
            "A frame of more than 4 MiB",
            "bank", StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", ScreeningRows.Frame(f => f.Numbers[0] = new string('x', MaxMessageBytes))),
        Row(
            "A feed asked for in more than 4 MiB",
            "department", StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", new ExportListingsRequest { PageToken = new string('x', MaxMessageBytes) }),
    ];

    private static TestCaseData Row(string sentence, string sender, StatusCode code, string reason, IMessage request) =>
        new BadInput { Sender = sender, Code = code, Reason = reason, Requests = _ => [request] }.Named(sentence);
}
