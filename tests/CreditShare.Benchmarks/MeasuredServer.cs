using System.Diagnostics;
using System.Globalization;

namespace CreditShare.Benchmarks;

/// <summary>A development server of its own: own process, own data folder, free ports.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private MeasuredServer(Process process, string folder, Uri address) => (_process, Folder, Address) = (process, folder, address);

    public string Folder { get; }

    public Uri Address { get; }

    /// <summary>Most memory it held so far, in bytes.</summary>
    public long PeakWorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>The memory it holds now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The processor time it has used so far, in user and kernel mode.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Reads a metric of it.</summary>
    /// <param name="name">As Prometheus has it.</param>
    /// <returns>The sum over all its labels; 0 if there is none of that name.</returns>
    public async Task<double> ReadMetricAsync(string name)
    {
        using var http = new HttpClient();
        var address = (await File.ReadAllTextAsync(Path.Combine(Folder, "management-address"))).Trim();
        var text = await http.GetStringAsync(new Uri(new Uri(address), "/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
            .Select(line => line.LastIndexOf('}') is >= 0 and var end ? line[(end + 2)..] : line[(name.Length + 1)..])
            .Sum(value => double.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public static Task<MeasuredServer> StartAsync(string folder, params string[] settings) => StartAsync(folder, [], settings);

    /// <summary>Starts one with variables in its environment.</summary>
    public static Task<MeasuredServer> StartAsync(string folder, Dictionary<string, string> environment, params string[] settings) =>
        StartAsync(folder, [Tools.Server], environment, settings);

    /// <summary>Starts another program that takes the same settings and tells its addresses in the same way.</summary>
    public static async Task<MeasuredServer> StartAsync(string folder, string[] program, Dictionary<string, string> environment, params string[] settings)
    {
        Directory.CreateDirectory(folder);

        // Killed servers leave it behind.
        var addressFile = Path.Combine(folder, "address");
        File.Delete(addressFile);
        var start = new ProcessStartInfo(
            "dotnet", [.. program, $"--Data:Folder={folder}", "--Listen:Port=0", "--Listen:ManagementPort=0", .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Logging__LogLevel__Default"] = "Warning" },
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        process.OutputDataReceived += (_, line) => Trace.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(addressFile) || new FileInfo(addressFile).Length == 0)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                throw new InvalidOperationException($"The server did not get ready (exited: {process.HasExited}).");
            }

            await Task.Delay(50);
        }

        return new MeasuredServer(process, folder, new Uri((await File.ReadAllTextAsync(addressFile)).Trim()));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
