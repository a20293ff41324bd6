using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Access;

internal sealed class RevocationTests
{
    private const string Department = "partners/dev-department";

    private static IEnumerable<TestCaseData> Losses()
    {
        yield return Loss("suspended", new Partner { Suspended = true }, StatusCode.PermissionDenied, "PARTNER_SUSPENDED");
        yield return Loss("rpcs", new Partner { Rpcs = { "creditshare.v1.FeedService/GetHead" } }, StatusCode.PermissionDenied, "RPC_NOT_GRANTED");
        yield return Loss("views", new Partner { Views = { View.Full } }, StatusCode.PermissionDenied, "VIEW_NOT_GRANTED");

        static TestCaseData Loss(string field, Partner values, StatusCode code, string reason) =>
            new TestCaseData(field, values, code, reason).SetName($"An_open_stream_ends_within_5_s_when_{field}_no_longer_allows_it");
    }

    [TestCaseSource(nameof(Losses)), CancelAfter(60_000)]
    public async Task Open(string field, Partner values, StatusCode code, string reason, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        using var stream = await FollowAsync(server, View.Public, cancellationToken);

        values.Name = Department;
        await Operator(server).UpdatePartnerAsync(
            new UpdatePartnerRequest { Partner = values, UpdateMask = FieldMask.FromStringEnumerable<Partner>([field]) },
            cancellationToken: cancellationToken);

        Assert.That(await EndWithin5SecondsAsync(stream, cancellationToken), Is.EqualTo((code, reason)));
        Assert.That(
            (await Refusal.OfAsync(new FeedService.FeedServiceClient(server.As("department")).ListChangesAsync(new ListChangesRequest { View = View.Public }, cancellationToken: cancellationToken))).Reason,
            Is.EqualTo(reason), "a new call");
    }

    [Test, CancelAfter(60_000)]
    public async Task An_open_stream_ends_when_its_key_is_revoked_and_the_other_key_goes_on(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        var second = TestIdentity.Issue(server.DataFolder);
        var partner = (await Operator(server).AddPartnerKeyAsync(
            new AddPartnerKeyRequest
            {
                Name = Department,
                Certificate = Google.Protobuf.ByteString.CopyFromUtf8(second.Certificate!.ExportCertificatePem()),
            },
            cancellationToken: cancellationToken)).Partner;
        using var channel = server.As(second);
        using var first = await FollowAsync(server, View.Full, cancellationToken);

        await Operator(server).RevokePartnerKeyAsync(
            new RevokePartnerKeyRequest { Name = Department, SpkiSha256 = partner.Keys[0].SpkiSha256 }, cancellationToken: cancellationToken);

        Assert.That(await EndWithin5SecondsAsync(first, cancellationToken), Is.EqualTo((StatusCode.Unauthenticated, "CALLER_UNKNOWN")));
        Assert.That(
            (await new FeedService.FeedServiceClient(channel).GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken)).Head.Epoch,
            Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_stream_outlives_a_change_that_does_not_concern_it(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken, "--Feed:IdleInterval=00:00:00.200");
        using var stream = await FollowAsync(server, View.Public, cancellationToken);

        await Operator(server).UpdatePartnerAsync(
            new UpdatePartnerRequest
            {
                Partner = new Partner { Name = Department, Views = { View.Public }, DisplayName = "Renamed" },
                UpdateMask = FieldMask.FromStringEnumerable<Partner>(["views", "display_name"]),
            },
            cancellationToken: cancellationToken);

        for (var frame = 0; frame < 10; frame++)
        {
            Assert.That(await stream.ResponseStream.MoveNext(cancellationToken), Is.True, "the stream goes on");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Streams_end_with_their_reason_when_the_server_stops(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        using var stream = await FollowAsync(server, View.Public, cancellationToken);

        var stopped = server.StopAsync(cancellationToken);

        Assert.That(await EndWithin5SecondsAsync(stream, cancellationToken), Is.EqualTo((StatusCode.Unavailable, "SHUTTING_DOWN")));
        await stopped.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        Assert.That(File.Exists(Path.Combine(server.DataFolder, "address")), Is.False);
    }

    private static PartnerService.PartnerServiceClient Operator(TestServer server) => new(server.As("operator"));

    private static async Task<AsyncServerStreamingCall<FollowChangesResponse>> FollowAsync(
        TestServer server, View view, CancellationToken cancellationToken)
    {
        var stream = new FeedService.FeedServiceClient(server.As("department")).FollowChanges(
            new FollowChangesRequest { View = view, From = new Cursor() }, cancellationToken: cancellationToken);
        await stream.ResponseHeadersAsync;
        return stream;
    }

    private static async Task<(StatusCode Code, string Reason)> EndWithin5SecondsAsync(
        AsyncServerStreamingCall<FollowChangesResponse> stream, CancellationToken cancellationToken)
    {
        var refusal = await Refusal.OfAsync(stream.ResponseStream, cancellationToken).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        return (refusal.Code, refusal.Reason);
    }
}
