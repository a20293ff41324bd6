using System.Diagnostics;
using System.Text;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>The built server as a process: it may be killed, and started again on the same data folder.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(string folder, string environment, string[] args)
    {
        Folder = folder;
        var start = new ProcessStartInfo("dotnet", [typeof(Server.Program).Assembly.Location, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it runs; its data folder is <c>creditshare-data</c> below, as it is for a user.</summary>
    public string Folder { get; }

    /// <summary>Its data folder.</summary>
    public string DataFolder => Path.Combine(Folder, "creditshare-data");

    /// <summary>Where partners call.</summary>
    public Uri Address => new(File.ReadAllText(Path.Combine(DataFolder, "address")).Trim());

    /// <summary>Where health and metrics are.</summary>
    public Uri Management => new(File.ReadAllText(Path.Combine(DataFolder, "management-address")).Trim());

    /// <summary>Everything it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a server on free ports and waits until it answers, a minute at most.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Development or Production.</param>
    /// <param name="args">Further settings.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<ServerProcess> ServeAsync(string folder, string environment, string[] args, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(folder, environment, ["--Listen:Port=0", "--Listen:ManagementPort=0", .. args]);
        try
        {
            await Shell.WaitUntilAsync(
                _ => Task.FromResult(server._process.HasExited || server.Announced), "the server to be ready", cancellationToken);
            return server.Announced ? server : throw new InvalidOperationException($"The server has ended: {server.Output}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program to its end, as for a verb.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string folder, string environment, string[] args, CancellationToken cancellationToken)
    {
        await using var program = new ServerProcess(folder, environment, args);
        return (await program.WaitAsync(cancellationToken), program.Output);
    }

    /// <summary>Kills it without warning.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await WaitAsync(cancellationToken);
    }

    /// <summary>Lets it stand still (SIGSTOP): it does nothing, and its connections stay open.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => Shell.SignalAsync(_process.Id, "STOP", cancellationToken);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ThawAsync(CancellationToken cancellationToken) => Shell.SignalAsync(_process.Id, "CONT", cancellationToken);

    /// <summary>Asks it to stop (SIGTERM).</summary>
    public Task TerminateAsync(CancellationToken cancellationToken) => Shell.SignalAsync(_process.Id, "TERM", cancellationToken);

    /// <summary>Waits for its end, a minute at most.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(s_longest);
        await _process.WaitForExitAsync(bounded.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    // Its own word for it, not the file: one left behind by a server that was killed says nothing.
    private bool Announced => Output.Contains("Serving at", StringComparison.Ordinal) && File.Exists(Path.Combine(DataFolder, "address"));

    private void Keep(string? line)
    {
        if (line is null) return;

        lock (_output) _output.AppendLine(line);
    }
}
