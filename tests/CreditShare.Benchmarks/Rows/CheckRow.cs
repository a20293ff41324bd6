using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Check;
using CreditShare.Benchmarks.Traffic;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows;

/// <summary>One check, unary, over mTLS, with everything on.</summary>
internal sealed class CheckRow : IRow
{
    private const int Callers = 64;

    // Of the echo's calls a second.
    private const double Load = 0.5;

    private const double Tail = 0.99;

    public string Name => "check";

    public string Title => "one check, unary, over mTLS";

    public string Method =>
        "99 % of the subjects are not listed; SQLite with ten million documents behind the server, every answer's verdict is compared, every disclosure is on disk "
        + $"before its answer leaves. The same 50,000 subjects come again and again, so the records of those listed are soon in the server's memory. One client for all sides, "
        + $"four connections: flat out with {Callers} callers, each asking again once it has its answer; and at half of what the echo did flat out, "
        + "each call at its time whether those before it are answered or not, with the latency from that time on. The echo is grpc-dotnet "
        + "with nothing around it, which reads and writes the same messages over the same mTLS. The plain service takes an HMAC of the number "
        + "and asks Redis for it (MGET); it knows no rights, quotas or counts, records no disclosure, normalises no number, and its Redis "
        + "holds only those asked about.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        await using var stage = await CheckStage.SetUpAsync(scene);
        var (settle, time) = (TimeSpan.FromMilliseconds(scene.Amount(500, 200)), TimeSpan.FromMilliseconds(scene.Amount(full: 2_000, quick: 500)));

        // What runs for the first time is compiled while it does.
        foreach (var client in new[] { stage.Ours, stage.Echo, stage.PlainRedis }) client.Saturate(Callers, settle, TimeSpan.FromMilliseconds(scene.Amount(8_000, 2_000)));

        var (ours, echo) = await scene.InTurnAsync(
            () => SaturateAsync(stage.Ours, () => stage.Server.ProcessorTime, settle, time), () => SaturateAsync(stage.Echo, () => stage.EchoProcess.ProcessorTime, settle, time));
        var (beside, plain) = await scene.InTurnAsync(
            () => Task.FromResult(stage.Ours.Saturate(Callers, settle, time).PerSecond), () => Task.FromResult(stage.PlainRedis.Saturate(Callers, settle, time).PerSecond));
        var rate = Load * Median(echo.Select(run => run.PerSecond));
        BenchScene.Say($"  {rate:N0} calls/s from now on");
        var (paced, echoPaced) = await scene.InTurnAsync(
            () => Task.FromResult(new Paced(stage.Ours.Pace(rate, settle, time))), () => Task.FromResult(new Paced(stage.Echo.Pace(rate, settle, time))));

        return
        [
            new Finding
            {
                Work = "checks, flat out", Unit = "calls/s", Ours = [.. ours.Select(run => run.PerSecond)],
                Peer = "bare grpc-dotnet echo", Peers = [.. echo.Select(run => run.PerSecond)], Goal = Goal.RatioAtLeast(0.9),
            },
            new Finding
            {
                Work = "checks, flat out", Unit = "calls/s", Ours = beside, Peer = "HMAC and MGET in Redis", Peers = plain, Goal = Goal.RatioAtLeast(1.4),
            },
            new Finding
            {
                Work = "processor time of the server, flat out", Unit = "µs a call", Ours = [.. ours.Select(run => run.Microseconds)],
                Peer = "bare grpc-dotnet echo", Peers = [.. echo.Select(run => run.Microseconds)],
            },
            Latency("NOT_LISTED at half load, p50", paced, echoPaced, run => run.At(CheckQuestions.NotListed, 0.5), Goal.None),
            Latency("NOT_LISTED at half load, p99", paced, echoPaced, run => run.At(CheckQuestions.NotListed, Tail), Goal.RatioAtMost(1.3)),
            new Finding
            {
                Work = "LISTED at half load, disclosure on disk, p99", Unit = "ms",
                Ours = [.. paced.Select(run => run.At(CheckQuestions.Disclosing, Tail))], Goal = Goal.AtMost(10),
            },
        ];
    }

    private static Finding Latency(string work, List<Paced> ours, List<Paced> echo, Func<Paced, double> at, Goal goal) => new()
    {
        Work = work,
        Unit = "ms",
        Ours = [.. ours.Select(at)],
        Peer = "bare grpc-dotnet echo",
        Peers = [.. echo.Select(at)],
        Goal = goal,
    };

    private static Task<CallRate> SaturateAsync(LoadClient client, Func<TimeSpan> processorTime, TimeSpan settle, TimeSpan time)
    {
        var before = processorTime();
        var (perSecond, answers) = client.Saturate(Callers, settle, time);
        return Task.FromResult(new CallRate(perSecond, (processorTime() - before).TotalMicroseconds / answers));
    }

    private readonly record struct Paced(double[][] Milliseconds)
    {
        public double At(int kind, double share) => Percentile(Milliseconds[kind], share);

        public override string ToString() =>
            $"p50 {At(CheckQuestions.NotListed, 0.5):N3} p99 {At(CheckQuestions.NotListed, Tail):N3} ms, disclosing p99 {At(CheckQuestions.Disclosing, Tail):N2} ms";
    }
}
