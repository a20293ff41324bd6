using System.Globalization;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;
using CreditShare.Benchmarks.Rows.FanOut;

namespace CreditShare.Benchmarks.Rows;

/// <summary>What ten times the followers cost, and what one costs the others that does not read.</summary>
internal sealed class FollowersRow : IRow
{
    private const int Few = 100;
    private const int Many = 1_000;
    private const int PerSecond = 50;

    /// <summary>Changes that have to lie between a follower that reads nothing and the head, so that its stream is full.</summary>
    private const int Backlog = 5_000;

    public string Name => "followers";

    public string Title => "1,000 followers against 100, and one that does not read";

    public string Method =>
        "50 changes a second, an open loop, to followers with a connection each over mTLS, SQLite. The processor time is the server's, for the same changes; its memory is the "
        + "working set at the end of a run against that at the beginning, with all followers connected. The slow follower opens a stream far behind the head and never reads; "
        + "the others' latency with it and without it.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var changes = PerSecond * scene.Amount(4, 1);
        await using var ours = await PushScene.StartAsync(scene.NewFolder("followers"), $"--Access:StreamsPerPartner={Many + Few}");
        await ours.PublishAsync(Backlog);
        await using var departments = await Departments.ConnectAsync(ours.Server, Many);

        var (many, few) = await scene.InTurnAsync(() => RunAsync(ours, departments, Many, changes), () => RunAsync(ours, departments, Few, changes));
        var (slow, alone) = await scene.InTurnAsync(
            async () =>
            {
                using var stalled = departments.Stall(Few, after: 0);
                return await RunAsync(ours, departments, Few, changes);
            },
            () => RunAsync(ours, departments, Few, changes));
        return
        [
            new Finding
            {
                Work = $"{Many:N0} followers, processor time of the server", Unit = "ms", Ours = [.. many.Select(run => run.Processor)],
                Peer = $"{Few} followers", Peers = [.. few.Select(run => run.Processor)], Goal = Goal.RatioAtMost(10),
            },
            new Finding
            {
                Work = $"{Many:N0} followers, memory of the server after a run", Unit = "MiB", Ours = [.. many.Select(run => run.MemoryAfter)],
                Peer = "before it", Peers = [.. many.Select(run => run.MemoryBefore)], Goal = Goal.RatioAtMost(1.1),
            },
            new Finding
            {
                Work = $"{Many:N0} followers, sent → received, p99", Unit = "ms", Ours = [.. many.Select(run => run.Latencies.At(0.99))],
                Peer = $"{Few} followers", Peers = [.. few.Select(run => run.Latencies.At(0.99))],
            },
            new Finding
            {
                Work = $"{Few} followers beside one that does not read, p99", Unit = "ms", Ours = [.. slow.Select(run => run.Latencies.At(0.99))],
                Peer = "without it", Peers = [.. alone.Select(run => run.Latencies.At(0.99))], Goal = Goal.RatioAtMost(1.25),
            },
        ];
    }

    private static async Task<Run> RunAsync(PushScene ours, Departments departments, int followers, int changes)
    {
        await using var run = await PacedRun.StartAsync(ours, departments, followers, changes);
        var (processor, memory) = (ours.Server.ProcessorTime, ours.Server.WorkingSet);
        var latencies = await run.PublishAsync(PerSecond, warmUp: 0);
        return new Run(latencies, (ours.Server.ProcessorTime - processor).TotalMilliseconds, Mebibytes(memory), Mebibytes(ours.Server.WorkingSet));
    }

    private static double Mebibytes(long bytes) => bytes / (double)(1 << 20);

    private sealed record Run(Latencies Latencies, double Processor, double MemoryBefore, double MemoryAfter)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Latencies}, {Processor:N0} ms, {MemoryBefore:N0} to {MemoryAfter:N0} MiB");
    }
}
