using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>Programs of the machine, their signals and their ports.</summary>
internal static class Shell
{
    private const int LowestPort = 10_000;

    // Below the range from which the kernel gives ports to clients, so that a server can come back on its own.
    private const int HighestPort = 32_000;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a script to its end, a minute at most. Its arguments are <c>$1</c>, <c>$2</c> …</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message is what it printed.</exception>
    public static async Task<string> RunAsync(string script, string[] arguments, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_longest);
        // A file, not a pipe: a server that the script leaves behind would keep a pipe open.
        var log = Path.GetTempFileName();
        try
        {
            string[] line = ["-c", $"exec >\"$0\" 2>&1 </dev/null; {script}", log, .. arguments];
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", line) { WorkingDirectory = "/" })!;
            await process.WaitForExitAsync(timeout.Token);
            var output = await File.ReadAllTextAsync(log, timeout.Token);
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {output}");
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>Sends a signal, by its name without SIG.</summary>
    public static Task SignalAsync(int processId, string signal, CancellationToken cancellationToken) =>
        RunAsync("kill -s \"$1\" \"$2\"", [signal, $"{processId}"], cancellationToken);

    /// <summary>Waits until a condition holds, asking every 50 ms.</summary>
    /// <exception cref="TimeoutException">It did not within a minute.</exception>
    public static async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (!await condition(cancellationToken))
        {
            if (started.Elapsed > s_longest) throw new TimeoutException($"Waited a minute for {what}.");
            await Task.Delay(s_pause, cancellationToken);
        }
    }

    /// <summary>Whether a process of that id runs; a zombie does not.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(params string[] programs) =>
        (from program in programs
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         let path = Path.Combine(folder, program)
         where File.Exists(path)
         select path).FirstOrDefault();

    /// <summary>A port of the loopback address on which nobody listens.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(LowestPort, HighestPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next.
            }
        }
    }
}
