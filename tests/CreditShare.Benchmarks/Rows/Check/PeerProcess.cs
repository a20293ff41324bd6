using System.Diagnostics;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>A <see cref="CheckPeer"/> that runs.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>The processor time it has used so far, in user and kernel mode.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="mode">Which.</param>
    /// <param name="server">Whose certificates it shows and accepts; null in clear.</param>
    /// <param name="options">More for its command line.</param>
    public static async Task<PeerProcess> StartAsync(string mode, MeasuredServer? server, params string[] options)
    {
        string[] certificates = server is null ? [] : ["--data", server.Folder];
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(CheckPeer).Assembly.Location, CheckPeer.Verb, "--mode", mode, .. certificates, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("dotnet did not start.");
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer {mode} did not start.");
        return new PeerProcess(process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
