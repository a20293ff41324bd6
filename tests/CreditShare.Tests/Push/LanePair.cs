using CreditShare.Core.Push;
using CreditShare.Server.Push;
using Lane = CreditShare.Core.Push.Lane;

namespace CreditShare.Tests.Push;

/// <summary>Both lanes of one lease, stepped in turn as the loops of a runner would, so that everything happens at an exact instant.</summary>
internal sealed class LanePair
{
    private readonly PushWorld _world;
    private readonly Standing _standing;
    private readonly Walker[] _walkers;

    public LanePair(PushWorld world, LeasedSubscription leased)
    {
        _world = world;
        var (subscription, ordered, withdrawals, _) = leased.Stored;
        var rejected = world.Subscriptions.ListRejectedAsync(subscription.Id, RejectedChange.MaxPerSubscription, CancellationToken.None).Result;
        _standing = new Standing(subscription, new RejectedBook(rejected));
        Ordered = Make(ordered, world.Tools.Frames.Ordered(subscription, ordered.Accepted));
        Withdrawals = Make(withdrawals, world.Tools.Frames.Withdrawals(subscription, withdrawals.Accepted));
        _walkers = [new Walker(Withdrawals), new Walker(Ordered)];

        LaneDelivery Make(LaneState lane, ILaneFrames frames) => new(
            _standing, lane, frames, world.Receiver, new DeliveryWriter(world.Subscriptions, subscription.Id, leased.Fence), world.Tools);
    }

    public LaneDelivery Ordered { get; }

    public LaneDelivery Withdrawals { get; }

    public SubscriptionState State => _standing.Subscription.State;

    /// <summary>The states that it came through, with the first.</summary>
    public List<SubscriptionState> States { get; } = [];

    /// <summary>Whether a lane has ended.</summary>
    public bool IsOver(Lane lane) => WalkerOf(lane).Next is { IsOver: true };

    /// <summary>Until when a lane waits.</summary>
    public DateTimeOffset? WaitsUntil(Lane lane) => WalkerOf(lane).Next?.Until;

    /// <summary>Steps both lanes until both have nothing to do now.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (Next() is { } walker)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (States.Count == 0) States.Add(State);
            walker.News = _standing.News;
            walker.Next = await _world.ThroughAsync(walker.Delivery.StepAsync(cancellationToken), cancellationToken);
            if (States[^1] != State) States.Add(State);
        }
    }

    /// <summary>Lets time go by, from one wait's end to the next.</summary>
    public async Task PassAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var end = _world.Clock.GetUtcNow() + length;
        await PassUntilAsync(() => false, cancellationToken, end);
    }

    /// <summary>Lets time go by until something has happened.</summary>
    public async Task PassUntilAsync(Func<bool> happened, CancellationToken cancellationToken, DateTimeOffset? end = null)
    {
        while (true)
        {
            await SettleAsync(cancellationToken);
            if (happened()) return;

            var next = _walkers.Select(walker => walker.Next is { IsOver: false } step ? step.Until : null).Min();
            if (end is { } last && !(next <= last))
            {
                if (last > _world.Clock.GetUtcNow()) _world.Clock.SetUtcNow(last);
                await SettleAsync(cancellationToken);
                return;
            }

            _world.Clock.SetUtcNow(next ?? throw new InvalidOperationException("Both lanes wait for ever."));
        }
    }

    private Walker? Next() => _walkers.FirstOrDefault(walker => walker.IsDue(_world.Clock.GetUtcNow(), _world.Tools.Frames.Applied));

    private Walker WalkerOf(Lane lane) => _walkers[lane == Lane.Withdrawals ? 0 : 1];

    private sealed class Walker(LaneDelivery delivery)
    {
        public LaneDelivery Delivery => delivery;

        public LaneStep? Next { get; set; }

        public Task News { get; set; } = Task.CompletedTask;

        public bool IsDue(DateTimeOffset now, long applied) =>
            Next is not { } next || (!next.IsOver && (next == LaneStep.Again || next.Until <= now || News.IsCompleted || next.Past < applied));
    }
}
