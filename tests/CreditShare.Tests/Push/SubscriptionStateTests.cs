using CreditShare.Core.Push;
using CreditShare.Server.Push;
using NUnit.Framework;
using Lane = CreditShare.Core.Push.Lane;
using V1Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class SubscriptionStateTests
{
    private const int LongestMs = 60_000;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test, CancelAfter(LongestMs)]
    public async Task A_subscription_that_is_down_for_days_keeps_its_cursor_and_has_missed_nothing_when_it_is_back()
    {
        await using var world = await PushWorld.StartAsync(new PushOptions { FrameChanges = 2 });
        var first = world.Publish(1);
        var lanes = world.Lanes();
        await lanes.SettleAsync(Token);
        world.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        world.Withdraw(first);
        var failing = world.Clock.GetUtcNow();

        // Down for six days, with a publication and a withdrawal on each.
        List<(SubscriptionState State, TimeSpan After)> seen = [];
        for (var day = 0; day < 6; day++)
        {
            world.Withdraw(world.Publish(2 + day));
            await lanes.PassUntilAsync(
                () =>
                {
                    if (seen.Count == 0 || seen[^1].State != lanes.State) seen.Add((lanes.State, world.Clock.GetUtcNow() - failing));
                    return false;
                },
                Token,
                failing + TimeSpan.FromDays(day + 1));
        }

        var asleep = world.Stored;
        var triedWhileSuspended = world.Receiver.Requests.Count(
            request => request.Message.Lane == V1Lane.Withdrawals && request.At > failing + PushSchedule.SuspendedAfter);
        world.Receiver.Instead = null;
        await lanes.PassAsync(TimeSpan.FromHours(2), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo(new[]
            {
                (SubscriptionState.Retrying, TimeSpan.Zero),
                (SubscriptionState.Degraded, PushSchedule.DegradedAfter),
                (SubscriptionState.Suspended, PushSchedule.SuspendedAfter),
            }));
            Assert.That((asleep.Subscription.State, asleep.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.Suspended, 1L)));
            Assert.That(triedWhileSuspended, Is.InRange(250, 300), "every five minutes for a day");
            Assert.That(lanes.States[^3..], Is.EqualTo(new[] { SubscriptionState.Suspended, SubscriptionState.CatchingUp, SubscriptionState.Active }));
            Assert.That(world.Stored.Subscription.State, Is.EqualTo(SubscriptionState.Active));
            Assert.That(world.Receiver.Ordered, Is.EqualTo(Enumerable.Range(1, 14).Select(n => (long)n)));
            Assert.That(world.Receiver.Withdrawals, Is.EqualTo(new long[] { 2, 4, 6, 8, 10, 12, 14 }));
            Assert.That(CursorsRunBack(world), Is.False);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_endpoint_that_is_gone_suspends_at_once_and_is_still_asked()
    {
        await using var world = await PushWorld.StartAsync();
        world.Receiver.Instead = message => message.Lane == V1Lane.Ordered ? DeliveryAnswer.Refused("410", "gone") with { IsGone = true } : null;
        var entry = world.Publish(1);
        var lanes = world.Lanes();
        await lanes.SettleAsync(Token);
        var atOnce = world.Stored.Subscription.State;
        world.Withdraw(entry);
        await lanes.PassAsync(TimeSpan.FromHours(1), Token);
        var later = world.Stored;

        world.Receiver.Instead = null;
        await lanes.PassAsync(TimeSpan.FromHours(2), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((atOnce, later.Subscription.State), Is.EqualTo((SubscriptionState.Suspended, SubscriptionState.Suspended)));
            Assert.That(later.Withdrawals.Accepted.Sequence, Is.EqualTo(2), "withdrawals are tried all the same");
            Assert.That(world.Receiver.Ordered, Is.EqualTo(new[] { 1L, 2 }));
            Assert.That(world.Stored.Subscription.State, Is.EqualTo(SubscriptionState.Active));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_withdrawal_that_gets_through_wakes_the_ordered_lane_of_a_suspended_one()
    {
        await using var world = await PushWorld.StartAsync();
        world.Receiver.Instead = _ => DeliveryAnswer.Refused("410", "gone") with { IsGone = true };
        var entry = world.Publish(1);
        var lanes = world.Lanes();
        await lanes.PassAsync(TimeSpan.FromHours(3), Token);
        world.Receiver.Instead = null;
        var back = world.Clock.GetUtcNow();

        world.Withdraw(entry);
        await lanes.SettleAsync(Token);

        Assert.That((world.Stored.Ordered.Accepted.Sequence, world.Stored.Subscription.State), Is.EqualTo((2L, SubscriptionState.Active)));
        Assert.That(world.Clock.GetUtcNow(), Is.EqualTo(back), "the hour is not waited for");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_that_still_loads_does_not_take_a_backlog_for_delivered()
    {
        await using var world = await PushWorld.StartAsync(new PushOptions { FrameChanges = 1 }, state: SubscriptionState.CatchingUp, loads: false);
        for (var n = 1; n <= 3; n++) world.Publish(n);

        var lanes = world.Lanes();
        await lanes.Ordered.StepAsync(Token);
        var early = world.Stored;
        await lanes.SettleAsync(Token);

        Assert.That((early.Ordered.Accepted.Sequence, early.Subscription.State), Is.EqualTo((1L, SubscriptionState.CatchingUp)));
        Assert.That((world.Stored.Ordered.Accepted.Sequence, world.Stored.Subscription.State), Is.EqualTo((3L, SubscriptionState.Active)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_receiver_that_failed_is_asked_whether_it_is_back_though_nothing_is_left_to_send()
    {
        await using var world = await PushWorld.StartAsync();
        var applied = 0L;
        world.Receiver.Twist = (_, response) =>
        {
            response.AppliedSequence = applied;
            return response;
        };
        world.Publish(1);
        var lanes = world.Lanes();
        await lanes.SettleAsync(Token);
        var before = world.Stored.Ordered;

        world.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);
        var failing = world.Stored;
        world.Receiver.Instead = null;
        applied = 1;
        await lanes.PassAsync(TimeSpan.FromMinutes(10), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before.Accepted.Sequence, before.Applied), Is.EqualTo((1L, 0L)));
            Assert.That((failing.Subscription.State, failing.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.Retrying, 1L)));
            Assert.That((world.Stored.Subscription.State, world.Stored.Ordered.Applied), Is.EqualTo((SubscriptionState.Active, 1L)));
        }
    }

    private static bool CursorsRunBack(PushWorld world) =>
        Enum.GetValues<Lane>().Any(lane =>
        {
            var places = world.Subscriptions.Moves.Where(move => move.Lane.Lane == lane).Select(move => move.Lane.Accepted.Sequence).ToList();
            return places.Zip(places.Skip(1)).Any(pair => pair.Second < pair.First);
        });
}
