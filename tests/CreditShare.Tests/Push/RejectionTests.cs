using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Push;
using CreditShare.V1;
using NUnit.Framework;
using Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class RejectionTests : PushFixture
{
    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_publication_is_parked_and_holds_nothing_up_until_a_newer_version_is_accepted()
    {
        Reject(Lane.Ordered, 1);
        var entry = World.Publish(1);
        World.Publish(2);
        var lanes = World.Lanes();
        await lanes.PassAsync(TimeSpan.FromHours(1), Token);
        var parked = await RejectedAsync();

        World.Withdraw(entry);
        await lanes.SettleAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parked.Select(change => (change.Sequence, change.IsWithdrawal, change.Reason)), Is.EqualTo(new[] { (1L, false, "no") }));
            Assert.That(World.Receiver.RangesOf(Lane.Ordered), Is.EqualTo(new[] { (0L, 2L), (2L, 3L) }), "it is not sent again");
            Assert.That(await RejectedAsync(), Is.Empty);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_publication_is_not_parked_if_the_same_frame_brings_a_newer_version_that_is_accepted()
    {
        Reject(Lane.Ordered, 1);
        World.Withdraw(World.Publish(1));

        await World.Lanes().SettleAsync(Token);

        Assert.That(await RejectedAsync(), Is.Empty);
        Assert.That(World.Stored.Ordered.Accepted.Sequence, Is.EqualTo(2));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_withdrawal_is_sent_again_by_the_schedule_until_it_is_accepted()
    {
        var isRejected = true;
        Reject(lane: null, 2, () => isRejected);
        World.Withdraw(World.Publish(1));
        var lanes = World.Lanes();
        await lanes.PassUntilAsync(() => World.Receiver.Of(Lane.Withdrawals).Count == 6, Token);
        var outstanding = await RejectedAsync();

        isRejected = false;
        await lanes.PassAsync(TimeSpan.FromMinutes(5), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outstanding.Select(change => (change.Sequence, change.IsWithdrawal)), Is.EqualTo(new[] { (2L, true) }));
            Assert.That(World.Receiver.WaitsOf(Lane.Withdrawals), Is.EqualTo(new[] { 1.0, 2, 5, 10, 20, 30 }));
            Assert.That(
                World.Receiver.Of(Lane.Withdrawals).Skip(1).Select(message => (message.FromSequence, message.ToSequence, message.Changes.Count)),
                Has.All.EqualTo((1L, 2L, 1)));
            Assert.That(await RejectedAsync(), Is.Empty);
            Assert.That(World.Stored.Withdrawals.Failures, Is.Zero, "the lane itself did not fail");
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_withdrawal_on_which_the_receiver_chokes_keeps_back_none_after_it()
    {
        Reject(lane: null, 2);
        World.Withdraw(World.Publish(1));
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Instead = message =>
            message is { Lane: Lane.Withdrawals, FromSequence: 1, ToSequence: 2 } ? DeliveryAnswer.Refused("500", "choked") : null;
        await lanes.PassAsync(TimeSpan.FromMinutes(1), Token);

        World.Withdraw(World.Publish(2));
        await lanes.SettleAsync(Token);

        Assert.That(World.Stored.Withdrawals.Accepted.Sequence, Is.EqualTo(4));
        Assert.That((await RejectedAsync()).Select(change => change.Sequence), Is.EqualTo(new[] { 2L }), "it stays outstanding");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_new_withdrawal_does_not_wait_behind_those_that_are_sent_again()
    {
        World.Receiver.Twist = (message, response) => RejectIn(message, RejectIn(message, response, lane: null, 2), lane: null, 4);
        for (var n = 1; n <= 2; n++) World.Withdraw(World.Publish(n));
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Before = (_, _) =>
        {
            World.Receiver.Before = null;
            World.Withdraw(World.Publish(3));
            return Task.CompletedTask;
        };

        await lanes.PassAsync(TimeSpan.FromSeconds(1), Token);

        Assert.That(World.Receiver.RangesOf(Lane.Withdrawals), Is.EqualTo(new[] { (0L, 4L), (1L, 2L), (4L, 6L), (3L, 4L) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_withdrawal_before_which_the_receiver_lacks_others_comes_with_them()
    {
        // The receiver's own lane of withdrawals ends before the one that it rejected on the ordered lane.
        for (var n = 1; n <= 2; n++) World.Withdraw(World.Publish(n));
        World.Receiver.Twist = (message, response) => RejectIn(message, response, Lane.Ordered, 4);
        var lanes = World.Lanes();
        await lanes.SettleAsync(Token);
        World.Receiver.Lose(Lane.Withdrawals, after: 1);
        World.Receiver.Twist = null;
        Assert.That((await RejectedAsync()).Select(change => change.Sequence), Is.EqualTo(new[] { 4L }));

        await lanes.PassAsync(TimeSpan.FromMinutes(5), Token);

        Assert.That(await RejectedAsync(), Is.Empty);
        Assert.That(World.Receiver.Withdrawals, Is.EqualTo(new long[] { 2, 4 }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_retry_of_withdrawals_carries_all_of_them_however_many_the_filter_leaves_out()
    {
        const int others = 10_100;
        var filter = new ListingFilter { Courts = [Listings.Sample.Court("测02")] };
        await using var world = await PushWorld.StartAsync(filter: filter, loads: false);
        world.Journal.Repeat(world.Withdraw(world.Publish(1)), others);
        world.Withdraw(world.Publish(2, "测02"));
        world.Receiver.Instead = message => message.Lane == Lane.Withdrawals ? DeliveryAnswer.Refused("500", "no") : null;
        var lanes = world.Lanes();
        await lanes.Withdrawals.StepAsync(Token);
        world.Receiver.Instead = null;
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        await lanes.Withdrawals.StepAsync(Token);

        var last = others + 4L;
        Assert.That(world.Receiver.RangesOf(Lane.Withdrawals), Is.EqualTo(new[] { (0L, last), (0L, last) }));
        Assert.That(world.Receiver.Withdrawals, Is.EqualTo(new[] { last }));
    }

    [Test]
    public void A_book_that_is_full_takes_no_more()
    {
        var book = new RejectedBook(Enumerable.Range(1, RejectedChange.MaxPerSubscription).Select(n => Waiting(n)));

        Assert.That((book.IsFullWith([]), book.IsFullWith([Waiting(5)]), book.IsFullWith([Waiting(20_000)])), Is.EqualTo((false, false, true)));
    }

    private static RejectedChange Waiting(long sequence) => new()
    {
        Sequence = sequence,
        Listing = Listings.Sample.Id,
        Version = 1,
        IsWithdrawal = false,
        Reason = "no",
        At = DateTimeOffset.UnixEpoch,
    };

    [Test, CancelAfter(LongestMs)]
    public async Task A_withdrawal_that_one_lane_rejects_is_settled_when_the_other_brings_it()
    {
        Reject(Lane.Withdrawals, 2);
        World.Withdraw(World.Publish(1));

        await World.Lanes().SettleAsync(Token);

        Assert.That(await RejectedAsync(), Is.Empty);
        Assert.That(World.Subscriptions.AttemptsOf(PushWorld.Id)[0].Error, Does.Contain("1 rejected"));
    }

    private static ReceiveChangesResponse RejectIn(ReceiveChangesRequest message, ReceiveChangesResponse response, Lane? lane, long sequence)
    {
        if ((lane is null || message.Lane == lane) && message.Changes.Any(change => change.Sequence == sequence))
        {
            response.Rejections.Add(new Rejection { Sequence = sequence, Reason = "no" });
        }

        return response;
    }

    // On either lane if none is named.
    private void Reject(Lane? lane, long sequence, Func<bool>? rejects = null) =>
        World.Receiver.Twist = (message, response) => rejects?.Invoke() == false ? response : RejectIn(message, response, lane, sequence);

    private Task<IReadOnlyList<RejectedChange>> RejectedAsync() => World.Subscriptions.ListRejectedAsync(PushWorld.Id, 100, Token);
}
