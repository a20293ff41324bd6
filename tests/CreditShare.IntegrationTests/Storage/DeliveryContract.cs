using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What the holder of a lease writes, and what is read of it.</summary>
[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class DeliveryContract(Type engine) : StoreContract(engine)
{
    private static readonly TimeSpan s_length = TimeSpan.FromHours(1);

    private ISubscriptionStore Subscriptions => Store.Subscriptions;

    [Test, CancelAfter(LongestMs)]
    public async Task A_delivery_is_written_whole_and_durably()
    {
        var leased = await LeaseNewAsync("loans");
        var attempt = PushSample.Attempt(3, 9) with { Outcome = DeliveryOutcome.PartlyAccepted, Status = "UNAVAILABLE", Error = "只收下一部分", Applied = 5 };
        var lane = PushSample.LaneAt(Lane.Withdrawals, 9) with { Applied = 5, Failures = 1, LastError = "只收下一部分" };

        var result = await Subscriptions.RecordAsync(
            PushSample.Record(leased) with
            {
                Attempt = attempt,
                Lane = lane,
                State = SubscriptionState.Retrying,
                StateSince = PushSample.Noon.AddMinutes(1),
                PurgedAt = PushSample.Noon.AddMinutes(2),
                Rejected = [PushSample.Rejected(8)],
            },
            Token);
        await ReopenAsync();

        var stored = await FindAsync(leased);
        var kept = (await Subscriptions.ListAttemptsAsync(stored.Subscription.Id, null, 10, Token)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo(RecordResult.Written));
            Assert.That(kept, Is.EqualTo(attempt with { Number = kept.Number }));
            Assert.That(
                PushSample.Show(stored),
                Is.EqualTo(PushSample.Show(leased.Stored with
                {
                    Subscription = leased.Stored.Subscription with
                    {
                        State = SubscriptionState.Retrying,
                        StateSince = PushSample.Noon.AddMinutes(1),
                        PurgedAt = PushSample.Noon.AddMinutes(2),
                    },
                    Withdrawals = lane,
                    Rejected = 1,
                })));
            Assert.That(await Subscriptions.ListRejectedAsync(stored.Subscription.Id, 10, Token), Is.EqualTo(new[] { PushSample.Rejected(8) }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_holder_that_lost_its_lease_is_refused_and_sets_no_cursor_back()
    {
        var stale = await LeaseNewAsync("loans", TimeSpan.Zero);
        var present = (await Subscriptions.LeaseAsync(Guid.NewGuid(), 1, s_length, Token)).Single();

        var results = new List<RecordResult>();
        foreach (var (leased, to) in new[] { (present, 10L), (stale, 5L), (present, 11L), (stale, 99L) })
        {
            results.Add(await Subscriptions.RecordAsync(
                PushSample.Record(leased) with
                {
                    Attempt = PushSample.Attempt(3, to),
                    Lane = PushSample.LaneAt(Lane.Ordered, to),
                    State = leased == stale ? SubscriptionState.Suspended : SubscriptionState.CatchingUp,
                    Rejected = [PushSample.Rejected(to)],
                },
                Token));
        }

        var stored = await FindAsync(present);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(results, Is.EqualTo(new[] { RecordResult.Written, RecordResult.FenceLost, RecordResult.Written, RecordResult.FenceLost }));
            Assert.That((stored.Ordered.Accepted.Sequence, stored.Subscription.State), Is.EqualTo((11L, SubscriptionState.CatchingUp)));
            Assert.That((await Subscriptions.ListRejectedAsync(stored.Subscription.Id, 10, Token)).Select(row => row.Sequence), Is.EqualTo(new[] { 10L, 11L }));
            Assert.That(
                (await Subscriptions.ListAttemptsAsync(stored.Subscription.Id, null, 10, Token)).Select(attempt => attempt.To),
                Is.EqualTo(new[] { 99L, 11L, 5L, 10L }),
                "what was sent was sent, under whatever lease");
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_record_of_a_subscription_that_is_not_there_is_refused_alone()
    {
        var leased = await LeaseNewAsync("loans");
        var unknown = PushSample.Record(leased) with { Id = PushSample.Id("unknown"), Attempt = PushSample.Attempt(0, 1) };

        var results = await Task.WhenAll(
            Subscriptions.RecordAsync(unknown, Token),
            Subscriptions.RecordAsync(PushSample.Record(leased) with { Attempt = PushSample.Attempt(0, 1) }, Token));

        Assert.That(results, Is.EqualTo(new[] { RecordResult.FenceLost, RecordResult.Written }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Many_deliveries_at_once_are_all_kept_and_the_last_cursor_of_each_lane_counts()
    {
        const int subscriptions = 5;
        const int each = 200;
        for (var i = 0; i < subscriptions; i++) await PushSample.CreateAsync(Store, PushSample.Webhook($"s{i}"), Token);
        var leases = await Subscriptions.LeaseAsync(Guid.NewGuid(), 10, s_length, Token);

        await Task.WhenAll(Enumerable.Range(4, each).SelectMany(to => leases.Select(leased => Subscriptions.RecordAsync(
            PushSample.Record(leased) with { Attempt = PushSample.Attempt(to - 1, to), Lane = PushSample.LaneAt(Lane.Ordered, to) }, Token))));
        await ReopenAsync();

        foreach (var leased in leases)
        {
            var attempts = await Subscriptions.ListAttemptsAsync(leased.Stored.Subscription.Id, null, 1_000, Token);
            using (Assert.EnterMultipleScope())
            {
                Assert.That((await FindAsync(leased)).Ordered.Accepted.Sequence, Is.EqualTo(each + 3));
                Assert.That(attempts.Select(attempt => attempt.To), Is.EqualTo(Enumerable.Range(4, each).Reverse()));
            }
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Attempts_are_listed_newest_first_page_by_page()
    {
        var leased = await LeaseNewAsync("loans");
        for (var i = 1; i <= 5; i++) await RecordAsync(leased, PushSample.Attempt(0, i));

        var first = await Subscriptions.ListAttemptsAsync(leased.Stored.Subscription.Id, null, 2, Token);
        var second = await Subscriptions.ListAttemptsAsync(leased.Stored.Subscription.Id, first[^1].Number, 2, Token);
        var third = await Subscriptions.ListAttemptsAsync(leased.Stored.Subscription.Id, second[^1].Number, 2, Token);

        Assert.That(first.Concat(second).Concat(third).Select(attempt => attempt.To), Is.EqualTo(new[] { 5L, 4L, 3L, 2L, 1L }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Attempts_that_began_before_a_time_are_removed_oldest_first()
    {
        var leased = await LeaseNewAsync("loans");
        foreach (var hour in new[] { 2, 0, 3, 1 }) await RecordAsync(leased, PushSample.Attempt(0, hour) with { At = PushSample.Noon.AddHours(hour) });
        var before = PushSample.Noon.AddHours(3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Subscriptions.PruneAttemptsAsync(before, 2, Token), Is.EqualTo(2));
            Assert.That(await RemainingAsync(), Is.EqualTo(new[] { 3L, 2L }));
            Assert.That(await Subscriptions.PruneAttemptsAsync(before, 10, Token), Is.EqualTo(1));
            Assert.That(await Subscriptions.PruneAttemptsAsync(before, 10, Token), Is.Zero);
            Assert.That(await RemainingAsync(), Is.EqualTo(new[] { 3L }));
        }

        async Task<long[]> RemainingAsync() =>
            [.. (await Subscriptions.ListAttemptsAsync(leased.Stored.Subscription.Id, null, 10, Token)).Select(attempt => attempt.To)];
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rejected_change_waits_until_that_version_or_a_later_one_is_accepted()
    {
        var leased = await LeaseNewAsync("loans");
        var withdrawal = PushSample.Rejected(7) with { IsWithdrawal = true };
        await Subscriptions.RecordAsync(PushSample.Record(leased) with { Rejected = [withdrawal, PushSample.Rejected(5), PushSample.Rejected(6)] }, Token);
        await Subscriptions.RecordAsync(PushSample.Record(leased) with { Rejected = [PushSample.Rejected(6) with { Reason = "仍然不收" }] }, Token);

        var waiting = await Subscriptions.ListRejectedAsync(leased.Stored.Subscription.Id, 10, Token);
        Assert.That(waiting, Is.EqualTo(new[] { PushSample.Rejected(5), PushSample.Rejected(6) with { Reason = "仍然不收" }, withdrawal }));

        await Subscriptions.RecordAsync(
            PushSample.Record(leased) with { Settled = [(PushSample.Rejected(5).Listing, 3), (PushSample.Rejected(6).Listing, 1), (withdrawal.Listing, 2)] }, Token);

        Assert.That(
            (await Subscriptions.ListRejectedAsync(leased.Stored.Subscription.Id, 10, Token)).Select(row => row.Sequence), Is.EqualTo(new[] { 6L }));
        Assert.That((await FindAsync(leased)).Rejected, Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Of_changes_rejected_and_accepted_in_one_commit_the_order_decides()
    {
        var leased = await LeaseNewAsync("loans");
        var (earlier, later) = (PushSample.Rejected(5), PushSample.Rejected(6));

        await Task.WhenAll(
            Subscriptions.RecordAsync(PushSample.Record(leased) with { Rejected = [earlier] }, Token),
            Subscriptions.RecordAsync(PushSample.Record(leased) with { Settled = [(earlier.Listing, 2), (later.Listing, 1)] }, Token),
            Subscriptions.RecordAsync(PushSample.Record(leased) with { Rejected = [later] }, Token));

        Assert.That(await Subscriptions.ListRejectedAsync(leased.Stored.Subscription.Id, 10, Token), Is.EqualTo(new[] { later }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_replay_forgets_rejected_publications_and_no_withdrawal()
    {
        var leased = await LeaseNewAsync("loans");
        var withdrawal = PushSample.Rejected(7) with { IsWithdrawal = true };
        await Subscriptions.RecordAsync(PushSample.Record(leased) with { Rejected = [PushSample.Rejected(5), withdrawal] }, Token);

        await Subscriptions.PutAsync(leased.Stored.Subscription, PushSample.LaneAt(Lane.Ordered, 0), withdrawals: null, forgetRejected: true, Token);

        Assert.That(await Subscriptions.ListRejectedAsync(leased.Stored.Subscription.Id, 10, Token), Is.EqualTo(new[] { withdrawal }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_withdrawal_passes_with_whichever_lane_was_first_and_a_publication_with_its_own()
    {
        var listing = (await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1)))).Listing;
        await AcceptAsync(new ListingCommand.Withdraw(listing, 1, EndReason.CreditorRequest, "", StoreSample.Today));
        var leased = await LeaseNewAsync("loans");
        await PushSample.CreateAsync(Store, PushSample.Pull("silent"), Token);
        DeliveryAttempt[] attempts =
        [
            PushSample.Attempt(0, 2) with { At = Second(1), Lane = Lane.Withdrawals, Outcome = DeliveryOutcome.Broken, Accepted = 0 },
            PushSample.Attempt(0, 2) with { At = Second(2), Lane = Lane.Withdrawals, Outcome = DeliveryOutcome.Unreachable, Accepted = 0 },
            PushSample.Attempt(0, 2) with { At = Second(3), Lane = Lane.Withdrawals },
            PushSample.Attempt(0, 1) with { At = Second(4) },
            PushSample.Attempt(1, 2) with { At = Second(5), Applied = 2 },
            PushSample.Attempt(0, 2) with { At = Second(6), Applied = 2 },
        ];
        foreach (var attempt in attempts) await RecordAsync(leased, attempt);

        var latency = attempts[0].Latency;
        var loans = leased.Stored.Subscription.Id;
        var silent = new PassageTimes(PushSample.Id("silent"), null, null, null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                await Subscriptions.ReadPassagesAsync(1, Token),
                Is.EqualTo(new[] { new PassageTimes(loans, Second(4), Second(4) + latency, Second(5) + latency), silent }));
            Assert.That(
                await Subscriptions.ReadPassagesAsync(2, Token),
                Is.EqualTo(new[] { new PassageTimes(loans, Second(2), Second(3) + latency, Second(5) + latency), silent }));
            Assert.That(await Subscriptions.ReadPassagesAsync(3, Token), Is.EqualTo(new[] { new PassageTimes(loans, null, null, null), silent }));
        }

        static DateTimeOffset Second(int seconds) => PushSample.Noon.AddSeconds(seconds);
    }

    private async Task<LeasedSubscription> LeaseNewAsync(string id, TimeSpan? length = null)
    {
        await PushSample.CreateAsync(Store, PushSample.Webhook(id), Token);
        return (await Subscriptions.LeaseAsync(Guid.NewGuid(), 1, length ?? s_length, Token)).Single();
    }

    private Task<RecordResult> RecordAsync(LeasedSubscription leased, DeliveryAttempt attempt) =>
        Subscriptions.RecordAsync(PushSample.Record(leased) with { Attempt = attempt }, Token);

    private async Task<StoredSubscription> FindAsync(LeasedSubscription leased) =>
        await Subscriptions.FindAsync(leased.Stored.Subscription.Id, Token) ?? throw new AssertionException("It is gone.");
}
