using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>The server is killed while it delivers: something may come twice, nothing is missed, and no cursor goes back.</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
internal sealed class KilledSenderTests(string setting)
{
    private const int Subscriptions = 10;
    private const int Listings = 3_000;

    [Test, CancelAfter(300_000)]
    public async Task Nothing_is_missed_when_the_server_is_killed_in_the_middle(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var on = await Setting.CreateAsync(setting, cancellationToken);
        var before = new Dictionary<string, Subscription>();
        IReadOnlyList<string> names;
        Partner partner;

        // Step 1: the receivers let the first frames through, and the server dies while the others are under way.
        await using (var first = await ServeAsync(folder, on, cancellationToken))
        {
            partner = await Partner.StartAsync(first.DataFolder, cancellationToken);
            using var department = TestIdentity.Of(first.DataFolder, "department").Connect(first.Address);
            using var court = TestIdentity.Of(first.DataFolder, "court").Connect(first.Address);
            var deliveries = new Deliveries(department, court);
            names = await deliveries.SubscribeAsync(partner, Subscriptions, cancellationToken);
            partner.Before = request => request.FromSequence < Listings / 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellationToken);
            await deliveries.PublishAsync(0, Listings, cancellationToken);
            await Shell.WaitUntilAsync(
                _ => Task.FromResult(names.All(name => partner.Of(name).At > Listings / 2)), "deliveries to be in the middle", cancellationToken);
            foreach (var (name, subscription) in await deliveries.ReadAsync(cancellationToken)) before[name] = subscription;
            await first.KillAsync(cancellationToken);
        }

        // Step 2: another one goes on from what is stored.
        partner.Before = _ => Task.CompletedTask;
        await using var ofPartner = partner;
        await using var second = await ServeAsync(folder, on, cancellationToken);
        using var departmentAgain = TestIdentity.Of(second.DataFolder, "department").Connect(second.Address);
        using var courtAgain = TestIdentity.Of(second.DataFolder, "court").Connect(second.Address);
        var again = new Deliveries(departmentAgain, courtAgain);
        var restarted = await again.ReadAsync(cancellationToken);
        await again.UntilCaughtUpAsync(Listings, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            foreach (var name in names)
            {
                var account = partner.Of(name);
                Assert.That(restarted[name].Ordered.Accepted.Sequence, Is.AtLeast(before[name].Ordered.Accepted.Sequence), "a cursor went back");
                Assert.That((account.Gaps, account.At), Is.EqualTo((0, Listings)), name);
                Assert.That(account.Repetitions, Is.Not.Empty, "nothing was under way");
                Assert.That(account.Sequences, Is.EqualTo(Enumerable.Range(1, Listings)), name);
                Assert.That(account.Handed.Select(change => change.Listing), Is.Unique.And.Exactly(Listings).Items, name);
            }
        }
    }

    private static Task<ServerProcess> ServeAsync(TemporaryFolder folder, Setting on, CancellationToken cancellationToken) =>
        on.ServeAsync(folder, cancellationToken, "--Push:LeaseLength=00:00:03", "--Push:LeaseRenewal=00:00:01");
}
