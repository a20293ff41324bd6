using System.Diagnostics;
using System.Globalization;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Push;

/// <summary>A journal that is delivered to the same endpoints as often as asked, by a server and by a bare loop that posts the same bodies.</summary>
/// <remarks>Ours signs, retries, records each attempt and each cursor durably; the bare loop does what it is told.</remarks>
internal sealed class DeliveryTurns : IAsyncDisposable
{
    private readonly PushScene _scene;
    private readonly LeanReceiver _receiver;
    private readonly int _changes;
    private readonly string _bodies;
    private readonly Dictionary<string, Process> _loops = [];
    private IReadOnlyList<string> _names = [];

    private DeliveryTurns(PushScene scene, LeanReceiver receiver, int changes) =>
        (_scene, _receiver, _changes, _bodies) = (scene, receiver, changes, Path.Combine(scene.Server.Folder, "bodies"));

    /// <summary>Makes the journal and the subscriptions, and delivers everything once, which warms the server up.</summary>
    /// <param name="engine">Where the server keeps its data.</param>
    /// <param name="endpoints">How many.</param>
    /// <param name="changes">Of the journal.</param>
    /// <param name="frame">Changes in a webhook.</param>
    public static async Task<DeliveryTurns> StartAsync(PushEngine engine, int endpoints, int changes, int frame)
    {
        // The gate holds the first message of each endpoint while the others are being prepared.
        var scene = await engine.StartAsync($"--Push:FrameChanges={frame}", "--Push:AttemptTimeout=00:01:00", "--Push:TotalTimeout=00:05:00");
        var turns = new DeliveryTurns(scene, await LeanReceiver.StartAsync(scene.Server.Folder, endpoints), changes);
        await turns.PrepareAsync();
        return turns;
    }

    /// <summary>How long the bare loop posts before it is asked, in seconds.</summary>
    public int LoopWarmUp { get; set; } = BareLoop.WarmUpSeconds;

    /// <summary>Has the server deliver all of the journal to every endpoint.</summary>
    public async Task<Delivered> DeliverAsync()
    {
        _receiver.CloseGate();
        await _scene.ReplayAsync(_names);
        return await MeasureAsync();
    }

    /// <summary>Has the bare loop post what the server sent, to every endpoint. Its process starts with the first turn and stays, so that it is as warm as
    /// the server.</summary>
    /// <param name="mode">One of <see cref="BareLoop"/>'s.</param>
    public async Task<Delivered> LoopAsync(string mode)
    {
        if (!_loops.TryGetValue(mode, out var loop)) _loops.Add(mode, loop = StartLoop(mode));
        foreach (var endpoint in _receiver.Endpoints) endpoint.Reset();
        await loop.StandardInput.WriteLineAsync("again");
        var output = await loop.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare loop ended.");
        var figures = output.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        if (_receiver.Endpoints.Any(endpoint => endpoint.Reached < _changes)) throw new InvalidOperationException("The bare loop left something out.");

        return new Delivered(TimeSpan.FromSeconds(figures[1]), figures[0], (double)_changes * _receiver.Endpoints.Count)
        {
            Processor = TimeSpan.FromSeconds(figures[2]),
            Allocated = figures[3],
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops.Values)
        {
            loop.StandardInput.Close();
            await loop.WaitForExitAsync();
            loop.Dispose();
        }

        await _receiver.DisposeAsync();
        await _scene.DisposeAsync();
    }

    private Process StartLoop(string mode) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            typeof(DeliveryTurns).Assembly.Location, "push", "bare", "--mode", mode, "--bodies", _bodies,
            "--authority", Path.Combine(_scene.Server.Folder, "authority", "cert.pem"),
            "--port", Text(_receiver.Port), "--endpoints", Text(_receiver.Endpoints.Count),
            "--warm-up", Text(LoopWarmUp),
        ])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException("dotnet did not start.");

    private async Task PrepareAsync()
    {
        await _scene.PublishAsync(_changes);
        _receiver.CloseGate();
        List<byte[]> bodies = [];
        _receiver.Endpoints[0].Bodies = bodies;
        _names = await _scene.SubscribeAsync("all", [.. Enumerable.Range(0, _receiver.Endpoints.Count).Select(_receiver.AddressOf)], new V1.Cursor());
        await MeasureAsync();
        _receiver.Endpoints[0].Bodies = null;
        await BareLoop.WriteBodiesAsync(_bodies, bodies);
    }

    private async Task<Delivered> MeasureAsync()
    {
        await PushScene.UntilAsync(() => _receiver.AtGate >= _receiver.Endpoints.Count, "the first messages");
        foreach (var endpoint in _receiver.Endpoints) endpoint.Reset();
        var (allocated, processor, own) = (await ReadAllocatedAsync(), _scene.Server.ProcessorTime, OwnProcessorTime());
        var started = Stopwatch.GetTimestamp();
        _receiver.OpenGate();
        await PushScene.UntilAsync(() => _receiver.Endpoints.All(endpoint => endpoint.Reached >= _changes), "everything to be delivered");
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (_receiver.Endpoints.Sum(endpoint => endpoint.Gaps) > 0) throw new InvalidOperationException("Something was missed.");

        return new Delivered(
            elapsed, _receiver.Endpoints.Sum(endpoint => endpoint.Taken.Requests), _receiver.Endpoints.Sum(endpoint => endpoint.Taken.Changes))
        {
            Processor = _scene.Server.ProcessorTime - processor,
            Receivers = OwnProcessorTime() - own,
            Allocated = await ReadAllocatedAsync() - allocated,
        };
    }

    private Task<double> ReadAllocatedAsync() => _scene.Server.ReadMetricAsync("dotnet_gc_heap_total_allocated_bytes_total");

    private static TimeSpan OwnProcessorTime()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }
}

/// <summary>One turn of one side.</summary>
internal sealed record Delivered(TimeSpan Elapsed, double Webhooks, double Changes)
{
    public double PerSecond => Webhooks / Elapsed.TotalSeconds;

    public double ChangesPerSecond => Changes / Elapsed.TotalSeconds;

    /// <summary>Of the sender.</summary>
    public TimeSpan Processor { get; init; }

    public TimeSpan Receivers { get; init; }

    /// <summary>Bytes, by the sender.</summary>
    public double Allocated { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PerSecond:N0} webhooks/s, {Processor.TotalMilliseconds / Webhooks * 1_000:N0} ms and {Allocated / Webhooks:N0} kB a 1,000");
}
