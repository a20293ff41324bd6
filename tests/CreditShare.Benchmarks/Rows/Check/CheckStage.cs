using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Traffic;
using CreditShare.Client;
using StackExchange.Redis;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>Our server with its store, the two peers beside it, and a client for each.</summary>
internal sealed class CheckStage : IAsyncDisposable
{
    private const int Connections = 4;
    private const int Customers = 50_000;

    private readonly List<IAsyncDisposable> _processes = [];
    private readonly List<LoadClient> _clients = [];
    private readonly string _prefix = $"bench:{Environment.ProcessId}:";
    private PartnerIdentity? _bank;

    private CheckStage()
    {
    }

    public LoadClient Ours { get; private set; } = null!;

    public LoadClient Echo { get; private set; } = null!;

    public LoadClient PlainRedis { get; private set; } = null!;

    public MeasuredServer Server { get; private set; } = null!;

    public PeerProcess EchoProcess { get; private set; } = null!;

    public static async Task<CheckStage> SetUpAsync(BenchScene scene)
    {
        var stage = new CheckStage();
        try
        {
            await stage.StartAsync(scene);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var process in _processes) await process.DisposeAsync();
        _bank?.Dispose();
    }

    private async Task StartAsync(BenchScene scene)
    {
        var (server, questions) = await StartServerAsync(scene);
        Server = Add(server);
        _bank = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
        await FillRedisAsync(questions);
        EchoProcess = Add(await PeerProcess.StartAsync(CheckPeer.Echo, server));
        var plain = Add(await PeerProcess.StartAsync(CheckPeer.PlainRedis, server, "--redis", BenchScene.Redis, "--prefix", _prefix));

        Ours = Open(server.Address, questions.ToLoad());
        Echo = Open(EchoProcess.Address, questions.ToLoadOfEcho());
        PlainRedis = Open(plain.Address, questions.ToLoad());
    }

    /// <summary>A server with as many documents as a nation lists, and customers of whom one in a hundred is listed.</summary>
    private static async Task<(MeasuredServer Server, CheckQuestions Questions)> StartServerAsync(BenchScene scene)
    {
        var listings = scene.Amount(full: 100_000, quick: 5_000);
        var work = scene.NewFolder("check");
        await Tools.RunAsync(
            Tools.Cli, work, "generate", "--listings", Text(listings), "--customers", Text(Customers), "--hits", Text(Customers / 100), "--out", "data");
        var data = Path.Combine(work, "data");
        var folder = Path.Combine(work, "server");
        await using (await MeasuredServer.StartAsync(folder))
        {
            await Tools.RunAsync(Tools.Cli, work, "listing", "import", Path.Combine(data, "listings.csv"), "--data", folder);
        }

        SeededStore.Grow(folder, from: 0, to: scene.Amount(full: 10_000_000, quick: 100_000));
        return (
            await MeasuredServer.StartAsync(folder, $"--Access:CallsPerSecond={Text(10_000_000)}"),
            CheckQuestions.Read(Path.Combine(data, "customers.csv"), Path.Combine(data, "expected-hits.csv")));
    }

    /// <summary>What the plain service looks up: it holds only who is asked about, which favours it.</summary>
    private async Task FillRedisAsync(CheckQuestions questions)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(BenchScene.Redis);
        foreach (var (request, verdict) in questions.Hits)
        {
            var name = verdict == V1.Verdict.Listed ? request.Name : "another";
            await redis.GetDatabase().StringSetAsync(
                PlainRedisService.KeyOf(_prefix, request.Document.Number), name, TimeSpan.FromHours(1));
        }
    }

    private T Add<T>(T process)
        where T : IAsyncDisposable
    {
        _processes.Add(process);
        return process;
    }

    private LoadClient Open(Uri server, IReadOnlyList<LoadQuestion> questions)
    {
        var client = LoadClient.Open(server, _bank!, CheckQuestions.Rpc, Connections, questions);
        _clients.Add(client);
        return client;
    }
}
