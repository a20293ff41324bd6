using System.Diagnostics;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Push;

/// <summary>A receiver that is far behind and slow, healthy ones beside it, and listings that are withdrawn.</summary>
internal sealed class BacklogScene : IAsyncDisposable
{
    private readonly PushScene _scene;
    private readonly KitReceiver _behind;
    private readonly LeanReceiver _healthy;
    private readonly Queue<ListingReceipt> _listed;
    private readonly List<ListingReceipt> _withdrawn = [];
    private readonly string _name;

    private BacklogScene(PushScene scene, KitReceiver behind, LeanReceiver healthy, IReadOnlyList<ListingReceipt> listed, string name) =>
        (_scene, _behind, _healthy, _listed, _name) = (scene, behind, healthy, new Queue<ListingReceipt>(listed), name);

    /// <summary>Of the journal, when the one behind began at its beginning.</summary>
    public required int Changes { get; init; }

    /// <summary>Makes the journal and the subscriptions.</summary>
    /// <param name="engine">Where the server keeps its data.</param>
    /// <param name="changes">How far the one behind is behind.</param>
    /// <param name="withdrawals">Listings that may be withdrawn, in all.</param>
    /// <param name="healthy">Receivers that have everything.</param>
    /// <param name="slowness">How long the one behind takes for each frame of the ordered lane.</param>
    public static async Task<BacklogScene> StartAsync(PushEngine engine, int changes, int withdrawals, int healthy, TimeSpan slowness)
    {
        var scene = await engine.StartAsync();
        var behind = await KitReceiver.StartAsync(scene.Server.Folder);
        var others = await LeanReceiver.StartAsync(scene.Server.Folder, healthy);
        behind.Slowness = slowness;
        var listed = await scene.PublishAsync(changes, keep: withdrawals);
        var name = (await scene.SubscribeAsync("behind", [behind.Address], new Cursor()))[0];
        await scene.SubscribeAsync("healthy", [.. Enumerable.Range(0, healthy).Select(others.AddressOf)], await scene.ReadHeadAsync());
        foreach (var endpoint in others.Endpoints) endpoint.Measures = true;
        return new BacklogScene(scene, behind, others, listed, name) { Changes = changes };
    }

    /// <summary>Withdraws listings at a steady rate, and waits until all receivers have them.</summary>
    public async Task<BacklogTimes> WithdrawAsync(int count, int rate)
    {
        foreach (var endpoint in _healthy.Endpoints) endpoint.Reset();
        var known = _behind.Ended.Keys.ToHashSet();
        var (before, processor) = (DateTimeOffset.UtcNow, _scene.Server.ProcessorTime);
        List<Task> calls = [];
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate)))
        {
            for (var i = 0; i < count; i++)
            {
                await timer.WaitForNextTickAsync();
                _withdrawn.Add(_listed.Dequeue());
                calls.Add(_scene.WithdrawAsync(_withdrawn[^1]));
            }
        }

        await Task.WhenAll(calls);
        await PushScene.UntilAsync(() => _behind.Ended.Count >= _withdrawn.Count, "the withdrawals");
        await PushScene.UntilAsync(() => _healthy.Endpoints.All(endpoint => endpoint.Latencies.Withdrawals.Length >= count), "the healthy receivers");
        processor = _scene.Server.ProcessorTime - processor;
        if (_behind.Ended.Values.Select(ended => ended.Listing).ToHashSet().Count != _withdrawn.Count) throw new InvalidOperationException("A withdrawal came twice.");

        var ended = _behind.Ended.Where(pair => !known.Contains(pair.Key)).ToDictionary();
        var stands = (await _scene.ReadAsync())[_name];
        if (stands.Ordered.Accepted.Sequence >= Changes) throw new InvalidOperationException("The one behind is behind no longer.");

        return new BacklogTimes
        {
            Accepted = await AcceptedAsync(ended, before),
            Applied = [.. ended.Values.Select(end => (end.AppliedAt - end.At).TotalMilliseconds).Order()],
            Healthy = [.. _healthy.Endpoints.SelectMany(endpoint => endpoint.Latencies.Withdrawals).Order()],
            Processor = processor,
            Stands = stands,
        };
    }

    /// <summary>Lets the ordered lane catch up, and looks at what it did to the listings that were withdrawn before it came.</summary>
    /// <returns>Changes that the one behind took a second, and how often something came of the withdrawn listings.</returns>
    public async Task<(double Rate, int Arrivals)> ProveAsync()
    {
        const int Copies = 3; // Of the withdrawal, ahead; of the publication and of the withdrawal, in order.
        _behind.Slowness = TimeSpan.Zero;
        var head = (await _scene.ReadHeadAsync()).Sequence;
        var (started, from) = (Stopwatch.GetTimestamp(), _behind.Handed);
        await PushScene.UntilAsync(async () => (await _scene.ReadAsync())[_name].Ordered.Accepted.Sequence >= head, "the backlog");
        var elapsed = Stopwatch.GetElapsedTime(started);

        var isEnded = true;
        foreach (var listing in _withdrawn) isEnded &= await _behind.FindMarkAsync(_name, listing.Name) is { HasEnded: true };
        var arrivals = _withdrawn.Sum(listing => _behind.CountArrivals(listing.Name));
        if (!isEnded || _behind.Handed != Changes || _behind.Ended.Count != _withdrawn.Count || arrivals < Copies * _withdrawn.Count)
        {
            throw new InvalidOperationException(
                $"The ordered lane changed something: {_behind.Handed} of {Changes} handed over, {_behind.Ended.Count} ends, {arrivals} arrivals of {_withdrawn.Count} withdrawn.");
        }

        return ((_behind.Handed - from) / elapsed.TotalSeconds, arrivals);
    }

    public async ValueTask DisposeAsync()
    {
        await _healthy.DisposeAsync();
        await _behind.DisposeAsync();
        await _scene.DisposeAsync();
    }

    /// <summary>Milliseconds until the server had each withdrawal accepted, by its own record.</summary>
    private async Task<double[]> AcceptedAsync(Dictionary<long, (string Listing, DateTimeOffset At, DateTimeOffset AppliedAt)> ended, DateTimeOffset since)
    {
        List<DeliveryAttempt> attempts = [];
        await PushScene.UntilAsync(
            async () =>
            {
                var most = 10 * _behind.Ended.Count;
                attempts = [.. (await _scene.ReadAttemptsAsync(_name, most)).Where(attempt => attempt.Lane == Lane.Withdrawals && attempt.Time.ToDateTimeOffset() >= since)];
                return attempts.Count > 0 && attempts.Max(attempt => attempt.AcceptedSequence) >= ended.Keys.Max();
            },
            "the attempts to be on record");
        return
        [
            .. ended.Select(end => attempts
                    .Where(attempt => attempt.FromSequence < end.Key && attempt.AcceptedSequence >= end.Key)
                    .Min(attempt => attempt.Time.ToDateTimeOffset() + attempt.Latency.ToTimeSpan()) - end.Value.At)
                .Select(took => took.TotalMilliseconds).Order(),
        ];
    }
}

/// <summary>Milliseconds from the journal's time of a withdrawal, just before its commit; ascending.</summary>
internal sealed record BacklogTimes
{
    /// <summary>Until the one behind had accepted it, on the server's record.</summary>
    public required double[] Accepted { get; init; }

    /// <summary>Until it was applied at the one behind.</summary>
    public required double[] Applied { get; init; }

    /// <summary>Until it was applied, at each of the healthy ones.</summary>
    public required double[] Healthy { get; init; }

    /// <summary>Of the server.</summary>
    public required TimeSpan Processor { get; init; }

    /// <summary>Where the one behind stood.</summary>
    public required Subscription Stands { get; init; }
}
