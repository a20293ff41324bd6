using System.Globalization;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows;

/// <summary>How soon withdrawals are applied while one receiver is far behind.</summary>
internal sealed class BacklogRow : IRow
{
    private const int Healthy = 100;
    private const int Rate = 20;
    private const int FullBacklog = 300_000;
    private const int QuickBacklog = 20_000;

    // So slow that nothing of the backlog is done with by the end.
    private static readonly TimeSpan s_slowness = TimeSpan.FromSeconds(2);

    public string Name => "backlog";

    public string Title => "withdrawals beside a backlog";

    public string Method => string.Create(
        CultureInfo.InvariantCulture,
        $"Webhooks from a server on SQLite, over TLS. One receiver, made of the kit, began at the journal's beginning and takes {s_slowness.TotalSeconds:N0} s for each frame "
        + $"of 500; {Healthy} others have everything. {Rate} withdrawals a second; from the journal's time of each, just before its commit, until it is applied at each receiver. "
        + $"The backlog is of {FullBacklog:N0} changes ({QuickBacklog:N0} in a quick run) instead of a million, because making it would take longer than the row may; `push backlog` "
        + $"measures with a million. A round is a pair; there is no peer. At the end all {FullBacklog:N0} are let go, and must change nothing of what was withdrawn ahead of them.");

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var engine = new PushEngine(scene.NewFolder("backlog"), isPostgres: false);
        var each = scene.Amount(200, 40);
        await using var backlog = await BacklogScene.StartAsync(
            engine, scene.Amount(FullBacklog, QuickBacklog), each * (scene.Pairs + 1), Healthy, s_slowness);

        // The first round is not counted: the server has withdrawn nothing yet.
        await backlog.WithdrawAsync(each, Rate);
        List<BacklogTimes> rounds = [];
        for (var round = 0; round < scene.Pairs; round++)
        {
            rounds.Add(await backlog.WithdrawAsync(each, Rate));
            BenchScene.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"  round {round + 1}: p99 {Percentile(rounds[^1].Healthy, 0.99):N1} ms at the healthy ones, {Percentile(rounds[^1].Applied, 0.99):N1} ms at the one behind"));
        }

        await backlog.ProveAsync();
        return
        [
            Of("applied at 100 healthy receivers, p50", times => Percentile(times.Healthy, 0.5), Goal.None),
            Of("applied at 100 healthy receivers, p99", times => Percentile(times.Healthy, 0.99), Goal.AtMost(250)),
            Of("applied at the one behind, p50", times => Percentile(times.Applied, 0.5), Goal.None),
            Of("applied at the one behind, p99", times => Percentile(times.Applied, 0.99), Goal.AtMost(250)),
            Of("accepted by the one behind on the server's record, p99", times => Percentile(times.Accepted, 0.99), Goal.AtMost(250)),
        ];

        Finding Of(string work, Func<BacklogTimes, double> value, Goal goal) =>
            new() { Work = work, Unit = "ms", Ours = [.. rounds.Select(value)], Goal = goal };
    }
}
