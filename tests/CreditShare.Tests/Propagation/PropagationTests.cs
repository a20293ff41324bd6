using CreditShare.Core.Journal;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using NUnit.Framework;
using Lane = CreditShare.Core.Push.Lane;
using SubscriptionId = CreditShare.Core.Push.SubscriptionId;

namespace CreditShare.Tests.Propagation;

internal sealed class PropagationTests
{
    private static readonly SubscriptionId Hook = SharingWorld.Id("hook");

    private SharingWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new SharingWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_withdrawal_goes_from_not_sent_to_applied()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Deliver(Hook, Lane.Ordered, accepted: 1);
        List<RecipientState> states = [await StateAsync(listed)];
        var end = _world.Journal.Withdraw(listed);
        states.Add(await StateAsync(listed));
        _world.Fail(Hook, Lane.Withdrawals, pendingTo: end.Sequence);
        states.Add(await StateAsync(listed));
        _world.Deliver(Hook, Lane.Withdrawals, accepted: end.Sequence, applied: 1);
        states.Add(await StateAsync(listed));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        _world.Deliver(Hook, Lane.Withdrawals, accepted: end.Sequence, applied: end.Sequence);
        states.Add(await StateAsync(listed));

        Assert.That(states, Is.EqualTo([
            RecipientState.Listed, RecipientState.NotSent, RecipientState.Sent, RecipientState.Accepted, RecipientState.Applied,
        ]));
    }

    [Test]
    public async Task The_response_tells_the_end_and_the_times()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Deliver(Hook, Lane.Ordered, accepted: 1);
        var told = _world.Clock.GetUtcNow();
        _world.Clock.Advance(TimeSpan.FromHours(1));
        var end = _world.Journal.Withdraw(listed);

        var response = await _world.PropagationOfAsync(listed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((response.EndSequence, response.Version, response.Outstanding), Is.EqualTo((2L, 2L, 1)));
            Assert.That(response.Recipients[0].FirstDisclosedTime.ToDateTimeOffset(), Is.EqualTo(told));
            Assert.That(response.Recipients[0].OutstandingSince.ToDateTimeOffset(), Is.EqualTo(end.RecordedAt));
            Assert.That(response.Recipients[0].Subscription, Is.EqualTo(Hook.ToString()));
        }
    }

    [Test]
    public async Task A_rejected_withdrawal_stays_outstanding_although_the_cursor_went_on()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var listed = _world.Journal.Publish(People.Listed(1));
        var end = _world.Journal.Withdraw(listed);
        _world.Deliver(Hook, Lane.Ordered, accepted: 2);
        _world.Deliver(Hook, Lane.Withdrawals, accepted: 2);
        _world.Store.Subscriptions.Reject(Hook, end, isWithdrawal: true, "unknown listing");

        var response = await _world.PropagationOfAsync(listed);
        var outstanding = await OutstandingAsync();

        Assert.That((response.Recipients[0].State, response.Recipients[0].Rejection), Is.EqualTo((RecipientState.Sent, "unknown listing")));
        Assert.That(outstanding.Withdrawals.Select(row => row.Sequence), Is.EqualTo([2L]));
    }

    [Test]
    public async Task Whoever_was_never_sent_the_listing_is_no_recipient()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        var ended = _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(2)));
        await _world.CreateAsync(SharingWorld.Pull("late"));
        var request = SharingWorld.Pull("elsewhere", start: 0, partner: "other");
        request.Subscription.Filter = new ChangeFilter { CourtCodes = { "测02" } };
        await _world.CreateAsync(request);
        await _world.CreateAsync(SharingWorld.Pull("holder", start: 1, partner: "third"));

        var first = await _world.PropagationOfAsync(listed);
        var second = await _world.PropagationOfAsync(ended);

        Assert.That(first.Recipients.Select(recipient => recipient.Partner), Is.EqualTo(["partners/third"]));
        Assert.That(second.Recipients.Select(recipient => recipient.Partner), Is.EqualTo(["partners/third"]));
    }

    [Test]
    public async Task A_receiver_that_failed_before_the_listing_was_never_told_until_its_end_is_sent()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        _world.Journal.Publish(People.Listed(1));
        _world.Fail(Hook, Lane.Ordered, pendingTo: 1);
        _world.Fail(Hook, Lane.Withdrawals, pendingTo: 1);
        var listed = _world.Journal.Publish(People.Listed(2));
        var end = _world.Journal.Withdraw(listed);
        var before = await _world.PropagationOfAsync(listed);
        _world.Deliver(Hook, Lane.Withdrawals, accepted: end.Sequence);
        var after = await _world.PropagationOfAsync(listed);

        Assert.That(before.Recipients, Is.Empty);
        Assert.That(after.Recipients.Select(recipient => recipient.State), Is.EqualTo([RecipientState.Applied]));
    }

    [Test]
    public async Task What_ended_before_the_lane_of_withdrawals_began_is_confirmed_by_the_ordered_lane_alone()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        var end = _world.Journal.Withdraw(listed);
        var request = SharingWorld.Webhook("hook");
        request.Start = new Cursor { Sequence = 1 };
        await _world.CreateAsync(request);
        _world.Journal.Publish(People.Listed(2));
        _world.Deliver(Hook, Lane.Withdrawals, accepted: 3);
        var open = await OutstandingAsync();
        var state = await StateAsync(listed);
        _world.Deliver(Hook, Lane.Ordered, accepted: end.Sequence);

        Assert.That((state, open.Withdrawals.Count), Is.EqualTo((RecipientState.NotSent, 1)));
        Assert.That(await StateAsync(listed), Is.EqualTo(RecipientState.Applied));
    }

    [Test]
    public async Task A_lookup_lapses_with_its_answer()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        var asked = _world.Clock.GetUtcNow();
        _world.Store.Disclosures.Tell(listed.Listing.Id, new LookupRecipient(SharingWorld.Id("x", "bank").Partner, asked, asked, 1));
        _world.Journal.Withdraw(listed);

        var fresh = (await _world.PropagationOfAsync(listed)).Recipients.Single();
        var open = await OutstandingAsync();
        _world.Clock.Advance(TimeSpan.FromHours(24));
        var lapsed = (await _world.PropagationOfAsync(listed)).Recipients.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((fresh.State, fresh.Channel), Is.EqualTo((RecipientState.NotSent, DisclosureChannel.Lookup)));
            Assert.That(fresh.ValidUntil.ToDateTimeOffset(), Is.EqualTo(asked.AddHours(24)));
            Assert.That(open.Withdrawals.Select(row => row.Recipient.Partner), Is.EqualTo(["partners/bank"]));
            Assert.That((lapsed.State, lapsed.OutstandingSince), Is.EqualTo((RecipientState.Lapsed, (Google.Protobuf.WellKnownTypes.Timestamp?)null)));
            Assert.That((await OutstandingAsync()).Withdrawals, Is.Empty);
        }
    }

    [Test]
    public async Task A_reader_without_subscription_is_unconfirmed_and_one_with_a_pull_is_not_told_twice()
    {
        await _world.CreateAsync(SharingWorld.Pull("all"));
        var listed = _world.Journal.Publish(People.Listed(1));
        var now = _world.Clock.GetUtcNow();
        foreach (var partner in (string[])["dep", "reader"])
        {
            await _world.Store.Disclosures.NoteReaderAsync(new FeedReader(SharingWorld.Id("x", partner).Partner, now, now, 0, 1), default);
        }

        _world.Journal.Withdraw(listed);
        var response = await _world.PropagationOfAsync(listed);

        Assert.That(
            response.Recipients.Select(recipient => (recipient.Partner, recipient.Channel, recipient.State)),
            Is.EqualTo(new[]
            {
                ("partners/dep", DisclosureChannel.Subscription, RecipientState.NotSent),
                ("partners/reader", DisclosureChannel.Feed, RecipientState.Unconfirmed),
            }));
        Assert.That(response.Outstanding, Is.EqualTo(1));
    }

    [Test]
    public async Task A_purged_receiver_holds_nothing_any_more()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Deliver(Hook, Lane.Ordered, accepted: 1);
        _world.Journal.Withdraw(listed);
        await _world.Subscriptions.DeleteSubscription(new DeleteSubscriptionRequest { Name = Hook.ToString() }, _world.Call());
        var revoked = await StateAsync(listed);
        _world.Store.Subscriptions.Move(Hook, stored => stored with
        {
            Subscription = stored.Subscription with { PurgedAt = _world.Clock.GetUtcNow() },
        });

        Assert.That((revoked, await StateAsync(listed)), Is.EqualTo((RecipientState.NotSent, RecipientState.Applied)));
    }

    [Test]
    public async Task Only_the_own_court_and_operators_may_see_it_and_grace_stays_hidden()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        var grace = _world.Journal.Publish(People.InGrace(2));

        var other = await SharingWorld.RefusedAsync(() => _world.PropagationOfAsync(listed, _world.CourtCall("测02")));
        var hidden = await SharingWorld.RefusedAsync(() => _world.PropagationOfAsync(grace, _world.OperatorCall()));
        var own = await _world.PropagationOfAsync(grace);

        Assert.That((other.Reason, hidden.Reason), Is.EqualTo((ErrorReason.CourtNotYours, ErrorReason.ListingNotFound)));
        Assert.That((own.Recipients.Count, own.Version), Is.EqualTo((0, 0L)));
        Assert.That(() => _world.PropagationOfAsync(listed, _world.OperatorCall()), Throws.Nothing);
    }

    [Test]
    public async Task The_list_is_longest_outstanding_first_and_paged_without_gap_or_repetition()
    {
        await _world.CreateAsync(SharingWorld.Pull("p-1"));
        await _world.CreateAsync(SharingWorld.Pull("p-2"));
        for (var n = 1; n <= 3; n++)
        {
            _world.Clock.Advance(TimeSpan.FromHours(1));
            _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(n)));
        }

        var request = new ListOutstandingRequest { PageSize = 2 };
        List<(long, string)> rows = [];
        do
        {
            var page = await _world.Propagation.ListOutstanding(request, _world.OperatorCall());
            rows.AddRange(page.Withdrawals.Select(row => (row.Sequence, row.Recipient.Subscription[^1..])));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.That(rows, Is.EqualTo(new[] { (2L, "1"), (2L, "2"), (4L, "1"), (4L, "2"), (6L, "1"), (6L, "2") }));
    }

    [Test]
    public async Task The_list_is_narrowed_by_age_partner_and_court()
    {
        await _world.CreateAsync(SharingWorld.Pull("mine"));
        await _world.CreateAsync(SharingWorld.Pull("theirs", partner: "other"));
        _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(1)));
        _world.Clock.Advance(TimeSpan.FromHours(2));
        _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(2, "测02")));
        var old = new ListOutstandingRequest { OlderThan = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromHours(1)) };

        var aged = await _world.Propagation.ListOutstanding(old, _world.OperatorCall());
        var others = await _world.Propagation.ListOutstanding(new ListOutstandingRequest { Partner = "partners/other" }, _world.OperatorCall());
        var court = await _world.Propagation.ListOutstanding(new ListOutstandingRequest(), _world.CourtCall("测02"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(aged.Withdrawals.Select(row => row.Sequence), Is.EqualTo([2L, 2L]));
            Assert.That(others.Withdrawals.Select(row => row.Sequence), Is.EqualTo([2L, 4L]));
            Assert.That(court.Withdrawals.Select(row => row.Sequence), Is.EqualTo([4L, 4L]));
        }
    }

    [Test]
    public async Task Confirmed_withdrawals_leave_the_list()
    {
        await _world.CreateAsync(SharingWorld.Pull("all"));
        for (var n = 1; n <= 2; n++) _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(n)));
        await _world.Acknowledgement.TakeAsync(
            new AcknowledgeChangesRequest { Subscription = "partners/dep/subscriptions/all", Accepted = new Cursor { Sequence = 4 }, AppliedSequence = 2 },
            _world.Callers.Department("dep"), default);

        Assert.That((await OutstandingAsync()).Withdrawals.Select(row => (row.Sequence, row.Recipient.State)), Is.EqualTo(new[] { (4L, RecipientState.Accepted) }));
    }

    private async Task<RecipientState> StateAsync(JournalEntry listed) => (await _world.PropagationOfAsync(listed)).Recipients.Single().State;

    private Task<ListOutstandingResponse> OutstandingAsync() => _world.Propagation.ListOutstanding(new ListOutstandingRequest(), _world.OperatorCall());
}
