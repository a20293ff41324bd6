using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>How many webhooks and changes reach 100 endpoints, beside a bare loop that posts the same bodies in each of its ways.</summary>
internal static class Throughput
{
    private static readonly string[] s_modes = [BareLoop.Plain, BareLoop.Signed, BareLoop.WithPolly];

    public static async Task RunAsync(PushEngine engine, string[] arguments)
    {
        var endpoints = Option(arguments, "--endpoints", 100);
        var runs = Option(arguments, "--runs", 5);
        await MeasureAsync(engine, "single changes", endpoints, runs, Option(arguments, "--singles", 1_000), frame: 1);
        await MeasureAsync(engine, "frames of 500", endpoints, runs, Option(arguments, "--changes", 20_000), frame: 500);
    }

    private static async Task MeasureAsync(PushEngine engine, string name, int endpoints, int runs, int changes, int frame)
    {
        await using var turns = await DeliveryTurns.StartAsync(engine, endpoints, changes, frame);
        List<Delivered> ours = [];
        var bare = s_modes.ToDictionary(mode => mode, _ => new List<Delivered>());
        for (var run = 0; run < runs; run++)
        {
            ours.Add(await turns.DeliverAsync());
            foreach (var mode in s_modes) bare[mode].Add(await turns.LoopAsync(mode));
        }

        Report(name, endpoints, ours, bare);
    }

    private static void Report(string name, int endpoints, List<Delivered> ours, Dictionary<string, List<Delivered>> bare)
    {
        Console.WriteLine($"{name}, {endpoints} endpoints, {ours.Count} runs, {ours[0].Webhooks:N0} webhooks with {ours[0].Changes:N0} changes a run; medians (least to most):");
        Print("CreditShare", ours);
        foreach (var (mode, runs) in bare) Print($"bare loop, {mode}", runs);
        Console.WriteLine($"  receivers beside CreditShare: {Median(ours.Select(run => run.Receivers.TotalMilliseconds / run.Webhooks * 1_000)):N0} ms of processor time a 1,000 webhooks");
        foreach (var (mode, runs) in bare)
        {
            Console.WriteLine($"  CreditShare / {mode}: {Spread([.. ours.Zip(runs, (one, other) => one.PerSecond / other.PerSecond)], "P0")}");
        }

        var (plain, signed, polly) = (bare[BareLoop.Plain], bare[BareLoop.Signed], bare[BareLoop.WithPolly]);
        Console.WriteLine($"  the signature costs {Spread([.. signed.Zip(plain, (one, other) => 1 - (one.PerSecond / other.PerSecond))], "P0")} of the bare loop's webhooks, "
            + $"Polly {Spread([.. polly.Zip(signed, (one, other) => 1 - (one.PerSecond / other.PerSecond))], "P0")} of the signed one's");
    }

    private static void Print(string name, List<Delivered> runs) => Console.WriteLine(
        $"  {name}: {Spread([.. runs.Select(run => run.PerSecond)])} webhooks/s, {Median(runs.Select(run => run.ChangesPerSecond)):N0} changes/s, "
        + $"{Median(runs.Select(run => run.Processor.TotalMilliseconds / run.Webhooks * 1_000)):N0} ms of processor time and "
        + $"{Median(runs.Select(run => run.Allocated / run.Webhooks)) / 1_000:N1} kB allocated a 1,000 webhooks and a webhook");
}
