using System.Diagnostics;
using System.Text.RegularExpressions;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Quickstart;

/// <summary>The README's quickstart, word for word, in a folder that has nothing but the sources.</summary>
internal sealed partial class QuickstartTests
{
    [Test, CancelAfter(420_000)]
    public async Task The_readme_does_what_it_says(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        CopySources(folder.Path);

        var (serve, story, data) = Commands(await File.ReadAllTextAsync(Path.Combine(Root, "README.md"), cancellationToken));

        using var server = Start(folder.Path, serve);
        try
        {
            await WaitForAsync(Path.Combine(folder.Path, "creditshare-data", "address"), server, cancellationToken);
            var told = await RunAsync(folder.Path, story, cancellationToken);
            var worked = await RunAsync(folder.Path, $"{story.Split('\n')[0]}\n{data}", cancellationToken);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(told.Code, Is.Zero, told.Output);
                Assert.That(told.Output, Does.Contain("NOT_LISTED").And.Contain("NAME_MISMATCH").And.Contain("WITHDRAWN"));
                Assert.That(worked.Code, Is.Zero, worked.Output);
                Assert.That(Verdicts(folder.Path, "hits.csv"), Is.EqualTo(Verdicts(folder.Path, "sample/expected-hits.csv")));
            }
        }
        finally
        {
            await StopAsync(server);
        }
    }

    /// <summary>The folder of the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The first three blocks of commands: start, look around, own data.</summary>
    private static (string Serve, string Story, string Data) Commands(string readme)
    {
        var blocks = CodeBlock().Matches(readme).Select(match => match.Groups[1].Value.Trim()).ToArray();
        Assert.That(blocks, Has.Length.GreaterThanOrEqualTo(3), "the README has the blocks that this test runs");
        return (blocks[0], blocks[1], blocks[2]);
    }

    private static IEnumerable<string> Verdicts(string folder, string file)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, file));
        var header = lines[0].TrimStart('\uFEFF').Split(',');
        var (row, verdict) = (Array.IndexOf(header, "row"), Array.IndexOf(header, "verdict"));
        return lines.Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[row]},{cells[verdict]}");
    }

    private static Process Start(string folder, string commands)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"exec {commands}"]) { WorkingDirectory = folder, RedirectStandardOutput = true };

        // What CI sets for its own build is not what a reader of the README has.
        start.Environment.Remove("CI");
        start.Environment.Remove("CREDITSHARE_TEST_POSTGRES");
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task WaitForAsync(string file, Process server, CancellationToken cancellationToken)
    {
        while (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            Assert.That(server.HasExited, Is.False, "the server is running");
            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string commands, CancellationToken cancellationToken)
    {
        // A shell that reads commands from a file expands no aliases unless told to; a person's does.
        var script = $"shopt -s expand_aliases\nset -e\n{commands}\n";
        var file = Path.Combine(folder, "commands.sh");
        await File.WriteAllTextAsync(file, script, cancellationToken);
        using var process = Process.Start(new ProcessStartInfo("bash", [file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private static async Task StopAsync(Process server)
    {
        if (server.HasExited) return;

        // `dotnet run` passes no signal on: the whole tree is ended.
        server.Kill(entireProcessTree: true);
        using var bounded = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.WaitForExitAsync(bounded.Token);
    }

    /// <summary>What a clone has, without anything built: the paths that a build writes down must be its own.</summary>
    private static void CopySources(string target)
    {
        string[] built = ["bin", "obj"];
        foreach (var file in Directory.GetFiles(Root)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        foreach (var folder in new[] { "src", "protos" })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(Root, file);
                if (relative.Split(Path.DirectorySeparatorChar).Any(part => built.Contains(part))) continue;

                var copy = Path.Combine(target, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CreditShare.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The repository was not found above the tests.");
    }

    [GeneratedRegex("^```\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();
}
