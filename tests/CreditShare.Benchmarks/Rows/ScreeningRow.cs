using System.Diagnostics;
using System.Globalization;
using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Rows.Screening;
using CreditShare.Client;
using StackExchange.Redis;

namespace CreditShare.Benchmarks.Rows;

/// <summary>A bank asks about all its customers.</summary>
internal sealed class ScreeningRow : IRow
{
    private const int PipelinedAtOnce = 5_000;

    public string Name => "screening";

    public string Title => "all customers of a bank, numbers and names";

    public string Method =>
        "One call of the client library over mTLS, SQLite; 1 % of the customers are listed, their disclosure is recorded durably before the answer leaves, and every "
        + "verdict is compared with the expected one. The peer asks Redis for each number with a pipelined GET, 5,000 at once, through StackExchange.Redis, "
        + "in clear, without TLS, without names, rules or records.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var customers = scene.Amount(1_000_000, 200_000);
        var bank = await BankCustomers.MakeAsync(scene, customers);
        await using var server = await MeasuredServer.StartAsync(scene.NewFolder("screening"));
        await bank.PublishAsync(server);
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });

        await using var redis = await ConnectionMultiplexer.ConnectAsync(BenchScene.Redis);
        var keys = bank.Subjects.Select(subject => (RedisKey)$"bench:{subject.Number}").ToArray();
        var listed = bank.Expected.Select(line => keys[int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture) - 1]).ToArray();
        await Task.WhenAll(listed.Select(key => redis.GetDatabase().StringSetAsync(key, "listed")));

        var processor = new List<double>();
        var (ours, peers) = await scene.InTurnAsync(ScreenAsync, () => GetAsync(redis.GetDatabase(), keys, listed.Length));
        if (processor.Count > ours.Count) processor.RemoveAt(0);
        await Task.WhenAll(listed.Select(key => redis.GetDatabase().KeyDeleteAsync(key)));
        return
        [
            new Finding
            {
                Work = $"screening of {customers:N0}", Unit = "subjects/s", Ours = ours, Peer = "pipelined GETs in Redis", Peers = peers,
                Goal = Goal.RatioAtLeast(8),
            },
            new Finding { Work = "the same by itself", Unit = "subjects/s", Ours = ours, Goal = Goal.AtLeast(3_000_000) },
            new Finding { Work = "processor time of the server", Unit = "ns a subject", Ours = processor },
        ];

        async Task<double> ScreenAsync()
        {
            var before = server.ProcessorTime;
            var elapsed = await bank.ScreenAsync(client);
            processor.Add((server.ProcessorTime - before).TotalNanoseconds / customers);
            return customers / elapsed.TotalSeconds;
        }
    }

    private static async Task<double> GetAsync(IDatabase redis, RedisKey[] keys, int expected)
    {
        var started = Stopwatch.GetTimestamp();
        var found = 0;
        for (var start = 0; start < keys.Length; start += PipelinedAtOnce)
        {
            var batch = redis.CreateBatch();
            var answers = keys[start..Math.Min(start + PipelinedAtOnce, keys.Length)].Select(key => batch.StringGetAsync(key)).ToArray();
            batch.Execute();
            foreach (var answer in answers)
            {
                if ((await answer).HasValue) found++;
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return found == expected ? keys.Length / elapsed.TotalSeconds : throw new InvalidOperationException($"Redis found {found}, not {expected}.");
    }
}
