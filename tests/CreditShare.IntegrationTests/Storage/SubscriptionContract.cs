using CreditShare.Core.Push;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class SubscriptionContract(Type engine) : StoreContract(engine)
{
    private static readonly TimeSpan s_length = TimeSpan.FromHours(1);

    // A lease of no length is over at once, by whatever clock.
    private static readonly TimeSpan s_over = TimeSpan.Zero;

    private ISubscriptionStore Subscriptions => Store.Subscriptions;

    [Test, CancelAfter(LongestMs)]
    public async Task A_subscription_is_read_back_as_it_was_with_the_first_revision()
    {
        Subscription[] subscriptions = [PushSample.Grpc("grpc"), PushSample.Pull("pull"), PushSample.Webhook("webhook") with { PurgedAt = PushSample.Noon }];
        var failing = PushSample.LaneAt(Lane.Ordered, 5) with
        {
            Applied = 4,
            Failures = 7,
            FailingSince = PushSample.Noon,
            NextAttemptAt = PushSample.Noon.AddMinutes(2),
            PendingTo = 9,
            LastError = "503：稍后再试",
        };
        var withdrawals = PushSample.LaneAt(Lane.Withdrawals, 8);
        foreach (var subscription in subscriptions)
        {
            Assert.That(await Subscriptions.CreateAsync(subscription, failing, withdrawals, Token), Is.True);
        }

        await ReopenAsync();

        foreach (var subscription in subscriptions)
        {
            var stored = await FindAsync(subscription.Id);
            Assert.That(
                PushSample.Show(stored),
                Is.EqualTo(PushSample.Show(new StoredSubscription(subscription with { Revision = 1 }, failing, withdrawals, 0))));
        }

        Assert.That(await Subscriptions.FindAsync(PushSample.Id("grpc", StoreSample.OtherPartner), Token), Is.Null);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_id_is_given_once_to_each_partner()
    {
        Assert.That(await CreateAsync(PushSample.Webhook("loans")), Is.True);
        Assert.That(await CreateAsync(PushSample.Pull("loans")), Is.False);
        Assert.That(await CreateAsync(PushSample.Pull("loans") with { Id = PushSample.Id("loans", StoreSample.OtherPartner) }), Is.True);

        Assert.That((await FindAsync(PushSample.Id("loans"))).Subscription.Delivery, Is.InstanceOf<Delivery.Webhook>());
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Subscriptions_are_listed_by_partner_and_id_page_by_page()
    {
        string[] ids = ["a-b", "a1", "ab"];
        foreach (var id in ids.Reverse())
        {
            await CreateAsync(PushSample.Webhook(id));
            await CreateAsync(PushSample.Webhook(id) with { Id = PushSample.Id(id, StoreSample.OtherPartner) });
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ListAsync(null, null, 100), Is.EqualTo(new[] { "other-court/a-b", "other-court/a1", "other-court/ab", "test-court/a-b", "test-court/a1", "test-court/ab" }));
            Assert.That(await ListAsync(null, PushSample.Id("a1", StoreSample.OtherPartner), 2), Is.EqualTo(new[] { "other-court/ab", "test-court/a-b" }));
            Assert.That(await ListAsync(StoreSample.Partner, PushSample.Id("a-b"), 100), Is.EqualTo(new[] { "test-court/a1", "test-court/ab" }));
        }

        async Task<string[]> ListAsync(Core.Access.PartnerId? partner, SubscriptionId? after, int limit) =>
            [.. (await Subscriptions.ListAsync(partner, after, limit, Token)).Select(stored => $"{stored.Subscription.Id.Partner}/{stored.Subscription.Id.Value}")];
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_change_by_the_owner_is_refused_if_the_revision_is_another()
    {
        await CreateAsync(PushSample.Webhook("loans"));
        var subscription = (await FindAsync(PushSample.Id("loans"))).Subscription;

        Assert.That(await PutAsync(subscription with { DisplayName = "一" }), Is.True);
        Assert.That(await PutAsync(subscription with { DisplayName = "二" }), Is.False);

        var stored = (await FindAsync(subscription.Id)).Subscription;
        Assert.That((stored.DisplayName, stored.Revision), Is.EqualTo(("一", 2L)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_change_by_the_owner_ends_the_lease_and_the_next_one_begins_with_what_is_stored()
    {
        await CreateAsync(PushSample.Webhook("loans"));
        var node = Guid.NewGuid();
        var before = await LeaseOneAsync(node, s_length);
        await Subscriptions.RecordAsync(PushSample.Record(before) with { Lane = PushSample.LaneAt(Lane.Ordered, 9) }, Token);

        var replayed = PushSample.LaneAt(Lane.Ordered, 1);
        Assert.That(await Subscriptions.PutAsync(before.Stored.Subscription, replayed, withdrawals: null, forgetRejected: false, Token), Is.True);

        Assert.That(await Subscriptions.RenewAsync(node, s_length, Token), Is.Empty);
        Assert.That(
            await Subscriptions.RecordAsync(PushSample.Record(before) with { Lane = PushSample.LaneAt(Lane.Ordered, 12) }, Token),
            Is.EqualTo(RecordResult.FenceLost));
        var after = await LeaseOneAsync(Guid.NewGuid(), s_length);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Fence, Is.GreaterThan(before.Fence));
            Assert.That(PushSample.Show(after.Stored.Ordered), Is.EqualTo(PushSample.Show(replayed)));
            Assert.That(after.Stored.Withdrawals.Accepted.Sequence, Is.EqualTo(3), "it was not given and stays");
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Only_what_is_pushed_and_not_paused_and_not_purged_is_leased()
    {
        await CreateAsync(PushSample.Pull("pull"));
        await CreateAsync(PushSample.Grpc("paused") with { State = SubscriptionState.Paused });
        await CreateAsync(PushSample.Grpc("purged") with { State = SubscriptionState.Revoked, PurgedAt = PushSample.Noon });
        await CreateAsync(PushSample.Grpc("revoked") with { State = SubscriptionState.Revoked });
        await CreateAsync(PushSample.Webhook("new") with { State = SubscriptionState.PendingVerification });

        var leased = await Subscriptions.LeaseAsync(Guid.NewGuid(), 100, s_length, Token);

        Assert.That(leased.Select(lease => lease.Stored.Subscription.Id.Value), Is.EquivalentTo(new[] { "revoked", "new" }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Nodes_that_lease_at_once_never_hold_the_same()
    {
        const int subscriptions = 40;
        for (var i = 0; i < subscriptions; i++) await CreateAsync(PushSample.Webhook($"s{i}"));
        var nodes = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToList();

        var held = new List<SubscriptionId>();
        while (true)
        {
            var round = await Task.WhenAll(nodes.Select(node => Subscriptions.LeaseAsync(node, 3, s_length, Token)));
            if (round.All(taken => taken.Count == 0)) break;
            held.AddRange(round.SelectMany(taken => taken.Select(lease => lease.Stored.Subscription.Id)));
        }

        var renewed = await Task.WhenAll(nodes.Select(node => Subscriptions.RenewAsync(node, s_length, Token)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(held, Is.Unique.And.Count.EqualTo(subscriptions));
            Assert.That(renewed.SelectMany(node => node.Keys), Is.EquivalentTo(held));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_lease_that_is_over_is_taken_by_another_node_with_a_higher_fence()
    {
        await CreateAsync(PushSample.Webhook("loans"));
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var before = await LeaseOneAsync(first, s_over);

        var after = await LeaseOneAsync(second, s_length);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Fence, Is.GreaterThan(before.Fence));
            Assert.That(await Subscriptions.RenewAsync(first, s_length, Token), Is.Empty);
            Assert.That(
                await Subscriptions.RenewAsync(second, s_length, Token),
                Is.EquivalentTo(new Dictionary<SubscriptionId, long> { [after.Stored.Subscription.Id] = after.Fence }));
            Assert.That(await Subscriptions.LeaseAsync(first, 10, s_length, Token), Is.Empty);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_renewal_prolongs_a_lease_and_a_release_ends_it()
    {
        await CreateAsync(PushSample.Webhook("loans"));
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await LeaseOneAsync(first, s_over);
        await Subscriptions.RenewAsync(first, s_length, Token);
        Assert.That(await Subscriptions.LeaseAsync(second, 10, s_length, Token), Is.Empty);

        await Subscriptions.ReleaseAsync(first, Token);

        await LeaseOneAsync(second, s_length);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_confirmed_purge_ends_the_lease()
    {
        await CreateAsync(PushSample.Webhook("loans"));
        var node = Guid.NewGuid();
        var leased = await LeaseOneAsync(node, s_length);

        await Subscriptions.RecordAsync(PushSample.Record(leased) with { PurgedAt = PushSample.Noon }, Token);

        Assert.That(await Subscriptions.RenewAsync(node, s_length, Token), Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_acknowledgement_moves_a_pull_subscription_on_and_never_back()
    {
        var id = PushSample.Id("pull");
        await CreateAsync(PushSample.Pull("pull"));

        var moved = await Subscriptions.AcknowledgeAsync(id, PushSample.At(8), 6, PushSample.Noon, Token);
        var late = await Subscriptions.AcknowledgeAsync(id, PushSample.At(5), 5, PushSample.Noon.AddSeconds(1), Token);
        var applied = await Subscriptions.AcknowledgeAsync(id, PushSample.At(8), 20, PushSample.Noon.AddSeconds(2), Token);

        var attempts = await Subscriptions.ListAttemptsAsync(id, null, 10, Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((moved.Accepted.Sequence, moved.Applied), Is.EqualTo((8L, 6L)));
            Assert.That((late.Accepted.Sequence, late.Applied), Is.EqualTo((8L, 6L)));
            Assert.That((applied.Accepted.Sequence, applied.Applied), Is.EqualTo((8L, 8L)), "nothing is applied that was not accepted");
            Assert.That(PushSample.Show((await FindAsync(id)).Ordered), Is.EqualTo(PushSample.Show(applied)));
            Assert.That(
                attempts.Select(attempt => (attempt.Outcome, attempt.From, attempt.To, attempt.Applied)),
                Is.EqualTo(new[] { (DeliveryOutcome.Acknowledged, 8L, 8L, 8L), (DeliveryOutcome.Acknowledged, 3L, 8L, 6L) }));
        }
    }

    private Task<bool> CreateAsync(Subscription subscription) => PushSample.CreateAsync(Store, subscription, Token);

    private Task<bool> PutAsync(Subscription subscription) =>
        Subscriptions.PutAsync(subscription, ordered: null, withdrawals: null, forgetRejected: false, Token);

    private async Task<StoredSubscription> FindAsync(SubscriptionId id) =>
        await Subscriptions.FindAsync(id, Token) ?? throw new AssertionException($"There is no {id}.");

    private async Task<LeasedSubscription> LeaseOneAsync(Guid node, TimeSpan length) =>
        (await Subscriptions.LeaseAsync(node, 10, length, Token)).Single();
}
