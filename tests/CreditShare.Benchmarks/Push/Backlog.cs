using System.Diagnostics;
using CreditShare.V1;
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

        await using var scene = await engine.StartAsync();
        await using var behind = await KitReceiver.StartAsync(scene.Server.Folder);
        await using var healthy = await LeanReceiver.StartAsync(scene.Server.Folder, Option(arguments, "--healthy", 100));
        behind.Slowness = slowness;
        var started = Stopwatch.GetTimestamp();
        var listings = await scene.PublishAsync(changes, keep: withdrawals);
        Console.WriteLine($"a backlog of {changes:N0} changes, made in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s; each frame of it takes {slowness.TotalSeconds:N1} s");

        var name = (await scene.SubscribeAsync("behind", [behind.Address], new Cursor()))[0];
        await scene.SubscribeAsync(
            "healthy", [.. Enumerable.Range(0, healthy.Endpoints.Count).Select(healthy.AddressOf)], await scene.ReadHeadAsync());
        foreach (var endpoint in healthy.Endpoints) endpoint.Measures = true;

        var (before, processor) = (DateTimeOffset.UtcNow, scene.Server.ProcessorTime);
        await WithdrawAsync(scene, listings, rate);
        await PushScene.UntilAsync(() => behind.Ended.Count >= listings.Count, "the withdrawals");
        await PushScene.UntilAsync(() => healthy.Endpoints.All(endpoint => endpoint.Latencies.Withdrawals.Length >= listings.Count), "the healthy receivers");
        processor = scene.Server.ProcessorTime - processor;
        var stands = (await scene.ReadAsync())[name];
        if (behind.Ended.Values.Select(ended => ended.Listing).ToHashSet().Count != listings.Count) throw new InvalidOperationException("A withdrawal came twice.");

        Report(
            behind, healthy, await AcceptedAsync(scene, name, behind, before), stands,
            $"{listings.Count:N0} withdrawals at {rate}/s; {processor.TotalSeconds:N1} s of processor time of the server");
        await ProveAsync(scene, behind, name, listings, changes);
    }

    private static async Task WithdrawAsync(PushScene scene, IReadOnlyList<ListingReceipt> listings, int rate)
    {
        List<Task> calls = [];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        foreach (var listing in listings)
        {
            await timer.WaitForNextTickAsync();
            calls.Add(scene.WithdrawAsync(listing));
        }

        await Task.WhenAll(calls);
    }

    /// <summary>Milliseconds until the server had each withdrawal accepted, by its own record.</summary>
    private static async Task<double[]> AcceptedAsync(PushScene scene, string name, KitReceiver behind, DateTimeOffset since)
    {
        List<DeliveryAttempt> attempts = [];
        await PushScene.UntilAsync(
            async () =>
            {
                var most = 10 * behind.Ended.Count;
                attempts = [.. (await scene.ReadAttemptsAsync(name, most)).Where(attempt => attempt.Lane == Lane.Withdrawals && attempt.Time.ToDateTimeOffset() >= since)];
                return attempts.Count > 0 && attempts.Max(attempt => attempt.AcceptedSequence) >= behind.Ended.Keys.Max();
            },
            "the attempts to be on record");
        return
        [
            .. behind.Ended.Select(ended => attempts
                    .Where(attempt => attempt.FromSequence < ended.Key && attempt.AcceptedSequence >= ended.Key)
                    .Min(attempt => attempt.Time.ToDateTimeOffset() + attempt.Latency.ToTimeSpan()) - ended.Value.At)
                .Select(took => took.TotalMilliseconds).Order(),
        ];
    }

    private static void Report(KitReceiver behind, LeanReceiver healthy, double[] accepted, Subscription stands, string what)
    {
        double[] applied = [.. behind.Ended.Values.Select(ended => (ended.AppliedAt - ended.At).TotalMilliseconds).Order()];
        double[] others = [.. healthy.Endpoints.SelectMany(endpoint => endpoint.Latencies.Withdrawals).Order()];
        Console.WriteLine($"  {what}; from the journal's time of a withdrawal, just before its commit:");
        Print("accepted by the one behind, on the server's record", accepted);
        Print("applied at the one behind", applied);
        Print($"applied at {healthy.Endpoints.Count} healthy ones", others);
        Console.WriteLine($"  the one behind stands at {stands.Ordered.Accepted.Sequence:N0} in order, and at {stands.Withdrawals.Accepted.Sequence:N0} with its withdrawals");
    }

    private static void Print(string name, double[] sorted) => Console.WriteLine(
        $"  {name}: p50 {Percentile(sorted, 0.5):F1} ms, p99 {Percentile(sorted, 0.99):F1} ms, most {Percentile(sorted, 1):F1} ms");

    /// <summary>Lets the ordered lane catch up, and looks at what it did to the listings that were withdrawn before it came.</summary>
    private static async Task ProveAsync(PushScene scene, KitReceiver behind, string name, IReadOnlyList<ListingReceipt> listings, int changes)
    {
        const int Copies = 3; // Of the withdrawal, ahead; of the publication and of the withdrawal, in order.
        behind.Slowness = TimeSpan.Zero;
        var head = (await scene.ReadHeadAsync()).Sequence;
        var (started, from) = (Stopwatch.GetTimestamp(), behind.Handed);
        await PushScene.UntilAsync(async () => (await scene.ReadAsync())[name].Ordered.Accepted.Sequence >= head, "the backlog");
        var elapsed = Stopwatch.GetElapsedTime(started);

        var isEnded = true;
        foreach (var listing in listings) isEnded &= await behind.FindMarkAsync(name, listing.Name) is { HasEnded: true };
        var arrivals = listings.Sum(listing => behind.CountArrivals(listing.Name));
        if (!isEnded || behind.Handed != changes || behind.Ended.Count != listings.Count || arrivals < Copies * listings.Count)
        {
            throw new InvalidOperationException(
                $"The ordered lane changed something: {behind.Handed} of {changes} handed over, {behind.Ended.Count} ends, {arrivals} arrivals of {listings.Count} withdrawn.");
        }

        Console.WriteLine($"  caught up at {(behind.Handed - from) / elapsed.TotalSeconds:N0} changes/s through the kit; of the {listings.Count:N0} withdrawn listings "
            + $"{arrivals:N0} changes came, {behind.Ended.Count:N0} were handed over, and each stands as ended");
    }
}
