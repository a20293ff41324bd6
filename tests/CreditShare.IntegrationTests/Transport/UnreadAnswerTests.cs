using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.Inputs;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Transport;

/// <summary>Callers that read nothing: whatever they asked, their call ends, and after it their connection.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class UnreadAnswerTests
{
    private const int EnhanceYourCalm = 0xB;

    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync(
            CancellationToken.None, "--Listen:WriteTimeout=00:00:01", "--Feed:IdleInterval=00:00:00.100", "--Feed:MaxFollowers=1");
        using var import = new ListingService.ListingServiceClient(_server.As("court")).ImportListings();
        await import.RequestStream.WriteAsync(new ImportListingsRequest { Operator = "测试书记员", Rows = { Enumerable.Range(1, 500).Select(Row) } });
        await import.RequestStream.CompleteAsync();
        Assert.That(await import.ResponseStream.MoveNext(CancellationToken.None));
    }

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    private static IEnumerable<TestCaseData> Calls()
    {
        yield return Call("A_long_list", "court", "ListingService/ListListings", () => [new ListListingsRequest { Parent = $"courts/{Cast.Court}" }]);
        yield return Call("A_feed", "department", "FeedService/FollowChanges", () => [Following]);
        yield return Call("An_export", "department", "FeedService/ExportListings", () => [new ExportListingsRequest { View = View.Public }]);
        yield return Call(
            "A_screening", "bank", "LookupService/ScreenSubjects", () => [.. Enumerable.Range(1, 200).Select(n => ScreeningRows.Frame(f => f.FrameNumber = n))]);
        yield return Call("An_import", "court", "ListingService/ImportListings", () => [.. Enumerable.Range(1, 200).Select(Refused)]);

        static TestCaseData Call(string what, string role, string method, Func<IReadOnlyList<IMessage>> requests) =>
            new TestCaseData(role, method, requests).SetName($"{what}_that_is_not_read_is_reset");
    }

    [TestCaseSource(nameof(Calls)), CancelAfter(60_000)]
    public async Task Unread(string role, string method, Func<IReadOnlyList<IMessage>> requests, CancellationToken cancellationToken)
    {
        await using var caller = await StubbornCaller.ConnectAsync(_server, role, window: 0, cancellationToken);

        var stream = await caller.CallAsync(method, requests(), cancellationToken);

        Assert.That(await caller.ReadEndAsync(stream, cancellationToken), Is.EqualTo(EnhanceYourCalm));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_follower_that_reads_nothing_gives_its_place_back(CancellationToken cancellationToken)
    {
        await using var caller = await StubbornCaller.ConnectAsync(_server, "department", window: 0, cancellationToken);
        await caller.CallAsync("FeedService/FollowChanges", [Following], cancellationToken);

        await Shell.WaitUntilAsync(_ => IsLetInAsync(), "the place of the follower", cancellationToken);

        async Task<bool> IsLetInAsync()
        {
            using var call = new FeedService.FeedServiceClient(_server.As("department")).FollowChanges(Following, cancellationToken: cancellationToken);
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken);
            }
            catch (RpcException refused) when (Refusal.Of(refused).Reason == "OVERLOADED")
            {
                return false;
            }
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_connection_whose_last_bytes_are_not_wanted_is_closed(CancellationToken cancellationToken)
    {
        await using var caller = await StubbornCaller.ConnectAsync(_server, "bank", window: 0, cancellationToken);

        await caller.CallAsync("LookupService/CheckSubject", [QueryRows.Question(_ => { })], cancellationToken);

        await caller.NudgeUntilClosedAsync(cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_connection_from_which_nothing_is_read_is_closed(CancellationToken cancellationToken)
    {
        await using var caller = await StubbornCaller.ConnectAsync(_server, "department", window: 1 << 24, cancellationToken);

        // Far more than the buffers of two sockets hold.
        for (var call = 0; call < 90; call++)
        {
            await caller.CallAsync("FeedService/ExportListings", [new ExportListingsRequest { View = View.Public }], cancellationToken);
        }

        await caller.NudgeUntilClosedAsync(cancellationToken);
    }

    private static FollowChangesRequest Following => new() { View = View.Public, From = new Cursor() };

    private static ImportRow Row(int number) => new()
    {
        Row = number,
        RequestId = Cast.NewId(),
        Parent = $"courts/{Cast.Court}",
        Listing = Cast.ListingOf("测试张三", Cast.Court, Cast.Resident(number)),
    };

    // Refused, so that the answer is a long one.
    private static ImportListingsRequest Refused(int row) => new()
    {
        Operator = "测试书记员",
        Rows = { new ImportRow { Row = row, RequestId = Cast.NewId(), Parent = $"courts/{Cast.Court}", Listing = new Listing() } },
    };
}
