using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;
using CreditShare.Benchmarks.Rows.FanOut;

namespace CreditShare.Benchmarks.Rows;

/// <summary>How soon a hundred followers have a change, at a steady rate.</summary>
internal sealed class PacedFanOutRow : IRow
{
    private const int Followers = 100;
    private const int PerSecond = 1_000;

    private static readonly (string Name, double Share)[] s_percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public string Name => "fanout-paced";

    public string Title => "fan-out to 100 followers, 1,000 changes/s";

    public string Method =>
        "An open loop sends 1,000 changes a second to a hundred receivers, each with a connection of its own, all in the process of the bench; latency is from the sending "
        + "(lateness of the loop beyond 1 ms included) until a receiver has the change, over all changes and receivers but those of the first second (of its first quarter in a quick run, which has one). Ours: one PublishListing a change over mTLS, checked, decided and "
        + "committed durably by the journal (PostgreSQL; SQLite beside it), then the feed over mTLS. NATS: the same bytes without TLS; core keeps nothing, JetStream writes to "
        + "files and by default to the disk within two minutes; with `sync_interval: always` a message is on disk before it is acknowledged, as ours is before it is seen"
        + $" ({_always}).";

    private string _always = "";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var changes = scene.Amount(4, 1) * PerSecond;
        var uncounted = scene.Amount(PerSecond, PerSecond / 4);
        await using var postgres = await OursAsync(scene, [.. await scene.NewDatabaseAsync()]);
        await postgres.Scene.PublishAsync(changes);
        var payloads = await FanOutRow.ReadAllAsync(postgres.Scene.Server, changes);

        var version = await NatsServer.ReadVersionAsync();
        var canSync = await NatsServer.CanSyncAlwaysAsync(scene.NewFolder("nats"));
        _always = canSync ? version : $"which {version} cannot do, so it is not measured; 2.10 can";
        await using var peer = await TheirsAsync(scene, doesSyncAlways: false);

        Task<Latencies> OnPostgres() => PublishAsync(postgres, changes, uncounted);
        var core = await scene.InTurnAsync(OnPostgres, () => SendAsync(peer.Receivers, payloads, uncounted));
        var stream = await scene.InTurnAsync(OnPostgres, () => StoreAsync(peer.Receivers, payloads, uncounted), warmUp: false);
        List<Finding> findings = [.. Findings("NATS core", core), .. Findings("JetStream", stream)];
        if (canSync)
        {
            await using var sqlite = await OursAsync(scene);
            await using var syncing = await TheirsAsync(scene, doesSyncAlways: true);
            var always = await scene.InTurnAsync(() => PublishAsync(sqlite, changes, uncounted), () => StoreAsync(syncing.Receivers, payloads, uncounted));
            findings.AddRange(Findings("JetStream, always", always, "SQLite", Goal.RatioAtMost(1)));
        }

        return findings;
    }

    private static IEnumerable<Finding> Findings(
        string peer, (List<Latencies> Ours, List<Latencies> Peers) measured, string engine = "PostgreSQL", Goal? against = null) =>
        s_percentiles.Select(percentile => new Finding
        {
            Work = $"{engine}, sent → received, {percentile.Name}",
            Unit = "ms",
            Ours = [.. measured.Ours.Select(run => run.At(percentile.Share))],
            Peer = peer,
            Peers = [.. measured.Peers.Select(run => run.At(percentile.Share))],
            Goal = against ?? percentile.Name switch { "p50" => Goal.AtMost(2), "p99" => Goal.AtMost(10), _ => Goal.None },
        });

    private static async Task<Ours> OursAsync(BenchScene scene, params string[] settings)
    {
        var server = await PushScene.StartAsync(scene.NewFolder("paced"), settings);
        return new Ours(server, await Departments.ConnectAsync(server.Server, Followers));
    }

    private static async Task<Theirs> TheirsAsync(BenchScene scene, bool doesSyncAlways)
    {
        var server = await NatsServer.StartAsync(scene.NewFolder("nats"), doesSyncAlways);
        return new Theirs(server, await NatsReceivers.ConnectAsync(server, Followers));
    }

    private static async Task<Latencies> PublishAsync(Ours ours, int changes, int uncounted)
    {
        await using var run = await PacedRun.StartAsync(ours.Scene, ours.Departments, Followers, changes);
        return await run.PublishAsync(PerSecond, warmUp: uncounted);
    }

    private static async Task<Latencies> SendAsync(NatsReceivers nats, byte[][] payloads, int uncounted)
    {
        var tallies = Tally.Of(Followers, after: 0, payloads.Length, isTimed: true);
        await using var receiving = await nats.SubscribeAsync(tallies);
        var sent = await Pace.SendAsync(payloads.Length, PerSecond, i => nats.PublishAsync(payloads[i]).AsTask());
        await Tally.AllOf(tallies);
        return new Latencies(sent, tallies, warmUp: uncounted);
    }

    private static async Task<Latencies> StoreAsync(NatsReceivers nats, byte[][] payloads, int uncounted)
    {
        await nats.MakeStreamAsync();
        var tallies = Tally.Of(Followers, after: 0, payloads.Length, isTimed: true);
        await using var receiving = await nats.ConsumeAsync(tallies);
        var sent = await Pace.SendAsync(payloads.Length, PerSecond, i => nats.StoreAsync(payloads[i]));
        await Tally.AllOf(tallies);
        return new Latencies(sent, tallies, warmUp: uncounted);
    }

    private sealed record Ours(PushScene Scene, Departments Departments) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Departments.DisposeAsync();
            await Scene.DisposeAsync();
        }
    }

    private sealed record Theirs(NatsServer Server, NatsReceivers Receivers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Receivers.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
