using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CreditShare.IntegrationTests.Infrastructure;

namespace CreditShare.IntegrationTests.ForeignClient;

/// <summary>Node and buf, with what they need of this repository.</summary>
internal static class ForeignTools
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A node_modules folder with what tests/tools names; null if there is none.</summary>
    public static string? Modules { get; } = FindModules();

    /// <summary>The program node; null if there is none.</summary>
    public static string? Node { get; } = Shell.Find("node", "node.exe");

    /// <summary>The program buf; null if there is none.</summary>
    public static string? Buf { get; } = Modules is null ? null : Path.Combine(Modules, ".bin", OperatingSystem.IsWindows() ? "buf.cmd" : "buf");

    /// <summary>Whether both are there.</summary>
    public static bool AreThere => Node is not null && File.Exists(Buf);

    /// <summary>The folder that holds google/rpc and google/type, in the package that the build uses itself.</summary>
    public static string GoogleProtos
    {
        get
        {
            using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "src", "CreditShare.Contracts", "obj", "project.assets.json")));
            var package = assets.RootElement.GetProperty("libraries").EnumerateObject()
                .Single(library => library.Name.StartsWith("Google.Api.CommonProtos/", StringComparison.OrdinalIgnoreCase))
                .Value.GetProperty("path").GetString()!;
            return assets.RootElement.GetProperty("packageFolders").EnumerateObject()
                .Select(folder => Path.Combine(folder.Name, package, "content", "protos"))
                .First(Directory.Exists);
        }
    }

    /// <summary>Runs a program to its end, a minute at most.</summary>
    /// <returns>Its exit code, what it printed, and what it complained of.</returns>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program, IEnumerable<string> arguments, string input, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(s_longest);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bounded.Token);
            var errors = process.StandardError.ReadToEndAsync(bounded.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), bounded.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(bounded.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string? FindModules()
    {
        var modules = Environment.GetEnvironmentVariable("CREDITSHARE_TEST_TOOLS") is { Length: > 0 } named ? named : Path.Combine(Root, ".tools", "node_modules");
        return Directory.Exists(Path.Combine(modules, "@grpc", "grpc-js")) ? modules : null;
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        // From the program first: a build may write other paths into it than those of the machine.
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(thisFile) })
        {
            for (var folder = start is null ? null : new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "CreditShare.sln"))) return folder.FullName;
            }
        }

        throw new InvalidOperationException("The repository was not found.");
    }
}
