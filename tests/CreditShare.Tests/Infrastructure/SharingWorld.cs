using System.Net;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Feed;
using CreditShare.Server.Mapping;
using CreditShare.Server.Measures;
using CreditShare.Server.Propagation;
using CreditShare.Server.Push;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using DeliveryAttempt = CreditShare.Core.Push.DeliveryAttempt;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Tests.Infrastructure;

/// <summary>A node by which partners subscribe, acknowledge and report, and courts see who knows of what; nothing is delivered.</summary>
internal sealed class SharingWorld : IAsyncDisposable, IDeliveryProbe, IEndpointRules
{
    public const string Department = "dep";
    public const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    public const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    private readonly LogBook _log = new();

    public SharingWorld(SubscriptionOptions? options = null)
    {
        Store = new MemoryStore(Clock);
        Node = new TestNode(Store, Clock);
        Source = new ChangeSource(Store, Node.Tail, Callers.Courts, Clock);
        var book = new SubscriptionBook(
            Store, this, Options.Create(options ?? new SubscriptionOptions()), Clock, _log.For<SubscriptionBook>());
        Subscriptions = new Server.Push.SubscriptionService(
            book, new SubscriptionReading(Callers.Courts, this), this, Source, Store, Clock, _log.For<Server.Push.SubscriptionService>());
        Acknowledgement = new Acknowledgement(Source, Store, Clock);
        var recipients = new RecipientList(Store, Validity, Clock);
        Propagation = new Server.Propagation.PropagationService(
            recipients, new OutstandingScan(Store, recipients, Validity, Clock), Store, Clock);
        Measures = new Server.Measures.MeasureService(
            new MeasureBook(Store, Clock, _log.For<MeasureBook>()), Store, Callers.Courts, Clock);
    }

    public FakeTimeProvider Clock { get; } = TestClocks.AtNoon();

    public AnswerValidity Validity { get; } = new(TimeSpan.FromHours(24));

    public Callers Callers { get; } = new();

    public MemoryStore Store { get; }

    public MemoryJournal Journal => Store.Journal;

    public TestNode Node { get; }

    public ChangeSource Source { get; }

    public Server.Push.SubscriptionService Subscriptions { get; }

    public Acknowledgement Acknowledgement { get; }

    public Server.Propagation.PropagationService Propagation { get; }

    public Server.Measures.MeasureService Measures { get; }

    /// <summary>What endpoints answer to a challenge or a test.</summary>
    public DeliveryOutcome Answer { get; set; } = DeliveryOutcome.Accepted;

    /// <summary>What endpoints were asked.</summary>
    public List<(DeliveryPurpose Purpose, Subscription Subscription)> Asked { get; } = [];

    public static SubscriptionId Id(string id, string partner = Department) =>
        PartnerId.TryParse(partner, out var parsed) ? new SubscriptionId(parsed, id) : throw new ArgumentException("No id.", nameof(partner));

    public static CreateSubscriptionRequest Pull(string id, long? start = null, string partner = Department) => new()
    {
        Parent = "partners/" + partner,
        SubscriptionId = id,
        Subscription = new V1.Subscription { Pull = new PullDelivery() },
        Start = start is { } after ? new Cursor { Sequence = after } : null,
    };

    public static CreateSubscriptionRequest Webhook(string id, string url = "https://hooks.example.test/changes", params string[] secrets) => new()
    {
        Parent = "partners/" + Department,
        SubscriptionId = id,
        Subscription = new V1.Subscription { Webhook = new WebhookDelivery { Url = url, Secrets = { secrets } } },
    };

    public FakeCall Call(string department = Department) => new(Callers.Department(department));

    public FakeCall CourtCall(string court = "测01") => new(Callers.Court(Listings.Sample.Court(court)));

    public FakeCall OperatorCall() => new(Callers.Operator());

    public async Task<V1.Subscription> CreateAsync(CreateSubscriptionRequest request) =>
        (await Subscriptions.CreateSubscription(request, Call(request.Parent["partners/".Length..]))).Subscription;

    /// <summary>Has a receiver take and apply everything on a lane up to a number, as a delivery would record it.</summary>
    public void Deliver(SubscriptionId id, Lane lane, long accepted, long? applied = null)
    {
        var stored = Store.Subscriptions[id];
        var before = lane == Lane.Ordered ? stored.Ordered : stored.Withdrawals;
        var after = before with { Accepted = Journal.Head with { Sequence = accepted }, Applied = applied ?? accepted };
        Store.Subscriptions.Move(id, found => lane == Lane.Ordered ? found with { Ordered = after } : found with { Withdrawals = after });
        Store.Subscriptions.Try(id, Attempt(lane) with { From = before.Accepted.Sequence, To = accepted, Accepted = accepted, Applied = applied ?? accepted });
    }

    /// <summary>Has a lane fail.</summary>
    public void Fail(SubscriptionId id, Lane lane, long pendingTo)
    {
        LaneState Failed(LaneState state) => state with
        {
            Failures = state.Failures + 1, FailingSince = Clock.GetUtcNow(), NextAttemptAt = Clock.GetUtcNow().AddHours(1), PendingTo = pendingTo, LastError = "503",
        };
        Store.Subscriptions.Move(id, found => lane == Lane.Ordered
            ? found with { Ordered = Failed(found.Ordered) }
            : found with { Withdrawals = Failed(found.Withdrawals) });
    }

    public Task<GetPropagationResponse> PropagationOfAsync(JournalEntry entry, FakeCall? call = null) =>
        Propagation.GetPropagation(new GetPropagationRequest { Name = NameOf(entry) }, call ?? CourtCall());

    public static string NameOf(JournalEntry entry) => ResourceNames.Of(entry.Listing.Content.Court, entry.Listing.Id);

    /// <summary>What a call is refused for.</summary>
    public static async Task<RefusedException> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => call());
        return refused!;
    }

    public Task<DeliveryAttempt> ProbeAsync(Subscription subscription, DeliveryPurpose purpose, CancellationToken cancellationToken)
    {
        Asked.Add((purpose, subscription));
        return Task.FromResult(Attempt(Lane.None) with { Purpose = purpose, Outcome = Answer, Status = "200" });
    }

    public bool Allows(IPAddress address, IReadOnlyCollection<string> ranges) =>
        !IPAddress.IsLoopback(address) && !new IPNetwork(IPAddress.Parse("10.0.0.0"), 8).Contains(address);

    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        Callers.Dispose();
        await Store.DisposeAsync();
    }

    private DeliveryAttempt Attempt(Lane lane) => new()
    {
        At = Clock.GetUtcNow(),
        Purpose = DeliveryPurpose.Changes,
        Lane = lane,
        Epoch = 1,
        From = 0,
        To = 0,
        Outcome = DeliveryOutcome.Accepted,
        Latency = TimeSpan.FromMilliseconds(1),
    };
}
