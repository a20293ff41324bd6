using System.Security.Cryptography;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.Lookup;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>Whatever happens to Redis changes no verdict, and the operator sees what happened.</summary>
[Needs(RealServer.RedisProgram)]
internal sealed class RedisFaultTests
{
    private const string OldName = "测试午";
    private const string NewName = "测试未";

    private static RedisScene s_scene = null!;
    private static int s_people;

    private readonly string _listed = Cast.Resident(70_000 + (3 * Interlocked.Increment(ref s_people)));
    private readonly string _other = Cast.Resident(70_001 + (3 * s_people));
    private readonly string _notListed = Cast.Resident(70_002 + (3 * s_people));

    [OneTimeSetUp]
    public static async Task Open()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        s_scene = await RedisScene.OpenAsync(limit.Token);
    }

    [OneTimeTearDown]
    public static async Task Close()
    {
        if (s_scene is not null) await s_scene.DisposeAsync();
    }

    [TestCase("everything is flushed", "miss")]
    [TestCase("the value is forged", "forged")]
    [TestCase("the value is another document's", "forged")]
    [TestCase("the value is from before the withdrawal", "stale")]
    [TestCase("the value is from before the correction", "stale")]
    [CancelAfter(60_000)]
    public async Task The_verdict_stays_and_the_operator_sees_it_when(string happened, string outcome, CancellationToken cancellationToken)
    {
        var values = await PrepareAsync(cancellationToken);
        var before = (Outcome: s_scene.Asked(outcome), Repairs: s_scene.RepairsMade);

        // The upkeep may just be writing the right value again, so the fault is repeated until it was met.
        List<(Verdict Verdict, int Listings)> underTheNewName = [];
        List<Verdict> underTheOldName = [];
        await Shell.WaitUntilAsync(
            async token =>
            {
                await LetHappenAsync(happened, values);
                var answer = await s_scene.Scene.CheckAsync(_listed, NewName, null, token);
                underTheNewName.Add((answer.Verdict, answer.Listings.Count));
                await LetHappenAsync(happened, values);
                underTheOldName.Add((await s_scene.Scene.CheckAsync(_listed, OldName, null, token)).Verdict);
                return s_scene.Asked(outcome) > before.Outcome;
            },
            "the fault to be met",
            cancellationToken);
        var nobody = await s_scene.Scene.CheckAsync(_notListed, NewName, null, cancellationToken);
        await s_scene.WaitForHitAsync(_listed, NewName, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(underTheNewName, Is.All.EqualTo((Verdict.Listed, 1)));
            Assert.That(underTheOldName, Is.All.EqualTo(Verdict.NameMismatch));
            Assert.That(nobody.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(s_scene.RepairsMade, Is.GreaterThan(before.Repairs));
        }
    }

    [TestCase("frozen"), TestCase("dead")]
    [CancelAfter(60_000)]
    public async Task The_verdict_stays_and_the_operator_sees_it_while_Redis_is(string state, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var before = (Unavailable: s_scene.Asked("unavailable"), Hits: s_scene.Asked("hit"));

        await (state == "frozen" ? s_scene.Redis.FreezeAsync(cancellationToken) : s_scene.Redis.KillAsync(cancellationToken));
        // One that hangs costs a timeout each time, until it is left alone; one that is gone costs nothing.
        var meanwhile = await AskAllAsync(cancellationToken);
        await Shell.WaitUntilAsync(
            async token =>
            {
                meanwhile = [.. meanwhile, .. await AskAllAsync(token)];
                return s_scene.IsLeftAlone && s_scene.Asked("unavailable") > before.Unavailable;
            },
            "Redis to be left alone",
            cancellationToken);
        await (state == "frozen" ? s_scene.Redis.ThawAsync(cancellationToken) : s_scene.Redis.StartAsync(cancellationToken));
        await s_scene.WaitForHitAsync(_listed, NewName, cancellationToken);
        await Shell.WaitUntilAsync(_ => Task.FromResult(!s_scene.IsLeftAlone), "Redis to be used again", cancellationToken);
        var afterwards = await AskAllAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(meanwhile, Is.All.EqualTo((Verdict.Listed, Verdict.NameMismatch, Verdict.NotListed)));
            Assert.That(afterwards, Is.All.EqualTo((Verdict.Listed, Verdict.NameMismatch, Verdict.NotListed)));
            Assert.That(s_scene.Asked("hit"), Is.GreaterThan(before.Hits));
        }
    }

    /// <summary>Two listings of one person, of which one is withdrawn and the other corrected; another person beside.</summary>
    /// <returns>What was in Redis before each of the two, and under the other document.</returns>
    private async Task<(RedisValue BeforeWithdrawal, RedisValue BeforeCorrection, RedisValue Others)> PrepareAsync(CancellationToken cancellationToken)
    {
        var scene = s_scene.Scene;
        var kept = await scene.PublishAsync(Cast.ListingOf(OldName, Cast.Court, _listed), Cast.Court, cancellationToken);
        var ended = await scene.PublishAsync(Cast.ListingOf(NewName, Cast.OtherCourt, _listed), Cast.OtherCourt, cancellationToken);
        var other = await scene.PublishAsync(Cast.ListingOf(NewName, Cast.Court, _other), Cast.Court, cancellationToken);
        await scene.CheckAsync(_other, NewName, other.Position, cancellationToken);
        await s_scene.WaitForHitAsync(_other, NewName, cancellationToken);
        await s_scene.WaitForHitAsync(_listed, OldName, cancellationToken);
        var beforeWithdrawal = await ValueOfAsync(_listed);

        await scene.WithdrawAsync(ended, EndReason.Performed, cancellationToken);
        await s_scene.WaitForHitAsync(_listed, OldName, cancellationToken);
        var beforeCorrection = await ValueOfAsync(_listed);

        await scene.Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = kept.Name,
                ExpectedVersion = 1,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Listing = new Listing { Subject = new Subject { Name = NewName } },
                UpdateMask = new FieldMask { Paths = { "subject.name" } },
            },
            cancellationToken: cancellationToken);
        await s_scene.WaitForHitAsync(_listed, NewName, cancellationToken);
        return (beforeWithdrawal, beforeCorrection, await ValueOfAsync(_other));
    }

    private async Task LetHappenAsync(string happened, (RedisValue BeforeWithdrawal, RedisValue BeforeCorrection, RedisValue Others) values)
    {
        if (happened == "everything is flushed")
        {
            await s_scene.Database.ExecuteAsync("FLUSHALL");
            return;
        }

        await s_scene.Database.StringSetAsync(s_scene.KeyOf(_listed), happened switch
        {
            "the value is forged" => RandomNumberGenerator.GetBytes((int)values.Others.Length()),
            "the value is another document's" => values.Others,
            "the value is from before the withdrawal" => values.BeforeWithdrawal,
            "the value is from before the correction" => values.BeforeCorrection,
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        });
    }

    // All at once, so that a Redis that hangs is found out within one timeout.
    private async Task<(Verdict New, Verdict Old, Verdict Nobody)[]> AskAllAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (
            (await s_scene.Scene.CheckAsync(_listed, NewName, null, cancellationToken)).Verdict,
            (await s_scene.Scene.CheckAsync(_listed, OldName, null, cancellationToken)).Verdict,
            (await s_scene.Scene.CheckAsync(_notListed, NewName, null, cancellationToken)).Verdict)));

    private static async Task<RedisValue> ValueOfAsync(string number) => await s_scene.Database.StringGetAsync(s_scene.KeyOf(number));
}
