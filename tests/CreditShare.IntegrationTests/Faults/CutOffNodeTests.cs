using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Npgsql;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>A node that does not reach the store must fall silent in time, and must not hold up the others for longer than that.</summary>
internal sealed class CutOffNodeTests
{
    private const string Name = "测试辰";

    private static readonly string s_listed = Cast.Resident(60_001);
    private static readonly string s_notListed = Cast.Resident(60_003);

    /// <summary>How long a heartbeat lets a node answer.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(2);

    /// <summary>How much longer a busy machine may take to show it.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(4);

    /// <summary>A refusal takes less than the lease, for which it could wait.</summary>
    private static readonly TimeSpan s_prompt = s_lease;

    /// <summary>Longer than everything that is known in memory counts, the registry of partners too.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(7);

    [TestCase("hangs", TestName = "A_node_whose_way_to_the_store_hangs_falls_silent_and_holds_no_withdrawal_up")]
    [TestCase("is cut", TestName = "A_node_whose_way_to_the_store_is_cut_falls_silent_and_holds_no_withdrawal_up")]
    [Needs(RealServer.Postgres, RealServer.Redis), CancelAfter(120_000)]
    public async Task A_node_whose_way_to_the_store(string breaks, CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(Servers.Postgres);
        await using var gate = Gate.To(server.Host!, server.Port);
        await using var near = await Scene.OpenAsync("PostgreSQL and Redis", cancellationToken);
        await using var far = await near.BesideAsync(cancellationToken, ThroughGate(near, gate));
        var listing = await near.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_listed), Cast.Court, cancellationToken);
        Assert.That((await far.CheckAsync(s_listed, Name, listing.Position, cancellationToken)).Verdict, Is.EqualTo(Verdict.Listed));

        // Step 1: the way breaks. What the far node still answers, it was asked while its last heartbeat counted.
        Break(gate, breaks);
        var cutOff = new Interview(far);
        var withdrawal = TimedAsync(cutOff, near.WithdrawAsync(listing, EndReason.Performed, cancellationToken));
        await cutOff.AskUntilAsync(reply => reply.IsStale, s_notListed, Name, cancellationToken);

        // Step 2: the withdrawal is acknowledged without it, and it says nothing at all, however long that lasts.
        var acknowledged = await withdrawal;
        await AskForLongAsync(cutOff, cancellationToken);

        // Step 3: the way is mended. The node speaks again, and knows.
        gate.Mend();
        var mended = new Interview(far);
        await mended.AskUntilAsync(reply => reply.Verdict is not null, s_listed, Name, cancellationToken);
        var others = await mended.AskAsync(s_notListed, Name, cancellationToken);
        var anew = await far.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_listed), Cast.Court, cancellationToken);
        var listedAnew = await near.CheckAsync(s_listed, Name, anew.Position, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            SaysNothingAfterItsLease(cutOff);
            Assert.That(
                cutOff.Replies.Where(reply => reply.Verdict is not null).Select(reply => reply.Asked),
                Is.All.LessThan(acknowledged), "the withdrawal did not wait for a node that still answered");
            Assert.That(acknowledged, Is.LessThan(s_lease + TimeSpan.FromMilliseconds(500) + s_slack), "the withdrawal waited for a silent node");
            Assert.That(mended.Replies.Select(reply => reply.Verdict), Has.None.EqualTo(Verdict.Listed));
            Assert.That(others.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(listedAnew.Verdict, Is.EqualTo(Verdict.Listed));
        }
    }

    [TestCase("hangs", TestName = "A_node_whose_store_hangs_answers_nothing_from_memory_and_serves_again_once_it_can")]
    [TestCase("is killed", TestName = "A_node_whose_store_is_killed_answers_nothing_from_memory_and_serves_again_once_it_can")]
    [Needs(RealServer.PostgresProgram), CancelAfter(120_000)]
    public async Task A_node_whose_store(string breaks, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresProcess.StartAsync([], cancellationToken);
        await using var scene = await Scene.OpenAsync(Setting.On(postgres), cancellationToken);
        var listing = await scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_listed), Cast.Court, cancellationToken);
        await scene.CheckAsync(s_listed, Name, listing.Position, cancellationToken);

        await (breaks == "hangs" ? postgres.FreezeAsync(cancellationToken) : postgres.KillAsync(cancellationToken));
        var without = new Interview(scene);
        await without.AskUntilAsync(reply => reply.IsStale, s_notListed, Name, cancellationToken);
        await AskForLongAsync(without, cancellationToken);

        await (breaks == "hangs" ? postgres.ThawAsync(cancellationToken) : postgres.StartAsync(cancellationToken));
        var again = new Interview(scene);
        var served = await again.AskUntilAsync(reply => reply.Verdict is not null, s_listed, Name, cancellationToken);
        var others = await again.AskAsync(s_notListed, Name, cancellationToken);
        await scene.WithdrawAsync(listing, EndReason.Performed, cancellationToken);
        var withdrawn = await again.AskAsync(s_listed, Name, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            SaysNothingAfterItsLease(without);
            Assert.That(served.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(others.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(withdrawn.Verdict, Is.EqualTo(Verdict.NotListed));
        }
    }

    private static Task AskForLongAsync(Interview interview, CancellationToken cancellationToken) => Shell.WaitUntilAsync(
        async token =>
        {
            await interview.AskAsync(s_listed, Name, token);
            await interview.AskAsync(s_notListed, Name, token);
            return interview.Elapsed > s_long;
        },
        "the time to pass",
        cancellationToken);

    private static void SaysNothingAfterItsLease(Interview interview)
    {
        // The interview began after the last heartbeat had been sent, so this bound has no slack.
        var answered = interview.Replies.Where(reply => reply.Verdict is not null);
        Assert.That(answered.Select(reply => reply.Asked), Is.All.LessThan(s_lease), "an answer from memory");

        var refused = interview.Replies.Where(reply => reply.Verdict is null).ToList();
        Assert.That(refused.Select(reply => reply.IsStale ? null : $"{reply}"), Is.All.Null, "another refusal than NODE_STALE with RetryInfo");
        Assert.That(refused[0].Asked, Is.LessThan(s_lease + s_slack));
        Assert.That(refused.Select(reply => reply.Took), Is.All.LessThan(s_prompt), "a refusal that had to be waited for");
    }

    private static void Break(Gate gate, string how)
    {
        if (how == "hangs") gate.Freeze();
        else gate.Cut();
    }

    private static async Task<TimeSpan> TimedAsync(Interview watch, Task call)
    {
        await call;
        return watch.Elapsed;
    }

    private static string ThroughGate(Scene scene, Gate gate)
    {
        const string setting = "--Postgres:ConnectionString=";
        var direct = scene.Setting.Settings.Single(each => each.StartsWith(setting, StringComparison.Ordinal))[setting.Length..];
        return setting + new NpgsqlConnectionStringBuilder(direct) { Host = "127.0.0.1", Port = gate.Port }.ConnectionString;
    }
}
