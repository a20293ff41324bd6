using System.Diagnostics;
using CreditShare.Benchmarks.Bench;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Lookup;
using CreditShare.Client;
using CreditShare.V1;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows.Screening;

/// <summary>A bank's customers, of whom one in a hundred is listed.</summary>
internal sealed class BankCustomers
{
    private readonly string _listings;

    private BankCustomers(string listings, ScreenSubject[] subjects, string[] expected) => (_listings, Subjects, Expected) = (listings, subjects, expected);

    public ScreenSubject[] Subjects { get; }

    /// <summary>Each as <c>number,verdict</c>; the number counts from 1.</summary>
    public string[] Expected { get; }

    /// <summary>Makes them up, and five times as many listings as customers that are listed.</summary>
    public static async Task<BankCustomers> MakeAsync(BenchScene scene, int count)
    {
        var folder = scene.NewFolder("customers");
        await Tools.RunAsync(
            Tools.Cli, folder, "generate", "--listings", Text(count / 20), "--customers", Text(count), "--hits", Text(count / 100), "--out", folder, "--seed", "1");
        using var file = new CustomerReader(File.OpenText(Path.Combine(folder, "customers.csv")));
        return new BankCustomers(
            Path.Combine(folder, "listings.csv"),
            await file.ReadAsync(CancellationToken.None).ToArrayAsync(),
            [.. File.ReadLines(Path.Combine(folder, "expected-hits.csv")).Skip(1)]);
    }

    /// <summary>Puts the listings into a server.</summary>
    public Task PublishAsync(MeasuredServer server) => Tools.RunAsync(Tools.Cli, server.Folder, "listing", "import", _listings, "--data", server.Folder);

    /// <summary>Screens all in one call and compares every verdict.</summary>
    public async Task<TimeSpan> ScreenAsync(CreditShareClient client)
    {
        var started = Stopwatch.GetTimestamp();
        var found = new List<string>(Expected.Length);
        await foreach (var block in client.ScreenAsync(
            Subjects.ToAsyncEnumerable(), new ScreenOptions { Purpose = Purpose.Credit, Reference = "bench", Operator = "bench" }))
        {
            foreach (var finding in block.Findings) found.Add($"{finding.Index + 1},{ContractWords<Verdict>.NameOf(finding.Verdict)}");
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return found.SequenceEqual(Expected) ? elapsed : throw new InvalidOperationException("The screening did not find what was expected.");
    }
}
