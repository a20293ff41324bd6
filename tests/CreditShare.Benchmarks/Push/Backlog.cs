using System.Diagnostics;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>How soon a withdrawal reaches a receiver that is a million changes behind and slow, and healthy ones beside it; and that what
/// comes of it later, in its order, changes nothing.</summary>
internal static class Backlog
{
    public static async Task RunAsync(PushEngine engine, string[] arguments)
    {
        var changes = Option(arguments, "--changes", 1_000_000);
        var withdrawals = Math.Min(Option(arguments, "--withdrawals", 500), changes);
        var rate = Option(arguments, "--rate", 20);
        var slowness = TimeSpan.FromMilliseconds(Option(arguments, "--slow", 2_000));

        var started = Stopwatch.GetTimestamp();
        await using var scene = await BacklogScene.StartAsync(engine, changes, withdrawals, Option(arguments, "--healthy", 100), slowness);
        Console.WriteLine($"a backlog of {changes:N0} changes, made in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s; each frame of it takes {slowness.TotalSeconds:N1} s");

        var times = await scene.WithdrawAsync(withdrawals, rate);
        Console.WriteLine($"  {withdrawals:N0} withdrawals at {rate}/s; {times.Processor.TotalSeconds:N1} s of processor time of the server; "
            + "from the journal's time of a withdrawal, just before its commit:");
        Print("accepted by the one behind, on the server's record", times.Accepted);
        Print("applied at the one behind", times.Applied);
        Print($"applied at {times.Healthy.Length / withdrawals} healthy ones", times.Healthy);
        Console.WriteLine($"  the one behind stands at {times.Stands.Ordered.Accepted.Sequence:N0} in order, and at {times.Stands.Withdrawals.Accepted.Sequence:N0} with its withdrawals");

        var (caughtUp, arrivals) = await scene.ProveAsync();
        Console.WriteLine($"  caught up at {caughtUp:N0} changes/s through the kit; of the {withdrawals:N0} withdrawn listings {arrivals:N0} changes came, each was handed over once, and each stands as ended");
    }

    private static void Print(string name, double[] sorted) => Console.WriteLine(
        $"  {name}: p50 {Percentile(sorted, 0.5):F1} ms, p99 {Percentile(sorted, 0.99):F1} ms, most {Percentile(sorted, 1):F1} ms");
}
