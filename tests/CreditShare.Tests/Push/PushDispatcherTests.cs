using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Push;
using NUnit.Framework;
using Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class PushDispatcherTests : PushFixture
{
    [Test, CancelAfter(LongestMs)]
    public async Task A_pause_ends_the_deliveries_and_a_resumption_begins_with_what_is_stored()
    {
        using var node = Node();
        World.Publish(1);
        await node.StepAsync(Token);
        await DeliveredAsync(1);

        await PutAsync(SubscriptionState.Paused);
        World.Clock.Advance(World.Options.Value.LeaseRenewal);
        await node.StepAsync(Token);
        var paused = node.Count;
        World.Publish(2);
        await PutAsync(SubscriptionState.CatchingUp);
        await node.StepAsync(Token);
        await DeliveredAsync(2);
        await node.LeaveAsync(Token);

        Assert.That(paused, Is.Zero);
        Assert.That(World.Receiver.Ordered, Is.EqualTo(new[] { 1L, 2 }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_replay_is_taken_up_and_sends_again_from_the_place()
    {
        using var node = Node();
        World.Publish(1);
        World.Publish(2);
        await node.StepAsync(Token);
        await DeliveredAsync(2);
        var (subscription, ordered, _, _) = World.Stored;

        await World.Subscriptions.PutAsync(
            subscription, ordered with { Accepted = World.Journal.Head with { Sequence = 0, Hash = new byte[32] }, Applied = 0 }, null, true, Token);
        await node.StepAsync(Token);
        await DeliveredAsync(2);
        await node.LeaveAsync(Token);

        Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 2L), (0L, 2L) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_holder_that_slept_past_its_lease_stops_and_the_other_node_goes_on()
    {
        using var first = Node();
        using var second = Node();
        await first.StepAsync(Token);
        await second.StepAsync(Token);
        var both = (first.Count, second.Count);

        World.Clock.Advance(World.Options.Value.LeaseLength);
        await second.StepAsync(Token);
        await first.StepAsync(Token);
        var after = (first.Count, second.Count);
        World.Publish(1);
        await DeliveredAsync(1);
        await second.LeaveAsync(Token);

        Assert.That((both, after), Is.EqualTo(((1, 0), (0, 1))));
        Assert.That(World.Receiver.Ordered, Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_that_leaves_gives_its_leases_back_at_once()
    {
        using var first = Node();
        using var second = Node();
        await first.StepAsync(Token);

        await first.LeaveAsync(Token);
        await second.StepAsync(Token);
        var counts = (first.Count, second.Count);
        await second.LeaveAsync(Token);

        Assert.That(counts, Is.EqualTo((0, 1)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_runner_that_ended_because_the_store_was_away_is_started_again_under_its_lease()
    {
        using var node = Node();
        World.Receiver.Before = (_, _) =>
        {
            World.Subscriptions.IsDown = true;
            return Task.CompletedTask;
        };
        World.Publish(1);
        await node.StepAsync(Token);
        await PushWorld.UntilAsync(() => World.Log.Lines.Count > 0 && World.Receiver.Requests.Count == 1, Token);
        World.Receiver.Before = null;
        World.Publish(2);

        // Each look buries what has ended; what the renewal finds without a runner gets one.
        while (World.Stored.Ordered.Accepted.Sequence < 2)
        {
            await Task.Delay(1, Token);
            World.Subscriptions.IsDown = false;
            await node.StepAsync(Token);
            World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await node.LeaveAsync(Token);
        Assert.That(World.Receiver.Ordered, Is.EqualTo(new[] { 1L, 2 }));
        Assert.That(World.Subscriptions.FenceOf(PushWorld.Id), Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_that_cannot_renew_stops_sending_when_its_leases_are_over()
    {
        using var node = Node();
        await node.StartAsync(Token);
        await World.PassUntilAsync(() => node.Count == 1, TimeSpan.FromMilliseconds(500), Token);
        World.Subscriptions.IsDown = true;

        await World.PassUntilAsync(() => node.Count == 0, TimeSpan.FromMilliseconds(500), Token);
        World.Subscriptions.IsDown = false;
        await node.StopAsync(Token);

        Assert.That(World.Log.Of(5014), Is.Not.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_server_that_stops_just_as_the_store_fails_still_ends_its_deliveries()
    {
        using var node = Node();
        await node.StepAsync(Token);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        World.Subscriptions.BeforeLease = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        await node.StartAsync(Token);
        await asked.Task.WaitAsync(Token);

        var stopped = node.StopAsync(Token);
        answer.SetException(new StoreUnavailableException("The store cannot be reached.", innerException: null));
        await stopped;
        World.Subscriptions.BeforeLease = null;

        Assert.That(node.Count, Is.Zero);
        Assert.That(await World.Subscriptions.LeaseAsync(Guid.NewGuid(), 1, TimeSpan.FromSeconds(1), Token), Has.Count.EqualTo(1));
    }

    private PushDispatcher Node() =>
        new(World.Store, World.Runners, World.Options, World.Clock, World.Metrics, World.Log.For<PushDispatcher>());

    private Task DeliveredAsync(long sequence) =>
        PushWorld.UntilAsync(() => World.Stored.Ordered.Accepted.Sequence == sequence, Token);

    private Task<bool> PutAsync(SubscriptionState state) =>
        World.Subscriptions.PutAsync(World.Stored.Subscription with { State = state }, null, null, false, Token);
}
