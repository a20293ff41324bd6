using System.Diagnostics;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Submit;
using CreditShare.Benchmarks.Traffic;
using CreditShare.Client;
using CreditShare.V1;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows;

/// <summary>From ten thousand listings to ten million: what a start, a check and a submit cost.</summary>
internal sealed class ScaleRow : IRow
{
    private const int Callers = 64;

    public string Name => "scale";

    public string Title => "from ten thousand documents to ten million";

    public string Method =>
        "SQLite. The table of documents is filled, sealed, to each size; the listings behind them are left out. A start is timed from the process's begin to its "
        + "first answer, beside a bare reading of the same rows in one thread that does nothing with them; an idle server of the smallest size stands by. Then one caller checks, a question at a time, and 64 "
        + "callers submit, to a server of that size and, in turn, to one of the smallest, which is the peer. The peer of catching up is the rate over a tenth "
        + "of the changes.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        int[] sizes = scene.IsQuick ? [10_000, 100_000] : [10_000, 1_000_000, 10_000_000];
        var starts = scene.Amount(3, 1);
        var submits = scene.Amount(5_000, 1_000);
        var questions = scene.Amount(4_000, 1_000);
        var file = await SampleListings.MakeFileAsync(scene, (sizes.Length - 1) * (scene.Pairs + 1) * submits);
        var requests = SampleListings.Read(file).ConvertAll(LoadQuestion.Frame);

        var smallest = await MakeAsync(scene, sizes[0]);
        await using var small = await StartAsync(smallest);
        var store = await MakeAsync(scene, sizes[0]);
        var findings = new List<Finding>();
        foreach (var (before, size) in sizes.Zip(sizes.Skip(1)))
        {
            var isLargest = size == sizes[^1];
            SeededStore.Grow(store.Folder, before, size);
            if (isLargest) findings.AddRange(await StartAsync(store.Folder, size, starts));

            await using var large = await StartAsync(store);
            var (ours, peers) = await scene.InTurnAsync(() => MeasureAsync(large, store), () => MeasureAsync(small, smallest));
            findings.Add(new Finding
            {
                Work = $"one check among {size:N0}, median",
                Unit = "ms",
                Ours = [.. ours.Select(turn => turn.Check)],
                Peer = $"among {sizes[0]:N0}",
                Peers = [.. peers.Select(turn => turn.Check)],
                Goal = Goal.RatioAtMost(1.2),
            });
            findings.Add(new Finding
            {
                Work = $"submits among {size:N0}",
                Unit = "1/s",
                Ours = [.. ours.Select(turn => turn.Rate)],
                Peer = $"among {sizes[0]:N0}",
                Peers = [.. peers.Select(turn => turn.Rate)],
                Goal = Goal.RatioAtLeast(0.8),
            });
            if (isLargest) findings.AddRange(await CatchUpAsync(large, scene, store.Submitted));
        }

        return findings;

        async Task<(double Check, double Rate)> MeasureAsync(MeasuredServer server, Store of)
        {
            var check = await CheckAsync(server, questions);
            var rate = SubmitLoad.Run(server, requests.GetRange(of.Submitted, submits), Callers).Rate;
            of.Submitted += submits;
            return (check, rate);
        }
    }

    private static async Task<Store> MakeAsync(BenchScene scene, int size)
    {
        var store = new Store(scene.NewFolder("scale"));
        await using (await StartAsync(store)) { }

        SeededStore.Grow(store.Folder, from: 0, size);
        return store;
    }

    private static Task<MeasuredServer> StartAsync(Store store) => MeasuredServer.StartAsync(store.Folder, "--Access:CallsPerSecond=10000000");

    private static async Task<Finding[]> StartAsync(string folder, int size, int starts)
    {
        List<double> ours = [];
        List<double> bare = [];
        List<double> memory = [];
        for (var turn = 0; turn < starts; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await using (var server = await MeasuredServer.StartAsync(folder))
            {
                await CheckOneAsync(server);
                ours.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                var documents = await server.ReadMetricAsync("creditshare_lookup_index_documents");
                if (documents < size) throw new InvalidOperationException($"The index has {documents:N0} documents of {size:N0}.");
                memory.Add(await server.ReadMetricAsync("creditshare_lookup_index_size_bytes") / documents);
            }

            started = Stopwatch.GetTimestamp();
            if (SeededStore.ReadBare(folder) < size) throw new InvalidOperationException("The bare reading did not find all.");
            bare.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            BenchScene.Say($"  start {ours[^1]:F2} s, bare reading {bare[^1]:F2} s");
        }

        return
        [
            new Finding
            {
                Work = $"start with {size:N0}", Unit = "s", Ours = ours, Peer = "bare reading of the same rows", Peers = bare, Goal = Goal.RatioAtMost(2),
            },
            new Finding { Work = "index of it", Unit = "bytes an entry", Ours = memory, Goal = Goal.AtMost(24) },
        ];
    }

    // Everything that was submitted, and a tenth of it: twice the changes must not cost more than twice the time.
    private static async Task<Finding[]> CatchUpAsync(MeasuredServer server, BenchScene scene, int changes)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "department"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });
        var (all, tenth) = await scene.InTurnAsync(() => FollowAsync(client, changes), () => FollowAsync(client, changes / 10));
        return
        [
            new Finding
            {
                Work = $"catching up with {changes:N0} changes", Unit = "changes/s", Ours = all, Peer = $"with {changes / 10:N0}", Peers = tenth, Goal = Goal.RatioAtLeast(0.8),
            },
        ];
    }

    private static async Task<double> FollowAsync(CreditShareClient client, int changes)
    {
        var started = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        await foreach (var frame in client.FollowAsync(new Cursor(), new FeedOptions(), stop.Token))
        {
            if (frame.ToSequence >= changes) break;
        }

        return changes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> CheckAsync(MeasuredServer server, int questions)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });
        var times = new double[questions];
        for (var i = 0; i < questions; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await AskAsync(client);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return Median(times);
    }

    private static async Task CheckOneAsync(MeasuredServer server)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });
        await AskAsync(client);
    }

    private static async Task AskAsync(CreditShareClient client)
    {
        var answer = await client.CheckAsync(new CheckSubjectRequest
        {
            Document = new IdentityDocument { Type = DocumentType.ResidentId, Number = "110101199003070134" },
            Name = "测试甲",
            Purpose = Purpose.Credit,
            Reference = "bench",
            Operator = "bench",
        });
        if (answer.Verdict != Verdict.NotListed) throw new InvalidOperationException($"The answer was {answer.Verdict}.");
    }

    /// <summary>A store of documents.</summary>
    private sealed class Store(string folder)
    {
        public string Folder => folder;

        /// <summary>How many of the publications it has taken.</summary>
        public int Submitted { get; set; }
    }
}
