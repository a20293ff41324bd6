using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>Redis can be away, dead or hang: only the speed changes.</summary>
[Needs(RealServer.RedisProgram)]
internal sealed class RedisOutageTests
{
    private const string Name = "测试癸";

    private static readonly string s_number = Cast.Resident(30_001);

    [Test, CancelAfter(120_000)]
    public async Task A_flushed_and_then_killed_Redis_changes_no_verdict_and_comes_back_into_use(CancellationToken cancellationToken)
    {
        await using var scene = await RedisScene.OpenAsync(cancellationToken);
        await PublishAsync(scene, cancellationToken);
        await scene.WaitForHitAsync(s_number, Name, cancellationToken);

        await scene.Database.ExecuteAsync("FLUSHALL");
        var flushed = await CheckAsync(scene, cancellationToken);
        await scene.Redis.KillAsync(cancellationToken);
        var killed = await CheckAsync(scene, cancellationToken);
        await scene.Redis.StartAsync(cancellationToken);
        await scene.WaitForHitAsync(s_number, Name, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(flushed, Is.EqualTo(Verdict.Listed));
            Assert.That(killed, Is.EqualTo(Verdict.Listed));
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_hanging_Redis_is_left_alone_after_a_few_timeouts_and_used_again_once_it_answers(CancellationToken cancellationToken)
    {
        await using var scene = await RedisScene.OpenAsync(cancellationToken);
        await PublishAsync(scene, cancellationToken);
        await scene.WaitForHitAsync(s_number, Name, cancellationToken);

        await scene.Redis.FreezeAsync(cancellationToken);
        var verdicts = new List<Verdict>();
        await Shell.WaitUntilAsync(
            async token =>
            {
                verdicts.Add(await CheckAsync(scene, token));
                return scene.Scene.Server.Log.Lines.Any(line => line.Contains("[3002]", StringComparison.Ordinal));
            },
            "the breaker to open",
            cancellationToken);
        await scene.Redis.ThawAsync(cancellationToken);
        await scene.WaitForHitAsync(s_number, Name, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdicts, Is.All.EqualTo(Verdict.Listed));
            Assert.That(scene.Asked("unavailable"), Is.Positive);
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_server_starts_and_answers_where_no_Redis_is(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync("SQLite", cancellationToken, $"--Redis:ConnectionString=127.0.0.1:{Shell.FreePort()}");

        var receipt = await scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_number), Cast.Court, cancellationToken);
        var answer = await scene.CheckAsync(s_number, Name, receipt.Position, cancellationToken);

        Assert.That(answer.Verdict, Is.EqualTo(Verdict.Listed));
    }

    private static async Task PublishAsync(RedisScene scene, CancellationToken cancellationToken)
    {
        var receipt = await scene.Scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, s_number), Cast.Court, cancellationToken);
        await scene.Scene.CheckAsync(s_number, Name, receipt.Position, cancellationToken);
    }

    private static async Task<Verdict> CheckAsync(RedisScene scene, CancellationToken cancellationToken) =>
        (await scene.Scene.CheckAsync(s_number, Name, null, cancellationToken)).Verdict;
}
