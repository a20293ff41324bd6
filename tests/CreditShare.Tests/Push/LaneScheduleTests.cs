using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Push;
using NUnit.Framework;
using V1Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class LaneScheduleTests : PushFixture
{
    [TestCase(V1Lane.Ordered, "5 15 30 60 120 300 600 900 1800 3600 3600 3600")]
    [TestCase(V1Lane.Withdrawals, "1 2 5 10 20 30 60 120 300 300 300"), CancelAfter(LongestMs)]
    public async Task A_lane_that_fails_is_tried_by_its_schedule_to_the_second(V1Lane lane, string seconds)
    {
        World.Receiver.Instead = message => message.Lane == lane ? DeliveryAnswer.Refused("500", "no") : null;
        PublishAndWithdraw(1);

        var lanes = World.Lanes();
        var waits = seconds.Split(' ');
        await lanes.PassUntilAsync(() => World.Receiver.Of(lane).Count > waits.Length, Token);

        var state = lane == V1Lane.Ordered ? World.Stored.Ordered : World.Stored.Withdrawals;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', World.Receiver.WaitsOf(lane)), Is.EqualTo(seconds));
            Assert.That((state.Failures, state.Accepted.Sequence), Is.EqualTo((waits.Length + 1, 0L)));
            Assert.That(World.Receiver.Of(lane).DistinctBy(message => (message.MessageId, message.FromSequence, message.ToSequence)).Count(), Is.EqualTo(1));
        }
    }

    [TestCase(0, 4)]
    [TestCase(1, 6), CancelAfter(LongestMs)]
    public async Task Jitter_is_a_fifth_either_way(double chance, double seconds)
    {
        await using var world = await PushWorld.StartAsync(chance: chance);
        world.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        world.Publish(1);

        await world.Lanes().SettleAsync(Token);

        Assert.That((world.Stored.Ordered.NextAttemptAt - world.Clock.GetUtcNow())!.Value.TotalSeconds, Is.EqualTo(seconds).Within(1e-3));
    }

    [TestCase(2, 5)]
    [TestCase(90, 90)]
    [TestCase(7_200, 3_600), CancelAfter(LongestMs)]
    public async Task What_the_receiver_asks_for_is_waited_up_to_an_hour(int asked, int waited)
    {
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("503", "later") with { RetryAfter = TimeSpan.FromSeconds(asked) };
        World.Publish(1);

        var lanes = World.Lanes();
        await lanes.PassUntilAsync(() => World.Receiver.Requests.Count == 2, Token);

        Assert.That(World.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new double[] { waited }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Any_progress_begins_the_schedule_anew()
    {
        var fails = true;
        World.Receiver.Instead = _ => fails ? DeliveryAnswer.Refused("500", "no") : null;
        World.Publish(1);
        var lanes = World.Lanes();
        await lanes.PassUntilAsync(() => World.Receiver.Requests.Count == 4, Token);
        fails = false;
        await lanes.PassUntilAsync(() => World.Receiver.Requests.Count == 5, Token);
        fails = true;
        World.Publish(2);
        await lanes.PassUntilAsync(() => World.Receiver.Requests.Count == 7, Token);

        Assert.That(World.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new[] { 5.0, 15, 30, 60, 0, 5 }));
        Assert.That(World.Stored.Ordered, Has.Property(nameof(LaneState.Failures)).EqualTo(2).And.Property(nameof(LaneState.PendingTo)).EqualTo(2));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_retry_sends_the_range_that_failed_though_more_has_come()
    {
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        World.Publish(1);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Publish(2);
        World.Receiver.Instead = null;

        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        var sent = World.Receiver.Of(V1Lane.Ordered);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(World.Receiver.RangesOf(V1Lane.Ordered), Is.EqualTo(new[] { (0L, 1L), (0L, 1L), (1L, 2L) }));
            Assert.That(sent[1].MessageId, Is.EqualTo(sent[0].MessageId).And.Not.EqualTo(sent[2].MessageId));
            Assert.That(World.Receiver.Ordered, Is.EqualTo(new[] { 1L, 2 }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_restart_keeps_the_schedule_and_the_range()
    {
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        World.Publish(1);
        await World.Lanes().PassUntilAsync(() => World.Receiver.Requests.Count == 3, Token);
        World.Publish(2);
        World.Clock.Advance(TimeSpan.FromSeconds(10));

        await World.Lanes().PassUntilAsync(() => World.Receiver.Requests.Count == 4, Token);

        Assert.That(World.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new[] { 5.0, 15, 30 }));
        Assert.That(World.Receiver.Of(V1Lane.Ordered).Select(message => message.MessageId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_may_pass_in_a_moment_is_tried_twice_more_and_each_try_is_kept()
    {
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("503", "busy") with { MayPassSoon = true };
        World.Publish(1);

        await World.Lanes().SettleAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(World.Receiver.Requests, Has.Count.EqualTo(3));
            Assert.That(World.Subscriptions.AttemptsOf(PushWorld.Id).Select(attempt => attempt.Status), Is.EqualTo(new[] { "503", "503", "503" }));
            Assert.That(World.Stored.Ordered.Failures, Is.EqualTo(1), "together they are one failure");
            Assert.That(World.Receiver.WaitsOf(V1Lane.Ordered), Has.All.LessThanOrEqualTo(1.2));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_receiver_that_hangs_is_left_after_ten_seconds_and_not_asked_again_at_once()
    {
        World.Receiver.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
        World.Publish(1);
        var began = World.Clock.GetUtcNow();

        await World.Lanes().SettleAsync(Token);

        var attempt = World.Subscriptions.AttemptsOf(PushWorld.Id).Single();
        Assert.That((attempt.Outcome, attempt.At), Is.EqualTo((DeliveryOutcome.TimedOut, began)));
        Assert.That(attempt.Latency.TotalSeconds, Is.InRange(10, 15));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_partner_that_may_not_be_sent_this_is_sent_nothing_and_sees_why()
    {
        await World.RegisterAsync(Core.Access.View.Status);
        World.Publish(1);
        var lanes = World.Lanes();
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);
        var held = World.Stored.Ordered.LastError;
        await World.RegisterAsync(Core.Access.View.Public);
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        Assert.That(held, Does.Contain("no longer granted"));
        Assert.That(World.Receiver.Ordered, Is.EqualTo(new[] { 1L }));
        Assert.That((World.Stored.Ordered.LastError, World.Stored.Withdrawals.LastError), Is.EqualTo(("", "")));
    }

    private JournalEntry PublishAndWithdraw(int n) => World.Withdraw(World.Publish(n));
}
