using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using CreditShare.Benchmarks.Traffic;

namespace CreditShare.Benchmarks.Rows.Loader;

/// <summary>nghttp2's own load generator, which is written in C++ and takes no client certificate.</summary>
internal sealed partial class H2Load
{
    private const string Program = "h2load";
    private const string BodyFile = "request";

    /// <summary>The field of /proc/self/stat with the processor time that ended children had in user mode, counted behind the name; in kernel mode the next.</summary>
    private const int ChildrenField = 13;

    /// <summary>Of the clock in which the kernel tells processor times, whatever its own is.</summary>
    private const double TicksPerSecond = 100;

    private readonly Uri _rpc;
    private readonly string _folder;
    private readonly int _answerBytes;

    private H2Load(Uri rpc, string folder, int answerBytes) => (_rpc, _folder, _answerBytes) = (rpc, folder, answerBytes);

    /// <param name="rpc">The RPC, over HTTP/2 in clear.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="body">The request, as gRPC frames it.</param>
    /// <param name="answerBytes">What one answer's DATA comes to.</param>
    public static async Task<H2Load> MakeAsync(Uri rpc, string folder, byte[] body, int answerBytes)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, BodyFile), body);
        return new H2Load(rpc, folder, answerBytes);
    }

    /// <summary>Sends the request so many times, each caller the next once the last was answered.</summary>
    /// <returns>Its own figures, and the processor time that it used.</returns>
    public async Task<CallRate> RunAsync(int calls, int connections, int callers)
    {
        var before = ReadChildrenTime();
        var told = await StartAsync(
            "-n", Figures.Text(calls), "-c", Figures.Text(connections), "-m", Figures.Text(callers / connections), "-d", BodyFile,
            "-H", "content-type: application/grpc", "-H", "te: trailers", _rpc.AbsoluteUri);
        var used = ReadChildrenTime() - before;

        // A call that gRPC refuses has the status 200, too, but no message.
        if (long.Parse(Succeeded().Match(told).Groups[1].Value, CultureInfo.InvariantCulture) != calls
            || long.Parse(DataBytes().Match(told).Groups[1].Value, CultureInfo.InvariantCulture) != (long)calls * _answerBytes)
        {
            throw new InvalidOperationException($"Not all of {calls} calls were answered with {_answerBytes} bytes:\n{told}");
        }

        return new CallRate(double.Parse(Rate().Match(told).Groups[1].Value, CultureInfo.InvariantCulture), used.TotalMicroseconds / calls);
    }

    private async Task<string> StartAsync(params string[] arguments)
    {
        try
        {
            return (await Tools.ReadProgramAsync(Program, _folder, arguments)).Output;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{Program} is not there. On Debian: apt-get install nghttp2-client.", exception);
        }
    }

    // A process that has ended is asked in vain.
    private static TimeSpan ReadChildrenTime()
    {
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields[ChildrenField..(ChildrenField + 2)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    [GeneratedRegex("([0-9.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex("([0-9]+) succeeded")]
    private static partial Regex Succeeded();

    [GeneratedRegex("\\(([0-9]+)\\) data")]
    private static partial Regex DataBytes();
}
