using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>Many subscriptions, half by gRPC and half by webhook: every one gets everything.</summary>
/// <remarks>The figures are those that run in a minute on two cores; each change is delivered once a subscription.</remarks>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
internal sealed class ManyReceiversTests(string setting)
{
    private const int Subscriptions = 200;
    private const int Listings = 450;
    private const int Withdrawn = 50;

    [Test, CancelAfter(300_000)]
    public async Task Each_gets_every_change_in_order_and_each_request_is_on_record(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken, $"--Subscriptions:PerPartner={Subscriptions}");
        await using var partner = await Partner.StartAsync(scene.Server.DataFolder, cancellationToken);
        var deliveries = new Deliveries(scene.Server.As("department"), scene.Server.As("court"));
        var names = await deliveries.SubscribeAsync(partner, Subscriptions, cancellationToken);

        var listings = await deliveries.PublishAsync(Listings, cancellationToken);
        await deliveries.WithdrawAsync(listings.Take(Withdrawn), cancellationToken);
        var head = await deliveries.HeadAsync(cancellationToken);
        await deliveries.UntilCaughtUpAsync(head, cancellationToken);
        await UntilWithdrawnAsync(partner, names, cancellationToken);

        var list = listings.Select((listing, i) => (listing.Name, Entry: i < Withdrawn ? (2L, true) : (1L, false))).ToDictionary(each => each.Name, each => each.Entry);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(head, Is.EqualTo(Listings + Withdrawn));
            foreach (var name in names)
            {
                var account = partner.Of(name);
                // A frame may come twice where an answer was late; then both requests are on record.
                Assert.That((account.Gaps, account.At), Is.EqualTo((0, head)), name);
                Assert.That(account.Sequences, Is.EqualTo(Enumerable.Range(1, (int)head)), name);
                Assert.That(account.OutOfOrder, Is.Empty, name);
                Assert.That(account.Copy, Is.EquivalentTo(list), name);
                var attempts = await deliveries.AttemptsAsync(name, cancellationToken);
                // Whether what got no answer in time had arrived, only the receiver knows; on a machine with room there is none of it.
                var unanswered = attempts.Count(attempt =>
                    attempt.Outcome is DeliveryOutcome.TimedOut or DeliveryOutcome.Unreachable or DeliveryOutcome.Broken);
                Assert.That(account.Requests, Is.InRange(attempts.Count - unanswered, attempts.Count), name);
            }
        }
    }

    // What is on record of the lane of withdrawals may come a moment after what is on record of the other.
    private static Task UntilWithdrawnAsync(Partner partner, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var last = -1;
        return Infrastructure.Shell.WaitUntilAsync(
            async token =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), token);
                var before = last;
                last = names.Sum(name => partner.Of(name).Requests);
                return last == before;
            },
            "the receivers to be left alone",
            cancellationToken);
    }
}
