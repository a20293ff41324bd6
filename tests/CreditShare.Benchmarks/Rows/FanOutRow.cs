using System.Diagnostics;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;
using CreditShare.Benchmarks.Rows.FanOut;
using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Benchmarks.Rows;

/// <summary>How many changes a second reach a hundred followers, as fast as they go.</summary>
internal sealed class FanOutRow : IRow
{
    private const int Followers = 100;
    private const int Page = 1_000;

    public string Name => "fanout";

    public string Title => "fan-out to 100 followers, flat out";

    public string Method =>
        "A hundred followers, each with a connection of its own, all in the process of the bench; the sum of what they get. Ours: the changes are in "
        + "the journal (SQLite) and in the memory of its tail; the followers open their streams at sequence 0 over mTLS at once, and the time runs until the last one has the last change, "
        + "so it holds no publishing: a journal that is written durably, once, is no measure of fan-out. NATS: the same bytes, one message a change, published as fast as the "
        + "client can while a hundred subscribers receive, without TLS and without rights; JetStream: into a stream in files with its defaults, which acknowledges before anything is "
        + "on disk, to ordered consumers. NATS.Net on that side. On both sides a message stays bytes from which the change's number is read, and each receiver checks that it misses none; "
        + "the rows with objects parse every change on both sides (ours with CreditShare.Client). Nothing is redacted or filtered by the peers.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var changes = scene.Amount(20_000, 2_000);
        await using var ours = await PushScene.StartAsync(scene.NewFolder("fanout"));
        await ours.PublishAsync(changes);
        await using var departments = await Departments.ConnectAsync(ours.Server, Followers);
        var payloads = await ReadAllAsync(ours.Server, changes);
        await using var server = await NatsServer.StartAsync(scene.NewFolder("nats"));
        await using var nats = await NatsReceivers.ConnectAsync(server, Followers);

        var (core, byCore) = await scene.InTurnAsync(() => FollowAsync(departments.FollowAsync, changes), () => PublishAsync(nats, payloads, isParsed: false));
        var (stream, byStream) = await scene.InTurnAsync(() => FollowAsync(departments.FollowAsync, changes), () => StoreAsync(nats, payloads));
        var (parsed, byParsed) = await scene.InTurnAsync(
            () => FollowAsync(departments.FollowParsedAsync, changes), () => PublishAsync(nats, payloads, isParsed: true));
        return
        [
            new Finding { Work = "changes delivered, as bytes", Unit = "changes/s", Ours = core, Peer = "NATS core", Peers = byCore, Goal = Goal.RatioAtLeast(1.5) },
            new Finding { Work = "changes delivered, as bytes", Unit = "changes/s", Ours = stream, Peer = "JetStream", Peers = byStream, Goal = Goal.RatioAtLeast(4) },
            new Finding { Work = "changes delivered, as objects", Unit = "changes/s", Ours = parsed, Peer = "NATS core", Peers = byParsed },
            new Finding { Work = "a change", Unit = "bytes", Ours = [payloads.Average(payload => (double)payload.Length)] },
        ];
    }

    /// <summary>The changes as they stand in frames.</summary>
    internal static async Task<byte[][]> ReadAllAsync(MeasuredServer server, int changes)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "department"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });
        List<byte[]> read = [];
        while (read.Count < changes)
        {
            var page = await client.ListChangesAsync(new ListChangesRequest { From = new Cursor { Sequence = read.Count }, PageSize = Page });
            read.AddRange(page.Changes.Select(change => change.ToByteArray()));
        }

        return [.. read];
    }

    private static async Task<double> FollowAsync(Func<long, IReadOnlyList<Tally>, CancellationToken, Task> follow, int changes)
    {
        var tallies = Tally.Of(Followers, after: 0, changes);
        using var stop = new CancellationTokenSource();
        var started = Stopwatch.GetTimestamp();
        var following = follow(0, tallies, stop.Token);
        await Tally.AllOf(tallies);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await stop.CancelAsync();
        await following;
        return Rate(changes, elapsed);
    }

    private static async Task<double> PublishAsync(NatsReceivers nats, byte[][] payloads, bool isParsed)
    {
        var tallies = Tally.Of(Followers, after: 0, payloads.Length);
        await using var receiving = await nats.SubscribeAsync(tallies, isParsed);
        var started = Stopwatch.GetTimestamp();
        foreach (var payload in payloads) await nats.PublishAsync(payload);
        await Tally.AllOf(tallies);
        return Rate(payloads.Length, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<double> StoreAsync(NatsReceivers nats, byte[][] payloads)
    {
        await nats.MakeStreamAsync();
        var tallies = Tally.Of(Followers, after: 0, payloads.Length);
        await using var receiving = await nats.ConsumeAsync(tallies);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(payloads.Select(nats.StoreAsync));
        await Tally.AllOf(tallies);
        return Rate(payloads.Length, Stopwatch.GetElapsedTime(started));
    }

    private static double Rate(int changes, TimeSpan elapsed) => (double)changes * Followers / elapsed.TotalSeconds;
}
