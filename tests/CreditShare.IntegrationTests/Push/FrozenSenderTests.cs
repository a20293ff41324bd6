using System.Collections.Concurrent;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>Two servers over one PostgreSQL share the subscriptions. The one that holds them stands still past its leases and wakes up with
/// answers in hand: they move nothing any more.</summary>
[Needs(RealServer.Postgres, RealServer.Redis)]
internal sealed class FrozenSenderTests
{
    private const int Subscriptions = 6;
    private const int Listings = 200;
    private const int Withdrawn = 10;

    // What is under way when the holder freezes: two frames of the ordered lane, and one of withdrawals.
    private const int Held = 2;

    [Test, CancelAfter(300_000)]
    public async Task What_a_holder_learns_after_its_lease_moves_no_cursor(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var otherFolder = new TemporaryFolder();
        await using var on = await Setting.CreateAsync("PostgreSQL and Redis", cancellationToken);
        await using var holder = await ServeAsync(folder, on, cancellationToken);
        await using var partner = await Partner.StartAsync(holder.DataFolder, cancellationToken);
        using var departmentThere = TestIdentity.Of(holder.DataFolder, "department").Connect(holder.Address);
        using var courtThere = TestIdentity.Of(holder.DataFolder, "court").Connect(holder.Address);
        var there = new Deliveries(departmentThere, courtThere);
        var names = await there.SubscribeAsync(partner, Subscriptions, cancellationToken);
        TestIdentity.CopyAll(holder.DataFolder, Path.Combine(otherFolder.Path, "creditshare-data"));
        await using var other = await ServeAsync(otherFolder, on, cancellationToken);
        using var departmentHere = TestIdentity.Of(other.DataFolder, "department").Connect(other.Address);
        using var courtHere = TestIdentity.Of(other.DataFolder, "court").Connect(other.Address);
        var here = new Deliveries(departmentHere, courtHere);

        // Step 1: all is delivered by the one that was there first.
        var first = await there.PublishAsync(0, Listings, cancellationToken);
        await there.UntilCaughtUpAsync(Listings, cancellationToken);

        // Step 2: it has a message under way on each lane, and freezes. The other one takes the subscriptions over, and goes further.
        using var hold = new Hold(partner, names.Count * Held);
        await there.PublishAsync(Listings, Listings, cancellationToken);
        await there.WithdrawAsync(first.Take(Withdrawn), cancellationToken);
        await hold.IsFullAsync(cancellationToken);
        Assert.That(Started(other), Is.Zero, "nobody else held anything");
        await holder.FreezeAsync(cancellationToken);
        var second = await here.PublishAsync(2 * Listings, Listings, cancellationToken);
        await here.WithdrawAsync(second.Take(Withdrawn), cancellationToken);
        const int Head = (3 * Listings) + (2 * Withdrawn);
        await here.UntilCaughtUpAsync(Head, cancellationToken);
        var before = await here.UntilAppliedAsync(Head, cancellationToken);

        // Step 3: the answers come, and with them in hand it wakes up.
        hold.Release();
        await Shell.WaitUntilAsync(_ => Task.FromResult(hold.Left == names.Count * Held), "the answers to be given", cancellationToken);
        await holder.ThawAsync(cancellationToken);
        List<IReadOnlyDictionary<string, Subscription>> seen = [];
        await Shell.WaitUntilAsync(
            async token =>
            {
                seen.Add(await here.ReadAsync(token));
                return names.All(name => HasLetGo(holder, name));
            },
            "the one that woke up to let go",
            cancellationToken);
        await partner.UntilLeftAloneAsync(cancellationToken);
        seen.Add(await here.ReadAsync(cancellationToken));
        var repeated = names.ToDictionary(name => name, name => partner.Of(name).Repetitions.Count);

        // Step 4: what comes now comes once.
        await there.PublishAsync(3 * Listings, Listings, cancellationToken);
        await here.UntilCaughtUpAsync(Head + Listings, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Started(other), Is.EqualTo(names.Count), "each was taken over once");
            foreach (var name in names)
            {
                var account = partner.Of(name);
                Assert.That(seen.Select(each => Cursors(each[name])), Is.All.EqualTo(Cursors(before[name])), "a cursor was moved by a lost lease");
                Assert.That((account.Gaps, account.At), Is.EqualTo((0, Head + Listings)), name);
                Assert.That(repeated[name], Is.AtLeast(1), "nothing was under way");
                Assert.That(account.Repetitions, Has.Count.EqualTo(repeated[name]), "something came twice later on");
                Assert.That(account.Sequences, Is.EqualTo(Enumerable.Range(1, Head + Listings)), name);
                Assert.That(account.OutOfOrder, Is.Empty, name);
                Assert.That(account.Copy, Has.Count.EqualTo(4 * Listings), name);
                Assert.That(account.Copy.Values.Count(entry => entry == (2, true)), Is.EqualTo(2 * Withdrawn), name);
            }
        }
    }

    private static (long, long, long, long) Cursors(Subscription subscription) =>
        (subscription.Ordered.Accepted.Sequence, subscription.Ordered.AppliedSequence,
            subscription.Withdrawals.Accepted.Sequence, subscription.Withdrawals.AppliedSequence);

    private static int Started(ServerProcess server) =>
        server.Output.Split('\n').Count(line => line.Contains("Delivering to ", StringComparison.Ordinal));

    private static bool HasLetGo(ServerProcess server, string name)
    {
        // Where the freeze has cost it the connections to the store, too, it says so instead.
        var output = server.Output;
        return output.Contains($"No longer delivering to {name} ", StringComparison.Ordinal)
            || output.Contains($"Deliveries to {name} stopped ", StringComparison.Ordinal);
    }

    private static Task<ServerProcess> ServeAsync(TemporaryFolder folder, Setting on, CancellationToken cancellationToken) => on.ServeAsync(
        folder, cancellationToken, "--Push:LeaseLength=00:00:08", "--Push:LeaseRenewal=00:00:01",
        "--Push:AttemptTimeout=00:01:00", "--Push:TotalTimeout=00:03:00");

    /// <summary>Keeps the first message with changes of each lane waiting.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly ConcurrentDictionary<(string, Lane), bool> _held = new();
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _messages;
        private int _left;

        public Hold(Partner partner, int messages)
        {
            _messages = messages;
            partner.Before = WaitAsync;
        }

        /// <summary>How many were let go.</summary>
        public int Left => Volatile.Read(ref _left);

        public Task IsFullAsync(CancellationToken cancellationToken) =>
            Shell.WaitUntilAsync(_ => Task.FromResult(_held.Count == _messages), "a message of each lane to be under way", cancellationToken);

        public void Release() => _release.TrySetResult();

        public void Dispose() => Release();

        private async Task WaitAsync(ReceiveChangesRequest request)
        {
            if (request.Changes.Count == 0 || !_held.TryAdd((request.Subscription, request.Lane), true)) return;

            await _release.Task;
            Interlocked.Increment(ref _left);
        }
    }
}
