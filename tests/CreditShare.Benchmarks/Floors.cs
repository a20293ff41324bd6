using System.Diagnostics;
using CreditShare.Client;
using CreditShare.V1;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks;

/// <summary>The figures of the main job, each with client and server on this machine, over mTLS, everything on.</summary>
internal static class Floors
{
    private const int CheckWarmUp = 5_000;
    private const int Checks = 20_000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var listings = Option(arguments, "--listings", 100_000);
        var customers = Option(arguments, "--customers", 1_000_000);
        var runs = Option(arguments, "--runs", 3);
        var work = Directory.CreateTempSubdirectory("creditshare-bench-").FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {listings:N0} listings, {customers:N0} customers, {runs} runs, medians");
            await Tools.RunAsync(
                Tools.Cli, work, "generate", "--listings", Text(listings), "--customers", Text(customers), "--hits", Text(customers / 100),
                "--out", Path.Combine(work, "data"), "--seed", "1");

            await MeasureAsync("SQLite", work, runs, listings, customers, _ => Task.FromResult<string[]>([]));
            if (Databases.Postgres is { } postgres)
            {
                var redis = Environment.GetEnvironmentVariable("CREDITSHARE_TEST_REDIS");
                var name = redis is { Length: > 0 } ? "PostgreSQL and Redis" : "PostgreSQL";
                await MeasureAsync(name, work, runs, listings, customers, run => NewDatabaseAsync(work, postgres, redis, run));
            }

            return 0;
        }
        finally
        {
            await Databases.DropAllAsync();
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task MeasureAsync(
        string engine, string work, int runs, int listings, int customers, Func<int, Task<string[]>> settings)
    {
        List<double> imports = [];
        List<double> colds = [];
        List<double> screens = [];
        List<double> medians = [];
        List<double> tails = [];
        var data = Path.Combine(work, "data");
        for (var run = 0; run < runs; run++)
        {
            var folder = Path.Combine(work, $"{engine.Replace(' ', '-')}-{run}");
            await using var server = await MeasuredServer.StartAsync(folder, await settings(run));

            var import = await Tools.MeasureAsync(work, "listing", "import", Path.Combine(data, "listings.csv"), "--data", folder);
            imports.Add(import.Rate);

            var hits = Path.Combine(folder, "hits.csv");
            var first = await ScreenAsync();
            var screen = await ScreenAsync();
            colds.Add(first.Rate);
            screens.Add(screen.Rate);

            var times = await CheckAsync(server, Path.Combine(data, "customers.csv"));
            medians.Add(times[times.Length / 2]);
            tails.Add(times[times.Length * 99 / 100]);
            Console.WriteLine(
                $"  {engine}, run {run + 1}: import {imports[^1]:N0} rows/s, screening {screens[^1]:N0} subjects/s, the first after the start {colds[^1]:N0} "
                + $"(with the tool's start {listings / import.Elapsed.TotalSeconds:N0}, {customers / screen.Elapsed.TotalSeconds:N0}, {customers / first.Elapsed.TotalSeconds:N0}), "
                + $"check p50 {medians[^1]:F3} ms p99 {tails[^1]:F3} ms, server {server.PeakWorkingSet >> 20} MiB");

            async Task<(TimeSpan Elapsed, double Rate)> ScreenAsync()
            {
                var screen = await Tools.MeasureAsync(work, "screen", Path.Combine(data, "customers.csv"), "--out", hits, "--data", folder);
                CheckHits(hits, Path.Combine(data, "expected-hits.csv"));
                return screen;
            }
        }

        Console.WriteLine($"{engine}: import {Median(imports):N0} rows/s; screening {Median(screens):N0} subjects/s, the first after the start {Median(colds):N0}; "
            + $"one check p50 {Median(medians):F3} ms, p99 {Median(tails):F3} ms");
    }

    /// <summary>One check after the other on one connection, as a counter does it.</summary>
    /// <returns>Milliseconds, ascending.</returns>
    private static async Task<double[]> CheckAsync(MeasuredServer server, string customers)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "bank"));
        using var client = new CreditShareClient(new CreditShareClientOptions { Address = server.Address, Identity = identity });
        var requests = File.ReadLines(customers).Skip(1).Select(line => line.Split(',')).Where(cells => cells[0] == "resident-id")
            .Take(Checks + CheckWarmUp)
            .Select(cells => new CheckSubjectRequest
            {
                Document = new IdentityDocument { Type = DocumentType.ResidentId, Number = cells[1] },
                Name = cells[2],
                Purpose = Purpose.Credit,
                Reference = "bench",
                Operator = "bench",
            })
            .ToArray();

        var times = new double[requests.Length - CheckWarmUp];
        for (var i = 0; i < requests.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.CheckAsync(requests[i]);
            if (i >= CheckWarmUp) times[i - CheckWarmUp] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    /// <summary>A figure for a wrong answer is worth nothing.</summary>
    private static void CheckHits(string hitsFile, string expectedFile)
    {
        var hits = File.ReadLines(hitsFile).Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[0]},{cells[2]}");
        if (!hits.SequenceEqual(File.ReadLines(expectedFile).Skip(1)))
        {
            throw new InvalidOperationException($"{hitsFile} is not what {expectedFile} expects.");
        }
    }

    private static async Task<string[]> NewDatabaseAsync(string work, string postgres, string? redis, int run)
    {
        var settings = await Databases.MakeAsync(work, postgres, run);
        if (redis is { Length: > 0 }) settings.Add($"--Redis:ConnectionString={redis}");
        return [.. settings];
    }
}
