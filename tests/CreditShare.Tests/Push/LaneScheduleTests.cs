using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Push;
using NUnit.Framework;
using V1Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class LaneScheduleTests
{
    private const int LongestMs = 60_000;

    private PushWorld _world = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartWorldAsync() => _world = await PushWorld.StartAsync();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [TestCase(V1Lane.Ordered, "5 15 30 60 120 300 600 900 1800 3600 3600 3600")]
    [TestCase(V1Lane.Withdrawals, "1 2 5 10 20 30 60 120 300 300 300"), CancelAfter(LongestMs)]
    public async Task A_lane_that_fails_is_tried_by_its_schedule_to_the_second(V1Lane lane, string seconds)
    {
        _world.Receiver.Instead = message => message.Lane == lane ? DeliveryAnswer.Refused("500", "no") : null;
        PublishAndWithdraw(1);

        var lanes = _world.Lanes();
        var waits = seconds.Split(' ');
        await lanes.PassUntilAsync(() => _world.Receiver.Of(lane).Count > waits.Length, Token);

        var state = lane == V1Lane.Ordered ? _world.Stored.Ordered : _world.Stored.Withdrawals;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', _world.Receiver.WaitsOf(lane)), Is.EqualTo(seconds));
            Assert.That((state.Failures, state.Accepted.Sequence), Is.EqualTo((waits.Length + 1, 0L)));
            Assert.That(_world.Receiver.Of(lane).DistinctBy(message => (message.MessageId, message.FromSequence, message.ToSequence)).Count(), Is.EqualTo(1));
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
        _world.Receiver.Instead = _ => DeliveryAnswer.Refused("503", "later") with { RetryAfter = TimeSpan.FromSeconds(asked) };
        _world.Publish(1);

        var lanes = _world.Lanes();
        await lanes.PassUntilAsync(() => _world.Receiver.Requests.Count == 2, Token);

        Assert.That(_world.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new double[] { waited }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Any_progress_begins_the_schedule_anew()
    {
        var fails = true;
        _world.Receiver.Instead = _ => fails ? DeliveryAnswer.Refused("500", "no") : null;
        _world.Publish(1);
        var lanes = _world.Lanes();
        await lanes.PassUntilAsync(() => _world.Receiver.Requests.Count == 4, Token);
        fails = false;
        await lanes.PassUntilAsync(() => _world.Receiver.Requests.Count == 5, Token);
        fails = true;
        _world.Publish(2);
        await lanes.PassUntilAsync(() => _world.Receiver.Requests.Count == 7, Token);

        Assert.That(_world.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new[] { 5.0, 15, 30, 60, 0, 5 }));
        Assert.That(_world.Stored.Ordered, Has.Property(nameof(LaneState.Failures)).EqualTo(2).And.Property(nameof(LaneState.PendingTo)).EqualTo(2));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_retry_sends_the_range_that_failed_though_more_has_come()
    {
        _world.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        _world.Publish(1);
        var lanes = _world.Lanes();
        await lanes.SettleAsync(Token);
        _world.Publish(2);
        _world.Receiver.Instead = null;

        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        var sent = _world.Receiver.Of(V1Lane.Ordered);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_world.Receiver.RangesOf(V1Lane.Ordered), Is.EqualTo(new[] { (0L, 1L), (0L, 1L), (1L, 2L) }));
            Assert.That(sent[1].MessageId, Is.EqualTo(sent[0].MessageId).And.Not.EqualTo(sent[2].MessageId));
            Assert.That(_world.Receiver.Ordered, Is.EqualTo(new[] { 1L, 2 }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_restart_keeps_the_schedule_and_the_range()
    {
        _world.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        _world.Publish(1);
        await _world.Lanes().PassUntilAsync(() => _world.Receiver.Requests.Count == 3, Token);
        _world.Publish(2);
        _world.Clock.Advance(TimeSpan.FromSeconds(10));

        await _world.Lanes().PassUntilAsync(() => _world.Receiver.Requests.Count == 4, Token);

        Assert.That(_world.Receiver.WaitsOf(V1Lane.Ordered), Is.EqualTo(new[] { 5.0, 15, 30 }));
        Assert.That(_world.Receiver.Of(V1Lane.Ordered).Select(message => message.MessageId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_may_pass_in_a_moment_is_tried_twice_more_and_each_try_is_kept()
    {
        _world.Receiver.Instead = _ => DeliveryAnswer.Refused("503", "busy") with { MayPassSoon = true };
        _world.Publish(1);

        await _world.Lanes().SettleAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_world.Receiver.Requests, Has.Count.EqualTo(3));
            Assert.That(_world.Subscriptions.AttemptsOf(PushWorld.Id).Select(attempt => attempt.Status), Is.EqualTo(new[] { "503", "503", "503" }));
            Assert.That(_world.Stored.Ordered.Failures, Is.EqualTo(1), "together they are one failure");
            Assert.That(_world.Receiver.WaitsOf(V1Lane.Ordered), Has.All.LessThanOrEqualTo(1.2));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_receiver_that_hangs_is_left_after_ten_seconds_and_not_asked_again_at_once()
    {
        _world.Receiver.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
        _world.Publish(1);
        var began = _world.Clock.GetUtcNow();

        await _world.Lanes().SettleAsync(Token);

        var attempt = _world.Subscriptions.AttemptsOf(PushWorld.Id).Single();
        Assert.That((attempt.Outcome, attempt.At), Is.EqualTo((DeliveryOutcome.TimedOut, began)));
        Assert.That(attempt.Latency.TotalSeconds, Is.InRange(10, 15));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_partner_that_may_not_be_sent_this_is_sent_nothing_and_sees_why()
    {
        await _world.RegisterAsync(Core.Access.View.Status);
        _world.Publish(1);
        var lanes = _world.Lanes();
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);
        var held = _world.Stored.Ordered.LastError;
        await _world.RegisterAsync(Core.Access.View.Public);
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        Assert.That(held, Does.Contain("no longer granted"));
        Assert.That(_world.Receiver.Ordered, Is.EqualTo(new[] { 1L }));
        Assert.That((_world.Stored.Ordered.LastError, _world.Stored.Withdrawals.LastError), Is.EqualTo(("", "")));
    }

    private JournalEntry PublishAndWithdraw(int n) => _world.Withdraw(_world.Publish(n));
}
