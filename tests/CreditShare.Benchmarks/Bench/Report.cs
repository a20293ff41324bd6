using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditShare.Benchmarks.Bench;

/// <summary>The findings as a page to read and a picture to look at.</summary>
/// <param name="scene">What the rows shared.</param>
/// <param name="arguments">Of the command.</param>
/// <param name="names">Of the rows, if not all are measured.</param>
internal sealed class Report(BenchScene scene, string[] arguments, string[] names)
{
    private readonly List<(IRow Row, IReadOnlyList<Finding> Findings, TimeSpan Took, MachinePauses Before)> _parts = [];
    private readonly List<(IRow Row, Exception Failure)> _failures = [];
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private string? _name;

    /// <summary>Whether a row could not be measured.</summary>
    public bool HasFailures => _failures.Count > 0;

    public void AddFailure(IRow row, Exception failure) => _failures.Add((row, failure));

    /// <param name="row">The row.</param>
    /// <param name="findings">What it found.</param>
    /// <param name="took">How long that took.</param>
    /// <param name="before">What the machine was like just before.</param>
    public void Add(IRow row, IReadOnlyList<Finding> findings, TimeSpan took, MachinePauses before) => _parts.Add((row, findings, took, before));

    /// <summary>The page, in Markdown.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            text.AppendLine(CultureInfo.InvariantCulture, $"# Bench of {_started:yyyy-MM-dd}").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"- Machine: {Machine()}");
            text.AppendLine(CultureInfo.InvariantCulture, $"- Command: `{string.Join(' ', ["tests/bench.sh", .. arguments.TakeWhile(argument => argument != "--out")])}`");
            text.AppendLine(CultureInfo.InvariantCulture, $"- {(scene.Pairs == 1 ? "1 pair" : $"{scene.Pairs} pairs")}, both sides in turn{(scene.IsQuick ? ", without a turn of each before them" : "")}; medians, and in brackets the least and the most. A ratio is the median of the pairs' ratios, ours over the peer's.");
            text.AppendLine("- Client, server and database share the machine's cores. A row is measured anew with `tests/bench.sh` and its name.").AppendLine();
            foreach (var (row, findings, took, before) in _parts)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"## {row.Name}: {row.Title}").AppendLine();
                text.AppendLine(row.Method).AppendLine();
                text.AppendLine("| work | unit | CreditShare | peer | ratio | goal | reached |").AppendLine("|---|---|---|---|---|---|---|");
                foreach (var finding in findings) text.AppendLine(Line(finding));
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Measured in {took.TotalSeconds:N0} s; just before, {before}.").AppendLine();
            }

            foreach (var (row, failure) in _failures) text.AppendLine(CultureInfo.InvariantCulture, $"## {row.Name}: not measured, {failure.Message}").AppendLine();
            return text.ToString();
        }
    }

    /// <summary>Writes DATE.md and DATE.png, with the rows' names if not all were measured, and of a quick run with that word. What earlier runs of the day wrote stays: theirs is the name, and
    /// this one gets a number.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = _name ??= FreeName(Path.Combine(folder, string.Join('-', [_started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), .. names, .. scene.IsQuick ? (string[])["quick"] : []])));
        Picture.Draw([.. _parts.SelectMany(part => part.Findings)], $"{name}.png");
        File.WriteAllText($"{name}.md", $"{Text}![Ratios to the peers]({Path.GetFileName(name)}.png)\n");
    }

    private static string FreeName(string wanted)
    {
        var name = wanted;
        for (var number = 2; File.Exists($"{name}.md"); number++) name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        return name;
    }

    private static string Line(Finding finding)
    {
        var peer = finding.Peers.Count == 0 ? "–" : $"{finding.Peer}: {Spread(finding.Peers)}";
        var ratio = finding.Peers.Count == 0 ? "–" : Figures.Spread([.. finding.Ratios], "0.00");
        var reached = finding.Goal.IsReachedBy(finding) switch { true => "yes", false => "**no**", null => "–" };
        return $"| {finding.Work} | {finding.Unit} | {Spread(finding.Ours)} | {peer} | {ratio} | {finding.Goal.Text} | {reached} |";
    }

    // Three digits that count, whatever the size.
    private static string Spread(IReadOnlyList<double> values) => Figures.Spread([.. values], Figures.Median(values) switch
    {
        >= 100 => "N0",
        >= 10 => "N1",
        >= 0.1 => "N2",
        _ => "N4",
    });

    private static string Machine()
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processor ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}");
    }
}
