using CreditShare.V1;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>Whether receivers that hang, fail, answer nonsense, drop connections or are gone are felt by the others.</summary>
internal static class SickReceivers
{
    private static readonly Behaviour[] s_sick = [Behaviour.Hangs, Behaviour.Fails, Behaviour.AnswersGarbage, Behaviour.DropsConnections];

    public static Task RunAsync(PushEngine engine, string[] arguments) => MeasureAsync(
        engine, Option(arguments, "--healthy", 50), Option(arguments, "--seconds", 20), Option(arguments, "--rate", 50), Option(arguments, "--runs", 5));

    private static async Task MeasureAsync(PushEngine engine, int healthy, int seconds, int rate, int runs)
    {
        // What is kept of the journal is full soon, so that growth beyond it would show.
        await using var scene = await engine.StartAsync("--Journal:RingBytes=2097152");
        await using var receiver = await LeanReceiver.StartAsync(scene.Server.Folder, healthy + s_sick.Length);
        await using var vanishing = await LeanReceiver.StartAsync(scene.Server.Folder, 1);
        await scene.SubscribeAsync("healthy", [.. Enumerable.Range(0, healthy).Select(receiver.AddressOf)], new Cursor());
        var sick = await scene.SubscribeAsync(
            "sick", [.. Enumerable.Range(healthy, s_sick.Length).Select(receiver.AddressOf), vanishing.AddressOf(0)], new Cursor());
        await vanishing.DisposeAsync();
        for (var i = 0; i < s_sick.Length; i++) receiver.Endpoints[healthy + i].Behaviour = s_sick[i];
        var well = receiver.Endpoints.Take(healthy).ToList();
        foreach (var endpoint in well) endpoint.Measures = true;

        await scene.PauseAsync(sick);
        await LoadAsync(scene, well, seconds, rate);
        Console.WriteLine($"{healthy} healthy receivers, {rate} changes/s for {seconds} s a run, 1 in 2 a withdrawal; from the journal's time of a change, just before its commit, to its answer:");
        List<Felt> without = [];
        List<Felt> with = [];
        for (var run = 0; run < runs; run++)
        {
            without.Add(await LoadAsync(scene, well, seconds, rate));
            Print($"run {run + 1} without", without[^1]);
            await scene.ResumeAsync(sick);
            with.Add(await LoadAsync(scene, well, seconds, rate));
            Print($"run {run + 1} with {sick.Count} sick", with[^1]);
            await scene.PauseAsync(sick);
        }

        Console.WriteLine($"  with / without, medians (least to most): ordered p50 {Ratio(run => run.OrderedP50)}, p99 {Ratio(run => run.OrderedP99)}; "
            + $"withdrawals p50 {Ratio(run => run.WithdrawalsP50)}, p99 {Ratio(run => run.WithdrawalsP99)}");
        Console.WriteLine($"  memory of the server, first run to last: working set {without[0].WorkingSet >> 20} to {with[^1].WorkingSet >> 20} MiB, "
            + $"heap {without[0].Heap / (1 << 20):N0} to {with[^1].Heap / (1 << 20):N0} MiB");

        string Ratio(Func<Felt, double> of) => Spread([.. with.Zip(without, (one, other) => of(one) / of(other))], "N2");
    }

    /// <summary>Publishes at a steady rate, whatever becomes of it, and waits until the healthy ones have everything.</summary>
    private static async Task<Felt> LoadAsync(PushScene scene, List<LeanEndpoint> well, int seconds, int rate)
    {
        const int WithdrawnOf = 2;
        foreach (var endpoint in well) endpoint.Reset();
        List<Task> calls = [];
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate)))
        {
            for (var i = 0; i < seconds * rate; i++)
            {
                await timer.WaitForNextTickAsync();
                calls.Add(i % WithdrawnOf == 0 ? PublishAndWithdrawAsync(scene) : scene.PublishOneAsync());
            }
        }

        await Task.WhenAll(calls);
        var head = await scene.ReadHeadAsync();
        await PushScene.UntilAsync(() => well.All(endpoint => endpoint.Reached >= head.Sequence), "the healthy receivers");
        if (well.Sum(endpoint => endpoint.Gaps) > 0) throw new InvalidOperationException("Something was missed.");

        var latencies = well.Select(endpoint => endpoint.Latencies).ToList();
        double[] ordered = [.. latencies.SelectMany(latency => latency.Ordered).Order()];
        double[] withdrawals = [.. latencies.SelectMany(latency => latency.Withdrawals).Order()];
        return new Felt(
            Percentile(ordered, 0.5), Percentile(ordered, 0.99), Percentile(withdrawals, 0.5), Percentile(withdrawals, 0.99),
            scene.Server.WorkingSet, await scene.Server.ReadMetricAsync("dotnet_gc_last_collection_heap_size_bytes"));
    }

    private static async Task PublishAndWithdrawAsync(PushScene scene) => await scene.WithdrawAsync(await scene.PublishOneAsync());

    private static void Print(string name, Felt felt) => Console.WriteLine(
        $"  {name}: ordered p50 {felt.OrderedP50:F1} ms p99 {felt.OrderedP99:F1} ms, withdrawals p50 {felt.WithdrawalsP50:F1} ms p99 {felt.WithdrawalsP99:F1} ms, "
        + $"server {felt.WorkingSet >> 20} MiB, heap {felt.Heap / (1 << 20):N0} MiB");

    /// <summary>Milliseconds and bytes of a run.</summary>
    private sealed record Felt(double OrderedP50, double OrderedP99, double WithdrawalsP50, double WithdrawalsP99, long WorkingSet, double Heap);
}
