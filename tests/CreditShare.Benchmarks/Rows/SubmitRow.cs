using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Submit;
using CreditShare.Benchmarks.Traffic;
using CreditShare.Core.Journal;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;

namespace CreditShare.Benchmarks.Rows;

/// <summary>Single publications of many callers at once, each acknowledged once it is durable.</summary>
internal sealed class SubmitRow : IRow
{
    private const int Callers = 64;

    public string Name => "submit";

    public string Title => "submit, 64 concurrent callers, acknowledged durable, PostgreSQL";

    public string Method =>
        "Each of 64 callers publishes a listing, waits until it is acknowledged, and sends the next; PostgreSQL with synchronous_commit and fsync "
        + "on. Ours through gRPC and mTLS on four connections, client, server and PostgreSQL on the same cores; every receipt is read, and their "
        + "numbers have no gap. The peer writes the same rows with the same prepared statements, one transaction a submit and one connection and "
        + "thread a caller, sealing included, but is called within the process: it has neither gRPC nor TLS nor a client to share the cores with. The "
        + "engine below gRPC is ours called in the same way. Latency is what a caller waits at this load. The server has taken 45,000 before (none in a "
        + "quick run): until then it is compiling its code for what it does.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var submits = scene.Amount(15_000, 1_500);
        var plainly = scene.Amount(2_000, 150);
        var before = scene.Amount(30_000, 0);
        var turns = scene.Pairs + 1;
        var listings = SampleListings.Read(await SampleListings.MakeFileAsync(scene, (turns * submits) + before));
        var requests = listings.ConvertAll(LoadQuestion.Frame);
        var commands = SampleListings.ToCommands(listings);
        listings.Clear();

        var keys = Keyring.From(RandomBytes.Take(MasterKeyFile.Length));
        var plainOptions = await StoreDatabases.MakeAsync(scene);
        await using (await PostgresStore.OpenAsync(plainOptions, keys, TimeProvider.System, logger: null, CancellationToken.None)) { }
        await using var plain = new PlainService(plainOptions, keys, Callers);
        await using var store = await PostgresStore.OpenAsync(
            await StoreDatabases.MakeAsync(scene), keys, TimeProvider.System, logger: null, CancellationToken.None);
        IJournal[] engine = [.. Enumerable.Repeat(store.Journal, Callers)];
        await using var server = await MeasuredServer.StartAsync(
            scene.NewFolder("server"), [.. await scene.NewDatabaseAsync(), "--Access:CallsPerSecond=10000000"]);

        if (before > 0) SubmitLoad.Run(server, requests.GetRange(turns * submits, before), Callers);
        List<Load> below = [];
        var ourTurn = 0;
        var plainTurn = 0;
        var (ours, peers) = await scene.InTurnAsync(
            async () =>
            {
                below.Add(await StoreLoad.RunAsync(engine, new ArraySegment<AppendRequest>(commands, ourTurn * submits, submits)));
                BenchScene.Say($"  below gRPC: {below[^1]}");
                return SubmitLoad.Run(server, requests.GetRange(ourTurn++ * submits, submits), Callers);
            },
            () => StoreLoad.RunAsync(plain.Journals, new ArraySegment<AppendRequest>(commands, plainTurn++ * plainly, plainly)));
        if (below.Count > ours.Count) below.RemoveAt(0);
        return Findings(ours, below, peers);
    }

    private static Finding[] Findings(List<Load> ours, List<Load> below, List<Load> peers)
    {
        const string peer = "a transaction a submit, in process";
        double[] ourRates = [.. ours.Select(load => load.Rate)];
        double[] peerRates = [.. peers.Select(load => load.Rate)];
        return
        [
            new Finding { Work = "submit through gRPC and mTLS", Unit = "1/s", Ours = ourRates, Peer = peer, Peers = peerRates, Goal = Goal.RatioAtLeast(15) },
            new Finding { Work = "submit through gRPC and mTLS", Unit = "1/s", Ours = ourRates, Goal = Goal.AtLeast(15_000) },
            new Finding
            {
                Work = "p99 of a submit at that load", Unit = "ms", Ours = [.. ours.Select(load => load.P99)],
                Peer = peer, Peers = [.. peers.Select(load => load.P99)], Goal = Goal.AtMost(10),
            },
            new Finding
            {
                Work = "the engine below gRPC", Unit = "1/s", Ours = [.. below.Select(load => load.Rate)], Peer = peer, Peers = peerRates,
            },
            new Finding { Work = "p99 of the engine below gRPC", Unit = "ms", Ours = [.. below.Select(load => load.P99)] },
        ];
    }
}
