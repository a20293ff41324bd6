using System.Net;
using System.Net.Sockets;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>An endpoint that was allowed sends us on to one that nobody asked for. The other address lies where the guard would let us go, so
/// that only not following keeps us from it.</summary>
[CancelAfter(120_000)]
internal sealed class RedirectTests : IDisposable
{
    private readonly TcpListener _inside = new(IPAddress.Loopback, 0);

    public RedirectTests() => _inside.Start();

    private int Port => ((IPEndPoint)_inside.LocalEndpoint).Port;

    public void Dispose() => _inside.Dispose();

    [TestCase(301, "https")]
    [TestCase(302, "https")]
    [TestCase(303, "http")]
    [TestCase(307, "https")]
    [TestCase(308, "http")]
    public async Task A_redirect_is_a_failed_attempt_and_the_other_address_hears_nothing(int status, string scheme, CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken);
        await using var partner = await Partner.StartAsync(scene.Server.DataFolder, cancellationToken);
        var deliveries = new Deliveries(scene.Server.As("department"), scene.Server.As("court"));
        var names = await deliveries.SubscribeAsync(partner, 2, cancellationToken);
        var webhook = names[1];

        Redirect(partner, status, scheme);
        var listings = await deliveries.PublishAsync(0, 3, cancellationToken);
        await deliveries.WithdrawAsync(listings.Take(1), cancellationToken);
        await UntilAttemptedAsync(deliveries, webhook, 3, cancellationToken);
        var failing = (await deliveries.ReadAsync(cancellationToken))[webhook];
        var attempts = (await deliveries.ListAttemptsAsync(webhook, cancellationToken)).Where(attempt => attempt.Purpose == DeliveryPurpose.Changes).ToList();

        partner.Instead = (_, _) => false;
        await new SubscriptionService.SubscriptionServiceClient(scene.Server.As("department")).ResumeSubscriptionAsync(
            new ResumeSubscriptionRequest { Name = webhook }, cancellationToken: cancellationToken);
        await deliveries.UntilCaughtUpAsync(4, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_inside.Pending(), Is.False, "somebody connected to where the redirect pointed");
            Assert.That(
                attempts.Select(attempt => (attempt.Outcome, attempt.Status, attempt.Error)),
                Is.All.EqualTo((DeliveryOutcome.Refused, $"{status}", "Redirects are not followed.")));
            Assert.That(failing.Ordered.Accepted.Sequence, Is.Zero);
            Assert.That((failing.Ordered.Failures, failing.State), Is.Not.EqualTo((0, SubscriptionState.Active)));
            Assert.That(partner.Of(webhook).Sequences, Is.EqualTo([1, 2, 3, 4]), "what was refused came later");
            Assert.That(partner.Of(names[0]).Repetitions, Is.Empty, "the other subscription was none the wiser");
        }
    }

    [Test]
    public async Task An_endpoint_that_redirects_is_not_verified(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken);
        await using var partner = await Partner.StartAsync(scene.Server.DataFolder, cancellationToken);
        var deliveries = new Deliveries(scene.Server.As("department"), scene.Server.As("court"));
        var subscriptions = new SubscriptionService.SubscriptionServiceClient(scene.Server.As("department"));

        Redirect(partner, 307, "https");
        var made = await subscriptions.CreateSubscriptionAsync(
            new CreateSubscriptionRequest { Parent = "partners/dev-department", SubscriptionId = "elsewhere", Subscription = partner.Wish(1) },
            cancellationToken: cancellationToken);
        await UntilAttemptedAsync(deliveries, made.Subscription.Name, 1, cancellationToken);
        var tested = await subscriptions.TestSubscriptionAsync(
            new TestSubscriptionRequest { Name = made.Subscription.Name }, cancellationToken: cancellationToken);
        var stored = (await deliveries.ReadAsync(cancellationToken))[made.Subscription.Name];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_inside.Pending(), Is.False, "somebody connected to where the redirect pointed");
            Assert.That(stored.State, Is.EqualTo(SubscriptionState.PendingVerification));
            Assert.That((tested.Attempt.Outcome, tested.Attempt.Status), Is.EqualTo((DeliveryOutcome.Refused, "307")));
        }
    }

    private static Task UntilAttemptedAsync(Deliveries deliveries, string name, int attempts, CancellationToken cancellationToken) => Shell.WaitUntilAsync(
        async token => (await deliveries.ListAttemptsAsync(name, token)).Count(attempt => attempt.Outcome == DeliveryOutcome.Refused) >= attempts,
        "the redirects to be answered",
        cancellationToken);

    private void Redirect(Partner partner, int status, string scheme) => partner.Instead = (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = $"{scheme}://localhost:{Port}/hooks";
        return true;
    };
}
