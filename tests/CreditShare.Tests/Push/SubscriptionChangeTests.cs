using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using Lane = CreditShare.Core.Push.Lane;

namespace CreditShare.Tests.Push;

internal sealed class SubscriptionChangeTests
{
    private SharingWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new SharingWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task Pausing_and_resuming_keep_the_cursors_and_are_idempotent()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        _world.Journal.Publish(People.Listed(1));
        var pause = new PauseSubscriptionRequest { Name = "partners/dep/subscriptions/hook" };
        var resume = new ResumeSubscriptionRequest { Name = pause.Name };

        var paused = (await _world.Subscriptions.PauseSubscription(pause, _world.Call())).Subscription;
        var again = (await _world.Subscriptions.PauseSubscription(pause, _world.Call())).Subscription;
        var resumed = (await _world.Subscriptions.ResumeSubscription(resume, _world.Call())).Subscription;
        var puts = _world.Store.Subscriptions.Puts;
        await _world.Subscriptions.ResumeSubscription(resume, _world.Call());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((paused.State, again), Is.EqualTo((SubscriptionState.Paused, paused)));
            Assert.That((resumed.State, resumed.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.CatchingUp, 0L)));
            Assert.That(_world.Store.Subscriptions.Puts, Is.EqualTo(puts));
        }
    }

    [Test]
    public async Task Resuming_a_suspended_one_tries_both_lanes_at_once_and_loses_no_progress()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        _world.Journal.Publish(People.Listed(1));
        _world.Journal.Publish(People.Listed(2));
        var id = SharingWorld.Id("hook");
        _world.Fail(id, Lane.Ordered, pendingTo: 1);
        _world.Fail(id, Lane.Withdrawals, pendingTo: 1);
        _world.Store.Subscriptions.Move(id, stored => stored with
        {
            Subscription = stored.Subscription with { State = Core.Push.SubscriptionState.Suspended },
        });

        // A last delivery succeeds just before the pause that the resumption begins with.
        _world.Store.Subscriptions.Meanwhile = () => _world.Deliver(id, Lane.Ordered, accepted: 1);
        var resumed = (await _world.Subscriptions.ResumeSubscription(
            new ResumeSubscriptionRequest { Name = id.ToString() }, _world.Call())).Subscription;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((resumed.State, resumed.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.CatchingUp, 1L)));
            Assert.That((resumed.Ordered.Failures, resumed.Withdrawals.Failures), Is.EqualTo((0, 0)));
            Assert.That((resumed.Ordered.NextAttemptTime, resumed.Withdrawals.NextAttemptTime), Is.EqualTo(((Timestamp?)null, (Timestamp?)null)));
        }
    }

    [Test]
    public async Task A_new_endpoint_is_verified_anew_and_the_cursors_stay()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        _world.Answer = DeliveryOutcome.Refused;

        var moved = await UpdateAsync("https://new.example.test/", "webhook.url");
        _world.Answer = DeliveryOutcome.Accepted;
        var resumed = (await _world.Subscriptions.ResumeSubscription(new ResumeSubscriptionRequest { Name = moved.Name }, _world.Call())).Subscription;

        Assert.That((moved.State, resumed.State, resumed.Webhook.Url), Is.EqualTo(
            (SubscriptionState.PendingVerification, SubscriptionState.Active, "https://new.example.test/")));
    }

    [Test]
    public async Task An_endpoint_that_answers_two_challenges_at_once_loses_no_progress()
    {
        // The delivery's challenge is answered first, and changes go out before the answer to ours is written.
        _world.Store.Subscriptions.Meanwhile = () =>
        {
            _world.Journal.Publish(People.Listed(1));
            _world.Deliver(SharingWorld.Id("hook"), Lane.Ordered, accepted: 1);
        };

        var made = await _world.CreateAsync(SharingWorld.Webhook("hook"));

        Assert.That((made.State, made.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.Active, 1L)));
    }

    [Test]
    public async Task A_paused_one_takes_only_an_endpoint_that_answers_and_stays_paused()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        await _world.Subscriptions.PauseSubscription(new PauseSubscriptionRequest { Name = "partners/dep/subscriptions/hook" }, _world.Call());
        _world.Answer = DeliveryOutcome.Refused;
        var refused = await SharingWorld.RefusedAsync(() => UpdateAsync("https://new.example.test/", "webhook.url"));
        _world.Answer = DeliveryOutcome.Accepted;
        var moved = await UpdateAsync("https://new.example.test/", "webhook.url");

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.SubscriptionState));
        Assert.That((moved.State, moved.Webhook.Url), Is.EqualTo((SubscriptionState.Paused, "https://new.example.test/")));
    }

    [TestCase("grpc.endpoint", ErrorReason.MaskInvalid)]
    [TestCase("state", ErrorReason.MaskInvalid)]
    [TestCase("webhook.secrets", ErrorReason.FieldRequired)]
    public async Task A_mask_that_does_not_fit_is_refused(string path, ErrorReason reason)
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));

        var refused = await SharingWorld.RefusedAsync(() => UpdateAsync("https://new.example.test/", path));

        Assert.That(refused.Reason, Is.EqualTo(reason));
    }

    [Test]
    public async Task A_replay_sets_the_ordered_lane_back_and_tries_parked_changes_again()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        for (var n = 1; n <= 3; n++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            _world.Journal.Publish(People.Listed(n));
        }

        var id = SharingWorld.Id("hook");
        _world.Deliver(id, Lane.Ordered, accepted: 3);
        _world.Store.Subscriptions.Reject(id, _world.Journal.Entries[2], isWithdrawal: false, "no");
        var request = new ReplaySubscriptionRequest
        {
            Name = id.ToString(),
            Since = Timestamp.FromDateTimeOffset(_world.Journal.Entries[1].RecordedAt),
        };

        var replayed = (await _world.Subscriptions.ReplaySubscription(request, _world.Call())).Subscription;
        request.AfterSequence = 2;
        var ahead = await SharingWorld.RefusedAsync(() => _world.Subscriptions.ReplaySubscription(request, _world.Call()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((replayed.Ordered.Accepted.Sequence, replayed.Ordered.AppliedSequence), Is.EqualTo((1L, 1L)));
            Assert.That(replayed.Ordered.Accepted.Hash.Span.SequenceEqual(_world.Journal.Entries[0].Hash.Span), Is.True);
            Assert.That((replayed.State, replayed.ParkedChanges), Is.EqualTo((SubscriptionState.CatchingUp, 0)));
            Assert.That(ahead.Reason, Is.EqualTo(ErrorReason.CursorAhead));
        }
    }

    [Test]
    public async Task An_ended_one_stays_ended_and_its_id_is_spent()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var name = "partners/dep/subscriptions/hook";
        var ended = (await _world.Subscriptions.DeleteSubscription(new DeleteSubscriptionRequest { Name = name }, _world.Call())).Subscription;
        var again = (await _world.Subscriptions.DeleteSubscription(new DeleteSubscriptionRequest { Name = name }, _world.Call())).Subscription;
        var resumed = await SharingWorld.RefusedAsync(
            () => _world.Subscriptions.ResumeSubscription(new ResumeSubscriptionRequest { Name = name }, _world.Call()));
        var made = await SharingWorld.RefusedAsync(() => _world.CreateAsync(SharingWorld.Webhook("hook")));

        Assert.That((ended.State, again), Is.EqualTo((SubscriptionState.Revoked, ended)));
        Assert.That((resumed.Reason, made.Reason), Is.EqualTo((ErrorReason.SubscriptionState, ErrorReason.SubscriptionExists)));
    }

    [Test]
    public async Task An_end_loses_no_progress_that_is_made_meanwhile()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        _world.Journal.Publish(People.Listed(1));
        _world.Store.Subscriptions.Meanwhile = () => _world.Deliver(SharingWorld.Id("hook"), Lane.Ordered, accepted: 1);

        var ended = (await _world.Subscriptions.DeleteSubscription(
            new DeleteSubscriptionRequest { Name = "partners/dep/subscriptions/hook" }, _world.Call())).Subscription;

        Assert.That((ended.State, ended.Ordered.Accepted.Sequence), Is.EqualTo((SubscriptionState.Revoked, 1L)));
    }

    [Test]
    public async Task A_test_tells_what_came_of_it_and_needs_an_endpoint()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        await _world.CreateAsync(SharingWorld.Pull("pull"));
        _world.Answer = DeliveryOutcome.TimedOut;

        var tested = await _world.Subscriptions.TestSubscription(new TestSubscriptionRequest { Name = "partners/dep/subscriptions/hook" }, _world.Call());
        var pull = await SharingWorld.RefusedAsync(
            () => _world.Subscriptions.TestSubscription(new TestSubscriptionRequest { Name = "partners/dep/subscriptions/pull" }, _world.Call()));
        var none = await SharingWorld.RefusedAsync(
            () => _world.Subscriptions.TestSubscription(new TestSubscriptionRequest { Name = "partners/dep/subscriptions/none" }, _world.Call()));

        Assert.That((tested.Attempt.Purpose, tested.Attempt.Outcome), Is.EqualTo((V1.DeliveryPurpose.Test, V1.DeliveryOutcome.TimedOut)));
        Assert.That((pull.Reason, none.Reason), Is.EqualTo((ErrorReason.SubscriptionState, ErrorReason.SubscriptionNotFound)));
    }

    [Test]
    public async Task Attempts_are_listed_newest_first_page_by_page()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        for (var n = 1; n <= 3; n++) _world.Deliver(SharingWorld.Id("hook"), Lane.Ordered, accepted: n);
        var request = new ListDeliveryAttemptsRequest { Parent = "partners/dep/subscriptions/hook", PageSize = 2 };

        var first = await _world.Subscriptions.ListDeliveryAttempts(request, _world.Call());
        request.PageToken = first.NextPageToken;
        var second = await _world.Subscriptions.ListDeliveryAttempts(request, _world.Call());

        Assert.That(first.Attempts.Concat(second.Attempts).Select(attempt => attempt.ToSequence), Is.EqualTo([3L, 2L, 1L]));
        Assert.That(second.NextPageToken, Is.Empty);
    }

    [Test]
    public async Task A_change_that_somebody_else_made_meanwhile_is_not_lost()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook"));
        var id = SharingWorld.Id("hook");
        _world.Store.Subscriptions.Meanwhile = () => _world.Store.Subscriptions.Move(id, stored => stored with
        {
            Subscription = stored.Subscription with { DisplayName = "meanwhile", Revision = stored.Subscription.Revision + 1 },
        });

        var paused = (await _world.Subscriptions.PauseSubscription(new PauseSubscriptionRequest { Name = id.ToString() }, _world.Call())).Subscription;

        Assert.That((paused.DisplayName, paused.State), Is.EqualTo(("meanwhile", SubscriptionState.Paused)));
    }

    private async Task<V1.Subscription> UpdateAsync(string url, string path) => (await _world.Subscriptions.UpdateSubscription(
        new UpdateSubscriptionRequest
        {
            Subscription = new V1.Subscription { Name = "partners/dep/subscriptions/hook", Webhook = new WebhookDelivery { Url = url } },
            UpdateMask = new FieldMask { Paths = { path } },
        },
        _world.Call())).Subscription;
}
