using CreditShare.Core.Journal;
using CreditShare.Server.Push;
using CreditShare.V1;
using NUnit.Framework;
using DeliveryAttempt = CreditShare.Core.Push.DeliveryAttempt;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.V1.DeliveryPurpose;
using Lane = CreditShare.V1.Lane;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Tests.Push;

internal sealed class SubscriptionRunnerTests
{
    private const int LongestMs = 60_000;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test, CancelAfter(LongestMs)]
    public async Task A_withdrawal_gets_through_while_a_frame_of_the_ordered_lane_hangs()
    {
        await using var world = await PushWorld.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        world.Receiver.Before = (message, token) =>
            message.Lane == Lane.Ordered ? Task.Delay(Timeout.InfiniteTimeSpan, token) : Task.CompletedTask;
        var entry = world.Publish(1);
        var running = world.Runner().RunAsync(stop.Token);
        await PushWorld.UntilAsync(() => world.Receiver.Of(Lane.Ordered).Count == 1, Token);

        world.Withdraw(entry);
        await PushWorld.UntilAsync(() => world.Stored.Withdrawals.Accepted.Sequence == 2, Token);

        Assert.That((world.Receiver.Of(Lane.Ordered).Count, world.Stored.Ordered.Accepted.Sequence), Is.EqualTo((1, 0L)), "no time has passed");
        await StopAsync(stop, running);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_lost_lease_ends_the_runner_without_moving_the_cursor()
    {
        await using var world = await PushWorld.StartAsync();
        world.Receiver.Instead = _ =>
        {
            world.Subscriptions.TakeOver(PushWorld.Id, Guid.NewGuid(), PushWorld.LongLease);
            return null;
        };
        world.Publish(1);

        await world.Runner().RunAsync(Token);

        Assert.That(world.Stored.Ordered.Accepted.Sequence, Is.Zero);
        Assert.That(world.Receiver.Ordered, Is.EqualTo(new[] { 1L }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_endpoint_proves_itself_before_it_is_sent_anything()
    {
        await using var world = await PushWorld.StartAsync(state: SubscriptionState.PendingVerification);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        world.Publish(1);
        var refuses = true;
        world.Receiver.Instead = _ => refuses ? DeliveryAnswer.Refused("404", "no") : null;
        var running = world.Runner().RunAsync(stop.Token);
        await world.PassUntilAsync(() => world.Receiver.Requests.Count == 2, s_step, Token);
        refuses = false;

        await world.PassUntilAsync(() => world.Receiver.Ordered.Count == 1, s_step, Token);
        await StopAsync(stop, running);

        var purposes = world.Receiver.Requests.Select(request => request.Message.Purpose);
        Assert.That(purposes, Is.EqualTo(new[] { DeliveryPurpose.Verification, DeliveryPurpose.Verification, DeliveryPurpose.Verification, DeliveryPurpose.Changes }));
        Assert.That(world.Stored.Subscription.State, Is.EqualTo(SubscriptionState.Active));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_first_challenge_is_left_to_the_call_that_named_the_endpoint()
    {
        await using var world = await PushWorld.StartAsync(state: SubscriptionState.PendingVerification);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var made = world.Clock.GetUtcNow();
        var running = world.Runner().RunAsync(stop.Token);

        await world.PassUntilAsync(() => world.Receiver.Requests.Count == 1, s_step, Token);
        var waited = world.Clock.GetUtcNow() - made;
        await StopAsync(stop, running);

        Assert.That(waited, Is.AtLeast(PushTiming.CallersTurn));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_ended_subscription_orders_a_purge_until_it_is_confirmed_and_sends_no_changes()
    {
        await using var world = await PushWorld.StartAsync(state: SubscriptionState.Revoked);
        world.Publish(1);
        world.Receiver.Instead = message => world.Receiver.Requests.Count < 3 ? ScriptedReceiver.Answer(new ReceiveChangesResponse()) : null;

        var running = world.Runner().RunAsync(Token);
        await world.PassUntilAsync(() => running.IsCompleted, s_step, Token);
        await running;

        Assert.That(world.Receiver.Requests.Select(request => request.Message.Purpose), Is.EqualTo(Enumerable.Repeat(DeliveryPurpose.Purge, 3)));
        Assert.That(world.Receiver.Requests.Select(request => request.Message.MessageId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(world.Stored.Subscription.PurgedAt, Is.Not.Null);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_store_that_is_away_ends_the_runner_and_the_next_one_leaves_no_gap()
    {
        await using var world = await PushWorld.StartAsync(new PushOptions { FrameChanges = 1 });
        for (var n = 1; n <= 5; n++) world.Publish(n);
        world.Receiver.Before = (message, _) =>
        {
            if (message.ToSequence == 3) world.Subscriptions.IsDown = true;
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Runner().RunAsync(Token));
        world.Subscriptions.IsDown = false;
        world.Receiver.Before = null;
        var accepted = world.Stored.Ordered.Accepted.Sequence;

        await world.Lanes().SettleAsync(Token);

        Assert.That(accepted, Is.LessThanOrEqualTo(2));
        Assert.That(world.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2, 3, 4, 5 }));
        Assert.That(world.Stored.Ordered.Accepted.Sequence, Is.EqualTo(5));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_writer_waits_for_all_that_is_on_its_way_though_one_could_not_be_written()
    {
        await using var world = await PushWorld.StartAsync();
        var leased = world.Subscriptions.TakeOver(PushWorld.Id, Guid.NewGuid(), PushWorld.LongLease);
        var writer = new DeliveryWriter(world.Subscriptions, PushWorld.Id, leased.Fence);
        var first = world.Subscriptions.HoldRecords();
        await writer.PostAsync(writer.Blank, Token);
        world.Subscriptions.IsDown = true;
        await writer.PostAsync(writer.Blank, Token);
        world.Subscriptions.IsDown = false;
        var last = world.Subscriptions.HoldRecords();
        await writer.PostAsync(writer.Blank, Token);

        var flushed = writer.FlushAsync();
        first.SetResult();
        await Task.WhenAny(flushed, Task.Delay(100, Token));
        var early = flushed.IsCompleted;
        last.SetResult();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => flushed);

        Assert.That(early, Is.False, "the last one is on its way still");
        Assert.That(await writer.FlushAsync(), Is.True, "nothing is left");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_cursors_of_the_ordered_lane_are_not_waited_for_and_those_of_withdrawals_are()
    {
        await using var world = await PushWorld.StartAsync(new PushOptions { FrameChanges = 1 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        for (var n = 1; n <= 3; n++) world.Withdraw(world.Publish(n));
        var held = world.Subscriptions.HoldRecords();
        var running = world.Runner().RunAsync(stop.Token);

        await PushWorld.UntilAsync(() => world.Receiver.Of(Lane.Ordered).Count == 6, Token);
        var early = world.Receiver.Of(Lane.Withdrawals).Count;
        held.SetResult();
        await PushWorld.UntilAsync(() => world.Stored.Withdrawals.Accepted.Sequence == 6 && world.Stored.Ordered.Accepted.Sequence == 6, Token);
        await StopAsync(stop, running);

        Assert.That(early, Is.EqualTo(1));
        Assert.That(world.Subscriptions.AttemptsOf(PushWorld.Id), Has.Count.EqualTo(world.Receiver.Requests.Count)
            .And.All.Property(nameof(DeliveryAttempt.Outcome)).EqualTo(DeliveryOutcome.Accepted));
    }

    private static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
