using CreditShare.Server.Push;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using NUnit.Framework;
using Delivery = CreditShare.Core.Push.Delivery;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;

namespace CreditShare.Tests.Push;

internal sealed class SubscriptionServiceTests
{
    private SharingWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new SharingWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_pull_subscription_is_active_and_begins_at_the_head()
    {
        var head = _world.Journal.Publish(People.Listed(1));

        var made = await _world.CreateAsync(SharingWorld.Pull("all"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.State, Is.EqualTo(SubscriptionState.Active));
            Assert.That(made.Name, Is.EqualTo("partners/dep/subscriptions/all"));
            Assert.That((made.Start.Sequence, made.Ordered.Accepted.Sequence, made.Withdrawals.Accepted.Sequence), Is.EqualTo((1L, 1L, 1L)));
            Assert.That(made.Start.Hash.Span.SequenceEqual(head.Hash.Span), Is.True);
            Assert.That(_world.Asked, Is.Empty);
        }
    }

    [Test]
    public async Task A_given_start_is_for_the_ordered_lane_only()
    {
        _world.Journal.Publish(People.Listed(1));

        var made = await _world.CreateAsync(SharingWorld.Pull("all", start: 0));

        Assert.That((made.Ordered.Accepted.Sequence, made.Withdrawals.Accepted.Sequence), Is.EqualTo((0L, 1L)));
    }

    [TestCase(DeliveryOutcome.Accepted, SubscriptionState.Active)]
    [TestCase(DeliveryOutcome.Unreachable, SubscriptionState.PendingVerification)]
    public async Task A_pushed_one_waits_until_its_endpoint_answers_the_challenge(DeliveryOutcome answer, SubscriptionState state)
    {
        _world.Answer = answer;

        var made = await _world.CreateAsync(SharingWorld.Webhook("hook"));

        Assert.That(made.State, Is.EqualTo(state));
        Assert.That(_world.Asked.Select(asked => asked.Purpose), Is.EqualTo([DeliveryPurpose.Verification]));
    }

    [Test]
    public async Task A_secret_is_made_where_none_was_given_and_told_once()
    {
        var made = await _world.Subscriptions.CreateSubscription(SharingWorld.Webhook("hook"), _world.Call());
        var again = await _world.Subscriptions.CreateSubscription(SharingWorld.Webhook("hook"), _world.Call());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GeneratedSecret, Does.Match("^whsec_[A-Za-z0-9+/]{43}=$"));
            Assert.That(((Delivery.Webhook)_world.Asked[0].Subscription.Delivery).Secrets, Is.EqualTo([made.GeneratedSecret]));
            Assert.That(made.Subscription.Webhook.Secrets, Is.Empty);
            Assert.That((again.GeneratedSecret, again.Subscription.CreateTime), Is.EqualTo(("", made.Subscription.CreateTime)));
        }
    }

    [Test]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await _world.CreateAsync(SharingWorld.Webhook("hook", secrets: SharingWorld.Secret));

        var other = await SharingWorld.RefusedAsync(() => _world.CreateAsync(SharingWorld.Webhook("hook", "https://else.example.test/")));
        var started = await SharingWorld.RefusedAsync(() =>
        {
            var request = SharingWorld.Webhook("hook", secrets: SharingWorld.Secret);
            request.Start = new Cursor();
            return _world.CreateAsync(request);
        });

        Assert.That((other.Reason, started.Reason), Is.EqualTo((ErrorReason.SubscriptionExists, ErrorReason.SubscriptionExists)));
    }

    [Test]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var request = new CreateSubscriptionRequest
        {
            Parent = "partners/dep",
            SubscriptionId = "X",
            Start = new Cursor { Sequence = -1 },
            Subscription = new V1.Subscription
            {
                DisplayName = new string('x', 201),
                Filter = new ChangeFilter { CourtCodes = { "测99" } },
                Webhook = new WebhookDelivery { Url = "http://hooks.example.test/", Secrets = { "whsec_c2hvcnQ=", SharingWorld.Secret, SharingWorld.Secret } },
            },
        };

        var refused = await SharingWorld.RefusedAsync(() => _world.CreateAsync(request));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.SeveralViolations));
        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EquivalentTo([
                ("subscription_id", ErrorReason.NameForm),
                ("start.sequence", ErrorReason.FieldInvalid),
                ("subscription.display_name", ErrorReason.FieldTooLong),
                ("subscription.filter.court_codes[0]", ErrorReason.CourtUnknown),
                ("subscription.webhook.url", ErrorReason.EndpointNotAllowed),
                ("subscription.webhook.secrets", ErrorReason.FieldTooLong),
                ("subscription.webhook.secrets[0]", ErrorReason.SecretInvalid),
            ]));
    }

    [TestCase("http://hooks.example.test/")]
    [TestCase("https://user@hooks.example.test/")]
    [TestCase("https://hooks.example.test/#part")]
    [TestCase("https://127.0.0.1/")]
    [TestCase("https://2130706433/")]
    [TestCase("https://0x7f.1/")]
    [TestCase("https://0177.0.0.1/")]
    [TestCase("https://[::1]/")]
    [TestCase("https://localhost:9000/")]
    [TestCase("https://me.localhost./")]
    [TestCase("https://10.1.2.3/")]
    [TestCase("nonsense")]
    [TestCase("https://hooks.example.test\\@10.1.2.3/")]
    public async Task An_endpoint_that_deliveries_may_not_go_to_is_refused_and_nothing_is_stored(string url)
    {
        var refused = await SharingWorld.RefusedAsync(() => _world.CreateAsync(SharingWorld.Webhook("hook", url)));

        Assert.That((refused.Reason, refused.Violations[0].Field), Is.EqualTo((ErrorReason.EndpointNotAllowed, "subscription.webhook.url")));
        Assert.That(await _world.Store.Subscriptions.FindAsync(SharingWorld.Id("hook"), default), Is.Null);
    }

    [Test]
    public async Task A_grpc_endpoint_is_a_host_and_a_port_with_a_pinned_key()
    {
        var request = SharingWorld.Pull("grpc");
        request.Subscription.Grpc = new GrpcDelivery { Endpoint = "https://grpc.example.test:8443", ServerSpkiSha256 = SharingWorld.Key.ToUpperInvariant() };
        var made = await _world.CreateAsync(request);
        request.SubscriptionId = "path";
        request.Subscription.Grpc = new GrpcDelivery { Endpoint = "https://grpc.example.test:8443/path", ServerSpkiSha256 = "12" };
        var refused = await SharingWorld.RefusedAsync(() => _world.CreateAsync(request));

        Assert.That((made.Grpc.Endpoint, made.Grpc.ServerSpkiSha256), Is.EqualTo(("https://grpc.example.test:8443", SharingWorld.Key)));
        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EqualTo([
                ("subscription.grpc.endpoint", ErrorReason.EndpointNotAllowed),
                ("subscription.grpc.server_spki_sha256", ErrorReason.FieldInvalid),
            ]));
    }

    [Test]
    public async Task A_partner_has_only_so_many()
    {
        await using var world = new SharingWorld(new SubscriptionOptions { PerPartner = 2 });
        await world.CreateAsync(SharingWorld.Pull("s-1"));
        await world.CreateAsync(SharingWorld.Pull("s-2"));
        var third = await SharingWorld.RefusedAsync(() => world.CreateAsync(SharingWorld.Pull("s-3")));
        await world.Subscriptions.DeleteSubscription(new DeleteSubscriptionRequest { Name = "partners/dep/subscriptions/s-1" }, world.Call());

        Assert.That(third.Reason, Is.EqualTo(ErrorReason.TooManySubscriptions));
        Assert.That(() => world.CreateAsync(SharingWorld.Pull("s-3")), Throws.Nothing);
    }

    [Test]
    public async Task A_bank_cannot_fetch_so_it_has_no_pull()
    {
        var call = new FakeCall(_world.Callers.Bank("bank-1"));
        var refused = await SharingWorld.RefusedAsync(
            () => _world.Subscriptions.CreateSubscription(SharingWorld.Pull("all", partner: "bank-1"), call));

        Assert.That(refused.Violations.Select(violation => violation.Field), Is.EqualTo(["subscription.pull"]));
    }

    [Test]
    public async Task Others_see_nothing_and_an_operator_sees_all()
    {
        await _world.CreateAsync(SharingWorld.Pull("one"));
        await _world.CreateAsync(SharingWorld.Pull("two", partner: "other"));
        var get = new GetSubscriptionRequest { Name = "partners/other/subscriptions/two" };
        var list = new ListSubscriptionsRequest { Parent = "partners/-", PageSize = 1 };

        var refusedGet = await SharingWorld.RefusedAsync(() => _world.Subscriptions.GetSubscription(get, _world.Call()));
        var refusedList = await SharingWorld.RefusedAsync(() => _world.Subscriptions.ListSubscriptions(list, _world.Call()));
        var first = await _world.Subscriptions.ListSubscriptions(list, _world.OperatorCall());
        list.PageToken = first.NextPageToken;
        var second = await _world.Subscriptions.ListSubscriptions(list, _world.OperatorCall());
        var paused = await SharingWorld.RefusedAsync(
            () => _world.Subscriptions.PauseSubscription(new PauseSubscriptionRequest { Name = get.Name }, _world.OperatorCall()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { refusedGet.Reason, refusedList.Reason, paused.Reason }, Is.All.EqualTo(ErrorReason.PartnerNotYours));
            Assert.That(
                first.Subscriptions.Concat(second.Subscriptions).Select(subscription => subscription.Name),
                Is.EqualTo(["partners/dep/subscriptions/one", "partners/other/subscriptions/two"]));
            Assert.That(second.NextPageToken, Is.Empty);
        }
    }
}
