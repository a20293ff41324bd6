using System.Diagnostics;
using System.Globalization;
using CreditShare.V1;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>How many webhooks and changes reach 100 endpoints, beside a bare loop that posts the same bodies to the same endpoints.</summary>
/// <remarks>The sides take turns. Ours signs, retries, records each attempt and each cursor durably; the bare loop does what it is told.</remarks>
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
        // The gate holds the first message of each endpoint while the others are being prepared.
        await using var scene = await engine.StartAsync($"--Push:FrameChanges={frame}", "--Push:AttemptTimeout=00:01:00", "--Push:TotalTimeout=00:05:00");
        await using var receiver = await LeanReceiver.StartAsync(scene.Server.Folder, endpoints);
        await scene.PublishAsync(changes);
        receiver.CloseGate();
        receiver.Endpoints[0].Bodies = [];
        var names = await scene.SubscribeAsync("all", [.. Enumerable.Range(0, endpoints).Select(receiver.AddressOf)], new Cursor());

        // The first run warms the server up, and gives the bodies for the other side.
        await DeliverAsync(scene, receiver, changes);
        var bodies = Path.Combine(engine.Work, "bodies");
        await BareLoop.WriteBodiesAsync(bodies, receiver.Endpoints[0].Bodies!);
        receiver.Endpoints[0].Bodies = null;

        List<Delivered> ours = [];
        var bare = s_modes.ToDictionary(mode => mode, _ => new List<Delivered>());
        for (var run = 0; run < runs; run++)
        {
            receiver.CloseGate();
            await scene.ReplayAsync(names);
            ours.Add(await DeliverAsync(scene, receiver, changes));
            foreach (var mode in s_modes) bare[mode].Add(await LoopAsync(scene, receiver, bodies, mode, changes));
        }

        Report(name, endpoints, ours, bare);
    }

    private static async Task<Delivered> DeliverAsync(PushScene scene, LeanReceiver receiver, int changes)
    {
        await PushScene.UntilAsync(() => receiver.AtGate >= receiver.Endpoints.Count, "the first messages");
        foreach (var endpoint in receiver.Endpoints) endpoint.Reset();
        var (allocated, processor, own) = (
            await scene.Server.ReadMetricAsync("dotnet_gc_heap_total_allocated_bytes_total"), scene.Server.ProcessorTime, OwnProcessorTime());
        var started = Stopwatch.GetTimestamp();
        receiver.OpenGate();
        await PushScene.UntilAsync(() => receiver.Endpoints.All(endpoint => endpoint.Reached >= changes), "everything to be delivered");
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (receiver.Endpoints.Sum(endpoint => endpoint.Gaps) > 0) throw new InvalidOperationException("Something was missed.");

        return new Delivered(elapsed, receiver)
        {
            Processor = scene.Server.ProcessorTime - processor,
            Receivers = OwnProcessorTime() - own,
            Allocated = await scene.Server.ReadMetricAsync("dotnet_gc_heap_total_allocated_bytes_total") - allocated,
        };
    }

    private static async Task<Delivered> LoopAsync(PushScene scene, LeanReceiver receiver, string bodies, string mode, int changes)
    {
        foreach (var endpoint in receiver.Endpoints) endpoint.Reset();
        var (_, output, _) = await Tools.ReadAsync(
            typeof(Throughput).Assembly.Location, scene.Server.Folder, "push", "bare", "--mode", mode, "--bodies", bodies,
            "--authority", Path.Combine(scene.Server.Folder, "authority", "cert.pem"),
            "--port", Text(receiver.Port), "--endpoints", Text(receiver.Endpoints.Count));
        var figures = output.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        if (receiver.Endpoints.Any(endpoint => endpoint.Reached < changes)) throw new InvalidOperationException("The bare loop left something out.");

        return new Delivered(TimeSpan.FromSeconds(figures[1]), figures[0], (double)changes * receiver.Endpoints.Count)
        {
            Processor = TimeSpan.FromSeconds(figures[2]),
            Allocated = figures[3],
        };
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

    private static TimeSpan OwnProcessorTime()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }

    /// <summary>One run of one side.</summary>
    private sealed record Delivered(TimeSpan Elapsed, double Webhooks, double Changes)
    {
        public Delivered(TimeSpan elapsed, LeanReceiver receiver)
            : this(elapsed, receiver.Endpoints.Sum(endpoint => endpoint.Taken.Requests), receiver.Endpoints.Sum(endpoint => endpoint.Taken.Changes))
        {
        }

        public double PerSecond => Webhooks / Elapsed.TotalSeconds;

        public double ChangesPerSecond => Changes / Elapsed.TotalSeconds;

        /// <summary>Of the sender.</summary>
        public TimeSpan Processor { get; init; }

        public TimeSpan Receivers { get; init; }

        /// <summary>Bytes, by the sender.</summary>
        public double Allocated { get; init; }
    }
}
