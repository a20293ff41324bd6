using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Push;
using CreditShare.Tests.Access;
using CreditShare.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Tests.Push;

/// <summary>A node that delivers from a store in memory to a scripted receiver, under a clock that stands still.</summary>
internal sealed class PushWorld : IAsyncDisposable, IReceiverLinks
{
    /// <summary>One subscription is enough for most.</summary>
    public static readonly SubscriptionId Id = SharingWorld.Id("sub");

    /// <summary>Longer than any test.</summary>
    public static readonly TimeSpan LongLease = TimeSpan.FromDays(100);

    private readonly Callers _callers = new();
    private readonly Quotas _quotas = new(Microsoft.Extensions.Options.Options.Create(new AccessOptions()), TimeProvider.System);
    private readonly PartnerRegistry _registry;

    public PushWorld(PushOptions? options = null, Action<ResiliencePipelineBuilder<DeliveryAnswer>>? innermost = null, double chance = 0.5)
    {
        Options = Microsoft.Extensions.Options.Options.Create(options ?? new PushOptions());
        Store = new MemoryStore(Clock);
        Node = new TestNode(Store, Clock);
        Receiver = new ScriptedReceiver(Clock);

        // Its clock stands still, so that what it knows is always current.
        _registry = new PartnerRegistry(Registered, _callers.Courts, _quotas, new FakeTimeProvider(), NullLogger<PartnerRegistry>.Instance);
        var source = new ChangeSource(Store, Node.Tail, _callers.Courts, Clock);
        var frames = new FrameReading(Store, source, Node.Tail, Options, Clock);
        var dice = new LoadedDice(chance);
        Metrics = new PushMetrics(Meters);
        Pipelines = new PushPipelines(Options, Clock, dice, Metrics, innermost);
        Courier = new Courier(Pipelines, Clock, Metrics);
        Tools = new DeliveryTools(frames, Courier, new RecipientRights(_registry), new PushTiming(Clock, dice), Metrics, Log.For<LaneDelivery>());
        Runners = new SubscriptionRunners(Store, this, Pipelines, Tools);
    }

    public FakeTimeProvider Clock { get; } = TestClocks.AtNoon();

    public IOptions<PushOptions> Options { get; }

    public MemoryStore Store { get; }

    public MemoryJournal Journal => Store.Journal;

    public MemorySubscriptions Subscriptions => Store.Subscriptions;

    public FakeRegistryStore Registered { get; } = new();

    public TestNode Node { get; }

    public ScriptedReceiver Receiver { get; }

    public Meters Meters { get; } = new();

    public LogBook Log { get; } = new();

    public PushMetrics Metrics { get; }

    public PushPipelines Pipelines { get; }

    public Courier Courier { get; }

    public DeliveryTools Tools { get; }

    public SubscriptionRunners Runners { get; }

    /// <summary>The subscription as stored.</summary>
    public StoredSubscription Stored => Subscriptions[Id];

    /// <summary>A world with a loaded node and one subscription from the journal's beginning.</summary>
    public static async Task<PushWorld> StartAsync(
        PushOptions? options = null, Action<ResiliencePipelineBuilder<DeliveryAnswer>>? innermost = null, ListingFilter? filter = null,
        SubscriptionState state = SubscriptionState.Active, double chance = 0.5, bool loads = true)
    {
        var world = new PushWorld(options, innermost, chance);
        await world.RegisterAsync(view: View.Public);
        await world.SubscribeAsync(Id, filter, state);
        if (loads) world.Node.Step();
        return world;
    }

    /// <summary>Registers the partner with that view alone.</summary>
    public Task RegisterAsync(View view)
    {
        Registered.With(Gate.Partner(SharingWorld.Department, PartnerKind.Department) with { Views = [view] });
        return _registry.RefreshAsync(CancellationToken.None);
    }

    /// <summary>Makes a subscription that begins at the head.</summary>
    public Task SubscribeAsync(SubscriptionId id, ListingFilter? filter = null, SubscriptionState state = SubscriptionState.Active)
    {
        var head = Journal.Head;
        var subscription = new Subscription
        {
            Id = id,
            DisplayName = "",
            Filter = filter ?? new ListingFilter(),
            View = View.Public,
            Delivery = new Delivery.Webhook(new Uri("https://hooks.example.test/"), [SharingWorld.Secret]),
            State = state,
            StateSince = Clock.GetUtcNow(),
            Start = head,
            StartGiven = false,
            WithdrawalsStart = head.Sequence,
            CreatedAt = Clock.GetUtcNow(),
        };
        return Subscriptions.CreateAsync(subscription, LaneAt(Lane.Ordered), LaneAt(Lane.Withdrawals), CancellationToken.None);

        LaneState LaneAt(Lane lane) => new() { Lane = lane, Accepted = head, Applied = head.Sequence };
    }

    /// <summary>Publishes the n-th person, and has the node know it.</summary>
    public JournalEntry Publish(int n, string court = "测01") => Know(Journal.Publish(People.Listed(n, court)));

    /// <summary>Withdraws a listing, and has the node know it.</summary>
    public JournalEntry Withdraw(JournalEntry listed) => Know(Journal.Withdraw(listed));

    /// <summary>Takes a new lease and makes both lanes of it from what is stored, as after a restart.</summary>
    public LanePair Lanes() => new(this, Subscriptions.TakeOver(Id, Guid.NewGuid(), LongLease));

    /// <summary>Takes a new lease and makes a runner for it.</summary>
    public SubscriptionRunner Runner() => Runners.Make(Subscriptions.TakeOver(Id, Guid.NewGuid(), LongLease));

    /// <summary>Waits for something of which waits by the clock are a part: lets time go by until it is over.</summary>
    public async Task<T> ThroughAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        while (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAny(task, Task.Delay(1, cancellationToken));
            if (!task.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        return await task;
    }

    /// <summary>Waits in real time, while the clock stands still, for what loops do elsewhere.</summary>
    public static async Task UntilAsync(Func<bool> happened, CancellationToken cancellationToken)
    {
        while (!happened()) await Task.Delay(1, cancellationToken);
    }

    /// <summary>Lets time go by for loops that run elsewhere, until something has happened.</summary>
    public async Task PassUntilAsync(Func<bool> happened, TimeSpan step, CancellationToken cancellationToken)
    {
        while (!happened())
        {
            await Task.Delay(1, cancellationToken);
            if (!happened()) Clock.Advance(step);
        }
    }

    public IReceiverLink Open(Subscription subscription) => Receiver;

    public async ValueTask DisposeAsync()
    {
        Pipelines.Dispose();
        _registry.Dispose();
        _quotas.Dispose();
        _callers.Dispose();
        Node.Dispose();
        Meters.Dispose();
        await Store.DisposeAsync();
    }

    private JournalEntry Know(JournalEntry entry)
    {
        if (Node.Tail.AppliedHead is not null) Node.Step();
        return entry;
    }

    /// <summary>Dice that always fall alike: 0.5 leaves every wait as it is.</summary>
    private sealed class LoadedDice(double chance) : Random
    {
        public override double NextDouble() => chance;
    }
}
