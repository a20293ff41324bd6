using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>A PostgreSQL that serves, but has lost the standbys that must confirm each commit.</summary>
[Needs(RealServer.PostgresProgram)]
internal sealed class MissingStandbyTests
{
    private const string Name = "测试酉";

    private static readonly string s_listed = Cast.Resident(120_001);
    private static readonly string s_late = Cast.Resident(120_003);
    private static readonly string s_notListed = Cast.Resident(120_005);

    /// <summary>Longer than a lease, and than all that is known in memory counts.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(7);

    [Test, CancelAfter(240_000)]
    public async Task Without_a_standby_nothing_is_acknowledged_or_guessed_and_all_goes_on_with_one(CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresProcess.StartAsync([], cancellationToken);
        await using var scene = await Scene.OpenAsync(Setting.On(postgres), cancellationToken);
        var listing = await scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_listed), Cast.Court, cancellationToken);
        Assert.That((await scene.CheckAsync(s_listed, Name, listing.Position, cancellationToken)).Verdict, Is.EqualTo(Verdict.Listed));

        // Step 1: nobody confirms. A publication waits, and lookups are refused as soon as the last heartbeat no longer counts.
        await postgres.MissStandbyAsync(cancellationToken);
        var publishing = scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_late), Cast.Court, cancellationToken);
        var without = new Interview(scene);
        await without.AskUntilAsync(reply => reply.IsStale, s_notListed, Name, cancellationToken);
        var refusals = new Interview(scene);
        await Shell.WaitUntilAsync(
            async token =>
            {
                await refusals.AskAsync(s_listed, Name, token);
                await refusals.AskAsync(s_notListed, Name, token);
                return refusals.Elapsed > s_long;
            },
            "the time to pass",
            cancellationToken);
        var wasWaiting = !publishing.IsCompleted;

        // Step 2: commits are confirmed again.
        await postgres.NeedNoStandbyAsync(cancellationToken);
        var late = await publishing;
        var with = new Interview(scene);
        await with.AskUntilAsync(reply => reply.Verdict is not null, s_late, Name, cancellationToken);
        var served = await scene.CheckAsync(s_late, Name, late.Position, cancellationToken);
        await scene.WithdrawAsync(listing, EndReason.Performed, cancellationToken);
        var withdrawn = await with.AskUntilAsync(reply => reply.Verdict is not null, s_listed, Name, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasWaiting, Is.True, "a publication was acknowledged that a failover would lose");
            Assert.That(refusals.Replies.Select(reply => reply.IsStale ? null : $"{reply}"), Is.All.Null, "another reply than NODE_STALE with RetryInfo");
            Assert.That(late.Position.Sequence, Is.EqualTo(listing.Position.Sequence + 1));
            Assert.That(served.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(withdrawn.Verdict, Is.EqualTo(Verdict.NotListed));
        }
    }
}
