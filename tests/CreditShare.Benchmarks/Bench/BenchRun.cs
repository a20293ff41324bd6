using System.Diagnostics;
using CreditShare.Benchmarks.Rows;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Bench;

/// <summary>Runs the rows one after the other and writes what they found.</summary>
internal static class BenchRun
{
    private const int FewestPairs = 5;
    private const int QuickPairs = 1;

    /// <summary>In the order of the report.</summary>
    private static readonly IRow[] s_rows =
    [
        new ProbeRow(),
        new CheckRow(),
        new LoaderRow(),
        new ScreeningRow(),
        new SubmitRow(),
        new ImportRow(),
        new FanOutRow(),
        new PacedFanOutRow(),
        new FollowersRow(),
        new WebhookRow(),
        new BacklogRow(),
        new ScaleRow(),
    ];

    /// <summary>Measured when they are asked for by name, not in a whole run.</summary>
    private static readonly IRow[] s_askedFor = [new SettingsRow(), new ConnectionsRow()];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var names = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
        IRow[] all = [.. s_rows, .. s_askedFor];
        var unknown = names.Except(all.Select(row => row.Name)).ToArray();
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"bench has no row {string.Join(", ", unknown)}; it has {string.Join(", ", all.Select(row => row.Name))}.");
            return 2;
        }

        var isQuick = arguments.Contains("--quick");
        var work = Directory.CreateTempSubdirectory("creditshare-bench-").FullName;
        try
        {
            var scene = new BenchScene(work, isQuick, Option(arguments, "--pairs", isQuick ? QuickPairs : FewestPairs));
            var report = new Report(scene, arguments, names);
            foreach (var row in names.Length == 0 ? s_rows : all.Where(row => names.Contains(row.Name)))
            {
                BenchScene.Say($"== {row.Name}: {row.Title}");
                await RunAsync(row, scene, report);

                // After each row, so that a run that is broken off leaves what it found.
                if (Option(arguments, "--out") is { } folder) report.Write(folder);
            }

            Console.WriteLine(report.Text);
            return report.HasFailures ? 1 : 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // A row that fails is told of; the others are measured all the same.
    private static async Task RunAsync(IRow row, BenchScene scene, Report report)
    {
        var pauses = MachinePauses.Measure();
        BenchScene.Say($"  {pauses}");
        var started = Stopwatch.GetTimestamp();
        try
        {
            report.Add(row, await row.RunAsync(scene), Stopwatch.GetElapsedTime(started), pauses);
        }
        catch (Exception exception)
        {
            BenchScene.Say($"{row.Name} failed: {exception}");
            report.AddFailure(row, exception);
        }

        await Databases.DropAllAsync();
    }
}
