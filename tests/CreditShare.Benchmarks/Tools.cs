using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CreditShare.Benchmarks;

/// <summary>The built programs, found from where this one stands.</summary>
internal static partial class Tools
{
    public static string Root { get; } = FindRoot();

    public static string Server => Built("CreditShare.Server", "CreditShare.Server.dll");

    public static string Cli => Built("CreditShare.Cli", "creditshare.dll");

    /// <summary>Runs a program to its end.</summary>
    /// <returns>How long it took, its start included.</returns>
    public static async Task<TimeSpan> RunAsync(string dll, string workingFolder, params string[] arguments) =>
        (await ReadAsync(dll, workingFolder, arguments)).Elapsed;

    /// <summary>Runs a verb that tells its progress.</summary>
    /// <returns>How long it took, its start included, and the rows a second that it told at its end, its start left out.</returns>
    public static async Task<(TimeSpan Elapsed, double Rate)> MeasureAsync(string workingFolder, params string[] arguments)
    {
        var (elapsed, _, errors) = await ReadAsync(Cli, workingFolder, arguments);
        var told = Rates().Matches(errors)[^1].Groups[1].Value;
        return (elapsed, double.Parse(told, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>How long it took, its start included, and what it printed.</returns>
    public static Task<(TimeSpan Elapsed, string Output, string Errors)> ReadAsync(string dll, string workingFolder, params string[] arguments) =>
        ReadProgramAsync("dotnet", workingFolder, [dll, .. arguments]);

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<(TimeSpan Elapsed, string Output, string Errors)> ReadProgramAsync(string program, string workingFolder, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', [Path.GetFileName(program), .. arguments.Select(Path.GetFileName)])} ended with {process.ExitCode}:\n{await output}{await errors}");
        }

        return (elapsed, await output, await errors);
    }

    [GeneratedRegex("([0-9,]+) rows/s")]
    private static partial Regex Rates();

    private static string Built(string project, string file)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        var path = Path.Combine(Root, "src", project, "bin", configuration, "net10.0", file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build {project} ({configuration}) first.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CreditShare.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The repository was not found above this program.");
    }
}
