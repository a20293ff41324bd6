using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>A server on which something stands already, and those who send it what it must refuse.</summary>
internal sealed class Desk : IAsyncDisposable
{
    /// <summary>A court's partner that speaks for <see cref="Cast.OtherCourt"/> alone.</summary>
    public const string OtherCourt = "other court";

    /// <summary>A bank that may ask for CREDIT and see the STATUS view.</summary>
    public const string SmallBank = "small bank";

    /// <summary>A department that may see the PUBLIC view.</summary>
    public const string SmallDepartment = "small department";

    /// <summary>A good certificate that nobody has registered.</summary>
    public const string Stranger = "stranger";

    /// <summary>The department's pull subscription, which has stored three changes and applied two.</summary>
    public const string Subscription = "desk";

    /// <summary>Its whole name.</summary>
    public const string SubscriptionName = "partners/dev-department/subscriptions/" + Subscription;

    /// <summary>The department's webhook, paused: nothing is sent, so that nothing about it changes by itself.</summary>
    public const string PausedName = "partners/dev-department/subscriptions/paused";

    private const int EveryListing = 1_000;

    private readonly Dictionary<string, GrpcChannel> _channels = [];

    private Push.Partner? _receiver;

    private Desk(Scene scene) => Scene = scene;

    public Scene Scene { get; }

    /// <summary>Published on ground 1, without a term.</summary>
    public ListingReceipt Published { get; private set; } = null!;

    /// <summary>What was published.</summary>
    public Listing PublishedContent { get; } = Cast.ListingOf("测试张三", Cast.Court, Cast.Resident(1));

    /// <summary>Published with a term of two years.</summary>
    public ListingReceipt WithTerm { get; private set; } = null!;

    /// <summary>Ended at the creditor's request.</summary>
    public ListingReceipt Ended { get; private set; } = null!;

    /// <summary>What was published and has ended.</summary>
    public Listing EndedContent { get; } = Cast.ListingOf("测试李四", Cast.Court, Cast.Resident(3));

    /// <summary>In its grace, which runs for some weeks yet.</summary>
    public ListingReceipt InGrace { get; private set; } = null!;

    /// <summary>The request id under which something was published.</summary>
    public string UsedRequestId { get; } = Cast.NewId();

    /// <summary>An answer that the bank got, and that disclosed something.</summary>
    public string AnswerOfTheBank { get; private set; } = "";

    /// <summary>The day, in UTC+8, on which it all happens.</summary>
    public static DateOnly Today { get; } = new(2026, 11, 20);

    /// <summary>The names and numbers of the people who are listed here.</summary>
    public static IEnumerable<string> Listed => Enumerable.Range(1, 4).Select(Cast.Resident).Concat(["测试张三", "测试王五", "测试李四", "测试赵六"]);

    public static async Task<Desk> OpenAsync(CancellationToken cancellationToken, string setting = "SQLite")
    {
        var desk = new Desk(await Scene.OpenAsync(setting, cancellationToken, "--Feed:IdleInterval=00:00:00.100", "--Lookup:PositionPatience=00:00:01"));
        try
        {
            await desk.FurnishAsync(cancellationToken);
            return desk;
        }
        catch
        {
            desk.Scene.Server.ExpectsErrors = true;
            await desk.DisposeAsync();
            throw;
        }
    }

    /// <summary>The calls of a sender: a development role, or one of this class's own.</summary>
    public CallInvoker As(string sender) => (_channels.GetValueOrDefault(sender) ?? Scene.Server.As(sender)).CreateCallInvoker();

    /// <summary>Sends what must be refused.</summary>
    /// <returns>What the sender is told; null if it was not refused.</returns>
    public async Task<Rejection?> RefusalOfAsync(BadInput input, IMessage[] requests, CancellationToken cancellationToken)
    {
        try
        {
            await Wire.SendAsync(As(input.Sender), requests, cancellationToken);
            return null;
        }
        catch (RpcException exception)
        {
            return Rejection.Of(exception);
        }
    }

    /// <summary>Everything that a request could have changed, as text.</summary>
    public async Task<string> LookAsync(CancellationToken cancellationToken)
    {
        var head = await Scene.Department.GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken);
        var partners = new PartnerService.PartnerServiceClient(Scene.Server.As("operator"));
        var courts = new CourtService.CourtServiceClient(Scene.Server.As("operator"));
        List<object> all =
        [
            head.Head,
            await ListAsync(Cast.Court, cancellationToken),
            await ListAsync(Cast.OtherCourt, cancellationToken),
            await partners.ListPartnersAsync(new ListPartnersRequest { PageSize = EveryListing }, cancellationToken: cancellationToken),
            await new SubscriptionService.SubscriptionServiceClient(Scene.Server.As("operator")).ListSubscriptionsAsync(
                new ListSubscriptionsRequest { Parent = "partners/-", PageSize = EveryListing }, cancellationToken: cancellationToken),
            await new MeasureService.MeasureServiceClient(Scene.Server.As("operator")).ListMeasuresAsync(
                new ListMeasuresRequest { PageSize = EveryListing }, cancellationToken: cancellationToken),
            await courts.ListCourtsAsync(new ListCourtsRequest { PageSize = EveryListing }, cancellationToken: cancellationToken),
        ];
        return string.Join('\n', all);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
        await Scene.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
    }

    private async Task<ListListingsResponse> ListAsync(string court, CancellationToken cancellationToken) => await Scene.Court.ListListingsAsync(
        new ListListingsRequest { Parent = $"courts/{court}", PageSize = EveryListing }, cancellationToken: cancellationToken);

    private async Task FurnishAsync(CancellationToken cancellationToken)
    {
        // Before the clock is set: a receiver does not believe a message of another day.
        var subscriptions = new SubscriptionService.SubscriptionServiceClient(Scene.Server.As("department"));
        await PauseOneAsync(subscriptions, cancellationToken);
        Scene.Server.Clock.ShiftBy(new DateTimeOffset(Today, new TimeOnly(4, 0), TimeSpan.Zero) - Scene.Server.Clock.GetUtcNow());

        var first = new PublishListingRequest { Parent = $"courts/{Cast.Court}", Listing = PublishedContent, RequestId = UsedRequestId, Operator = "书记员" };
        Published = (await Scene.Court.PublishListingAsync(first, cancellationToken: cancellationToken)).Receipt;
        WithTerm = await Scene.PublishAsync(Cast.ListingOf("测试王五", Cast.Court, Cast.Resident(2)).WithTerm(), Cast.Court, cancellationToken);
        Ended = await Scene.PublishAsync(EndedContent, Cast.Court, cancellationToken);
        Ended = await Scene.WithdrawAsync(Ended, EndReason.CreditorRequest, cancellationToken);
        var grace = Cast.ListingOf("测试赵六", Cast.Court, Cast.Resident(4));
        grace.Decision.Date = Cast.Day(2026, 11, 2);
        grace.GraceUntil = Cast.Day(2026, 12, 15);
        InGrace = await Scene.PublishAsync(grace, Cast.Court, cancellationToken);
        AnswerOfTheBank = (await Scene.CheckAsync(Cast.Resident(1), "测试张三", Published.Position, cancellationToken)).AnswerId;

        await subscriptions.CreateSubscriptionAsync(
            new CreateSubscriptionRequest
            {
                Parent = "partners/dev-department",
                SubscriptionId = Subscription,
                Subscription = new V1.Subscription { Pull = new PullDelivery() },
                Start = new Cursor(),
            },
            cancellationToken: cancellationToken);
        await Scene.Department.AcknowledgeChangesAsync(
            new AcknowledgeChangesRequest { Subscription = SubscriptionName, Accepted = new Cursor { Sequence = 3 }, AppliedSequence = 2 },
            cancellationToken: cancellationToken);

        await RegisterAsync(
            OtherCourt,
            new Partner { DisplayName = "测试第二法院（虚构）", Kind = PartnerKind.Court, Rpcs = { "creditshare.v1.ListingService/*" }, CourtCodes = { Cast.OtherCourt } },
            cancellationToken);
        await RegisterAsync(
            SmallBank,
            new Partner
            {
                DisplayName = "测试小银行（虚构）",
                Kind = PartnerKind.Bank,
                Rpcs = { "creditshare.v1.LookupService/*" },
                Views = { View.Status },
                Purposes = { Purpose.Credit },
            },
            cancellationToken);
        await RegisterAsync(
            SmallDepartment,
            new Partner { DisplayName = "测试小部门（虚构）", Kind = PartnerKind.Department, Rpcs = { "creditshare.v1.FeedService/*" }, Views = { View.Public } },
            cancellationToken);
        _channels.Add(Stranger, Scene.Server.As(TestIdentity.Issue(Scene.Server.DataFolder)));
    }

    private async Task PauseOneAsync(SubscriptionService.SubscriptionServiceClient subscriptions, CancellationToken cancellationToken)
    {
        _receiver = await Push.Partner.StartAsync(Scene.Server.DataFolder, cancellationToken);
        await subscriptions.CreateSubscriptionAsync(
            new CreateSubscriptionRequest { Parent = "partners/dev-department", SubscriptionId = "paused", Subscription = _receiver.Wish(1) },
            cancellationToken: cancellationToken);
        await Shell.WaitUntilAsync(
            async token => (await subscriptions.GetSubscriptionAsync(new GetSubscriptionRequest { Name = PausedName }, cancellationToken: token))
                .Subscription.State == SubscriptionState.Active,
            "the webhook to be verified",
            cancellationToken);
        await subscriptions.PauseSubscriptionAsync(new PauseSubscriptionRequest { Name = PausedName }, cancellationToken: cancellationToken);
    }

    private async Task RegisterAsync(string sender, Partner partner, CancellationToken cancellationToken)
    {
        var operators = new PartnerService.PartnerServiceClient(Scene.Server.As("operator"));
        var identity = TestIdentity.Issue(Scene.Server.DataFolder);
        var created = await operators.CreatePartnerAsync(
            new CreatePartnerRequest { PartnerId = sender.Replace(' ', '-'), Partner = partner }, cancellationToken: cancellationToken);
        await operators.AddPartnerKeyAsync(
            new AddPartnerKeyRequest { Name = created.Partner.Name, Certificate = ByteString.CopyFrom(identity.Certificate!.RawData) },
            cancellationToken: cancellationToken);
        _channels.Add(sender, Scene.Server.As(identity));
    }
}
