using System.Diagnostics;
using System.Text;
using CreditShare.Cli.CommandLine;

namespace CreditShare.IntegrationTests.Cli;

/// <summary>What a run of the tool left.</summary>
internal sealed record CliProcessResult(int Code, string Output, string Error)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>The built tool as a process, as a user runs it.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CliProcess(string folder, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CliHost).Assembly.Location, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the tool; the caller disposes it.</summary>
    public static CliProcess Start(string folder, params string[] args) => new(folder, args);

    /// <summary>Runs the tool to its end, two minutes at most.</summary>
    public static async Task<CliProcessResult> RunAsync(string folder, string input, string[] args, CancellationToken cancellationToken)
    {
        using var tool = Start(folder, args);
        await tool._process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        tool._process.StandardInput.Close();
        return await tool.WaitAsync(cancellationToken);
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Ends it without warning.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end, two minutes at most.</summary>
    public async Task<CliProcessResult> WaitAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(s_longest);
        await _process.WaitForExitAsync(bounded.Token);
        return new CliProcessResult(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
