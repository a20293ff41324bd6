using System.Diagnostics;
using System.Text.Json;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>A nats-server of its own: own process, own folder, a free port, no TLS.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private const string Program = "nats-server";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private NatsServer(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>Starts one.</summary>
    /// <param name="folder">For its configuration and its streams.</param>
    /// <param name="doesSyncAlways">Whether a message is on disk before it is acknowledged; by default that takes up to two minutes.</param>
    public static async Task<NatsServer> StartAsync(string folder, bool doesSyncAlways = false)
    {
        var settings = await WriteSettingsAsync(folder, doesSyncAlways);
        var process = Start("-c", settings);
        var ports = Path.Combine(folder, $"{Program}_{process.Id}.ports");
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(ports) || new FileInfo(ports).Length == 0)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > s_startLimit) throw new InvalidOperationException($"{Program} did not start.");
            await Task.Delay(50);
        }

        using var found = JsonDocument.Parse(await File.ReadAllTextAsync(ports));
        return new NatsServer(process, found.RootElement.GetProperty("nats")[0].GetString()!);
    }

    /// <summary>What the installed one says of its version.</summary>
    public static async Task<string> ReadVersionAsync()
    {
        using var process = Start("--version");
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text.Trim();
    }

    /// <summary>Whether the installed one can have every message on disk before it is acknowledged; before 2.10 none can.</summary>
    public static async Task<bool> CanSyncAlwaysAsync(string folder)
    {
        using var process = Start("-t", "-c", await WriteSettingsAsync(folder, doesSyncAlways: true));
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Its own limits would cut off receivers that are not slow, but share two cores with everything else.
    private static async Task<string> WriteSettingsAsync(string folder, bool doesSyncAlways)
    {
        var file = Path.Combine(folder, "nats.conf");
        await File.WriteAllTextAsync(file, $$"""
            listen: "127.0.0.1:-1"
            ports_file_dir: "{{folder}}"
            max_pending: 1GB
            write_deadline: "60s"
            jetstream {
              store_dir: "{{Path.Combine(folder, "streams")}}"
              {{(doesSyncAlways ? "sync_interval: always" : "")}}
            }
            """);
        return file;
    }

    private static Process Start(params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{Program} did not start.");
        process.ErrorDataReceived += (_, line) => Trace.WriteLine(line.Data);
        process.BeginErrorReadLine();
        return process;
    }
}
