using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.Storage.Sqlite;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>Many subscriptions, half by gRPC and half by webhook: every one gets everything.</summary>
/// <remarks>Alone: it would leave tests beside it too little of the machine.</remarks>
[TestFixtureSource(typeof(Setting), nameof(Setting.All)), NonParallelizable]
internal sealed class ManyReceiversTests(string setting)
{
    private const int Subscriptions = 200;
    private const int Withdrawn = 50;

    [Test, CancelAfter(600_000)]
    public async Task Each_gets_every_change_in_order_and_each_request_is_on_record(CancellationToken cancellationToken)
    {
        // A receiver of the test's own process is late now and then on a busy machine. That is not what is looked at here, and the server is
        // a process of its own so that its work does not wait behind that of two hundred receivers.
        using var folder = new TemporaryFolder();
        await using var on = await Setting.CreateAsync(setting, cancellationToken);
        await using var server = await on.ServeAsync(
            folder, cancellationToken, $"--Subscriptions:PerPartner={Subscriptions}",
            "--Push:AttemptTimeout=00:01:00", "--Push:TotalTimeout=00:03:00", "--Push:LeaseLength=00:05:00");
        await using var partner = await Partner.StartAsync(server.DataFolder, cancellationToken);
        using var department = TestIdentity.Of(server.DataFolder, "department").Connect(server.Address);
        using var court = TestIdentity.Of(server.DataFolder, "court").Connect(server.Address);
        var deliveries = new Deliveries(department, court);
        var names = await deliveries.SubscribeAsync(partner, Subscriptions, cancellationToken);
        var count = ChangesOf(on) - Withdrawn;

        var listings = await deliveries.PublishAsync(0, count, cancellationToken);
        await deliveries.WithdrawAsync(listings.Take(Withdrawn), cancellationToken);
        var head = await deliveries.HeadAsync(cancellationToken);
        await deliveries.UntilCaughtUpAsync(head, cancellationToken);
        await deliveries.UntilAppliedAsync(head, cancellationToken);

        Assert.That(head, Is.EqualTo(count + Withdrawn));
        var list = listings.Select((listing, i) => (listing.Name, Entry: i < Withdrawn ? (2L, true) : (1L, false))).ToDictionary(each => each.Name, each => each.Entry);
        var wrong = new List<string>();
        foreach (var name in names)
        {
            if (await FaultOfAsync(deliveries, partner, name, head, list, cancellationToken) is { } fault) wrong.Add($"{name}: {fault}");
        }

        Assert.That(wrong, Is.Empty);
    }

    // Two million deliveries on PostgreSQL. On the embedded engine, where all of it shares one writer, fewer show the same.
    private static int ChangesOf(Setting setting) => setting.Engine == nameof(SqliteStore) ? 2_500 : 10_000;

    /// <summary>What is wrong with what a subscription received; null if nothing is.</summary>
    private static async Task<string?> FaultOfAsync(
        Deliveries deliveries, Partner partner, string name, long head, Dictionary<string, (long, bool)> list, CancellationToken cancellationToken)
    {
        var account = partner.Of(name);
        if ((account.Gaps, account.At) != (0, head)) return $"{account.Gaps} gaps, at {account.At}";
        if (!account.Sequences.SequenceEqual(Enumerable.Range(1, (int)head).Select(sequence => (long)sequence))) return "a change is missing";
        if (account.OutOfOrder.FirstOrDefault() is { } listing) return $"{listing} is out of order";
        if (account.Copy is var copy && (copy.Count != list.Count || copy.Any(entry => list.GetValueOrDefault(entry.Key) != entry.Value))) return "its list is another one";

        // The challenge is the call's that subscribes. Where its record could not be written the call fails, and is made again.
        var all = await deliveries.ListAttemptsAsync(name, cancellationToken);
        if (!all.Any(attempt => attempt is { Purpose: DeliveryPurpose.Verification, Outcome: DeliveryOutcome.Accepted })) return "never verified";

        // A connection that did not come about, or broke off, carried a message or did not: both count.
        var attempts = all.Where(attempt => attempt.Purpose == DeliveryPurpose.Changes).ToList();
        var failures = attempts.Where(attempt => attempt.Outcome != DeliveryOutcome.Accepted).ToList();
        var told = string.Join('\n', failures);
        var doubtful = failures.Count(attempt => attempt.Outcome is DeliveryOutcome.Unreachable or DeliveryOutcome.TimedOut or DeliveryOutcome.Broken);
        if (account.Frames > attempts.Count || account.Frames < attempts.Count - doubtful)
        {
            return $"{account.Frames} frames, {attempts.Count} attempts on record, of which failed:\n{told}";
        }

        // A frame comes twice only where the first time failed, as far as the sender could see; and a receiver that had no time for all of one gets
        // the rest again.
        var rests = failures.Where(attempt => attempt.Outcome == DeliveryOutcome.PartlyAccepted).Select(attempt => attempt.AcceptedSequence).ToHashSet();
        var failed = failures.Where(attempt => attempt.Lane == Lane.Ordered).Select(attempt => (attempt.FromSequence, attempt.ToSequence)).ToHashSet();
        var unexplained = account.Repetitions.Where(frame => !failed.Contains(frame) && !rests.Contains(frame.From)).ToList();
        return unexplained.Count == 0 ? null : $"{string.Join(", ", unexplained)} came twice, and failed:\n{told}";
    }
}
