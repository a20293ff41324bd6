using CreditShare.Server.Push;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using NUnit.Framework;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class LaneProgressTests : PushFixture
{
    [Test, CancelAfter(LongestMs)]
    public async Task A_part_that_was_accepted_moves_the_cursor_into_the_frame_and_the_rest_follows()
    {
        PublishMany(5);
        World.Receiver.Instead = message => message.FromSequence == 0 ? ScriptedReceiver.Accepting(2) : null;

        await World.Lanes().SettleAsync(Token);

        var part = World.Subscriptions.Moves[0].Lane.Accepted;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 5L), (2L, 5L) }));
            Assert.That((part.Sequence, part.Hash.Span.SequenceEqual(World.Journal.Entries[1].Hash.Span)), Is.EqualTo((2L, true)));
            Assert.That(World.Receiver.Ordered, Is.EqualTo(new long[] { 3, 4, 5 }));
            Assert.That(World.Stored.Ordered.Failures, Is.Zero);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_part_of_withdrawals_is_followed_by_the_rest_of_them()
    {
        for (var n = 1; n <= 3; n++) World.Withdraw(World.Publish(n));
        World.Receiver.Instead = message => message is { Lane: Lane.Withdrawals, FromSequence: 0 } ? ScriptedReceiver.Accepting(2) : null;

        await World.Lanes().SettleAsync(Token);

        Assert.That(World.Receiver.Withdrawals, Is.EqualTo(new long[] { 4, 6 }));
        Assert.That(World.Receiver.RangesOf(Lane.Withdrawals), Is.EqualTo(new[] { (0L, 6L), (2L, 6L) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_answer_beyond_the_range_counts_up_to_its_end()
    {
        PublishMany(2);
        World.Receiver.Instead = _ => ScriptedReceiver.Accepting(1_000_000);

        await World.Lanes().SettleAsync(Token);

        Assert.That((World.Stored.Ordered.Accepted.Sequence, World.Stored.Ordered.Applied), Is.EqualTo((2L, 2L)));
    }

    [TestCase(0, "Accepted up to 0 only")]
    [TestCase(-1, "below 0"), CancelAfter(LongestMs)]
    public async Task An_answer_that_accepts_nothing_is_a_failure(long accepted, string error)
    {
        PublishMany(2);
        World.Receiver.Instead = _ => ScriptedReceiver.Accepting(accepted);

        await World.Lanes().SettleAsync(Token);

        var lane = World.Stored.Ordered;
        Assert.That((lane.Accepted.Sequence, lane.Failures, lane.PendingTo), Is.EqualTo((0L, 1, (long?)2)));
        Assert.That(lane.LastError, Does.Contain(error));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_receiver_that_lost_something_is_sent_it_again_after_a_wait()
    {
        PublishMany(3);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Lose(Lane.Ordered, after: 1);
        World.Publish(4);

        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(World.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2, 3, 4 }));
            Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 3L), (3L, 4L), (1L, 4L) }));
            Assert.That(World.Receiver.WaitsOf(Lane.Ordered).Last(), Is.EqualTo(5));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_receiver_that_expects_what_the_journal_does_not_know_is_sent_the_same_range_again()
    {
        PublishMany(1);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        var isConfused = true;
        World.Receiver.Instead = _ => isConfused
            ? ScriptedReceiver.Answer(new ReceiveChangesResponse { Expected = new Cursor { Epoch = 77, Sequence = 0 } })
            : null;
        World.Publish(2);
        await lanes.SettleAsync(Token);
        World.Publish(3);

        isConfused = false;
        await lanes.PassAsync(TimeSpan.FromMinutes(5), Token);

        Assert.That(World.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2, 3 }));
        Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 1L), (1L, 2L), (1L, 2L), (2L, 3L) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task After_a_failover_that_lost_changes_the_new_history_is_sent_from_the_last_accepted_place()
    {
        PublishMany(2);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        World.Withdraw(World.Publish(3));
        await lanes.SettleAsync(Token);

        // Numbers 3 and 4 were read and sent in vain, and are lost with the old life; the new one is shorter at first.
        World.Journal.FailOver(losing: 2);
        var again = World.Journal.Publish(People.Listed(4));
        World.Node.Tail.Abandon(World.Node.Tail.AppliedHead!);
        World.Node.Step();
        World.Receiver.Instead = null;
        await lanes.PassAsync(TimeSpan.FromMinutes(10), Token);
        var early = World.Receiver.Ordered;
        World.Withdraw(again);
        World.Publish(5);
        await lanes.PassAsync(TimeSpan.FromMinutes(10), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.EqualTo(new long[] { 1, 2, 3 }));
            Assert.That(World.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2, 3, 4, 5 }));
            Assert.That(World.Receiver.Withdrawals, Is.EqualTo(new long[] { 4 }));
            Assert.That((World.Stored.Ordered.Failures, World.Stored.Withdrawals.Failures), Is.EqualTo((0, 0)));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_new_life_that_the_node_has_not_noticed_yet_stops_nothing_for_good()
    {
        PublishMany(2);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Instead = _ => DeliveryAnswer.Refused("500", "no");
        World.Withdraw(World.Publish(3));
        await lanes.SettleAsync(Token);
        World.Journal.FailOver(losing: 2);
        for (var n = 4; n <= 6; n++) World.Journal.Withdraw(World.Journal.Publish(People.Listed(n)));
        World.Receiver.Instead = null;

        // Meanwhile it may send what is lost by now: the receiver is told again, in the new life.
        await lanes.PassAsync(TimeSpan.FromMinutes(10), Token);
        World.Node.Step();
        World.Node.Step();
        await lanes.PassAsync(TimeSpan.FromMinutes(10), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(World.Receiver.RangesOf(Lane.Ordered).Last(), Is.EqualTo((2L, 8L)));
            Assert.That(World.Receiver.Withdrawals, Is.EqualTo(new long[] { 4, 6, 8 }));
            Assert.That(World.Receiver.Of(Lane.Ordered)[^1].Changes.Select(change => change.Epoch), Has.All.EqualTo(2u));
            Assert.That((World.Stored.Ordered.Failures, World.Stored.Withdrawals.Failures), Is.EqualTo((0, 0)));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_message_that_is_called_off_counts_for_nothing_and_its_range_is_sent_next()
    {
        PublishMany(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        World.Receiver.Before = async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        var lanes = World.Lanes();
        var step = await lanes.Ordered.StepAsync(stop.Token);
        var lane = World.Stored.Ordered;
        var attempt = World.Subscriptions.AttemptsOf(PushWorld.Id).Single();

        World.Publish(2);
        World.Receiver.Before = null;
        await World.Lanes().SettleAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((step.IsOver, lane.Failures, lane.Accepted.Sequence), Is.EqualTo((true, 0, 0L)));
            Assert.That((attempt.Outcome, attempt.Error), Is.EqualTo((DeliveryOutcome.TimedOut, "Called off before the answer.")));
            Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 1L), (0L, 1L), (1L, 2L) }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_lease_that_was_lost_ends_the_lane_and_moves_no_cursor()
    {
        PublishMany(2);
        var stale = World.Lanes();
        World.Receiver.Instead = message =>
        {
            World.Subscriptions.TakeOver(PushWorld.Id, Guid.NewGuid(), PushWorld.LongLease);
            return null;
        };
        await stale.SettleAsync(Token);
        World.Receiver.Instead = null;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stale.IsOver(Core.Push.Lane.Ordered), Is.True);
            Assert.That(World.Stored.Ordered.Accepted.Sequence, Is.Zero);
            Assert.That(World.Subscriptions.AttemptsOf(PushWorld.Id), Is.Not.Empty, "it was sent all the same");
        }

        await World.Lanes().SettleAsync(Token);
        Assert.That(World.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2 }), "the next holder sends it again, and the receiver had it");
        Assert.That(World.Stored.Ordered.Accepted.Sequence, Is.EqualTo(2));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Whatever_goes_wrong_on_the_way_is_an_attempt_that_is_kept()
    {
        PublishMany(1);
        World.Receiver.Instead = _ => throw new HttpRequestException("odd");

        await World.Lanes().SettleAsync(Token);

        Assert.That(World.Subscriptions.AttemptsOf(PushWorld.Id).Count, Is.EqualTo(World.Receiver.Requests.Count));
        Assert.That(World.Subscriptions.AttemptsOf(PushWorld.Id)[0].Error, Does.Contain("odd"));
        Assert.That(World.Stored.Ordered.Failures, Is.EqualTo(1));
    }

    private void PublishMany(int count)
    {
        for (var n = 1; n <= count; n++) World.Publish(n);
    }
}
