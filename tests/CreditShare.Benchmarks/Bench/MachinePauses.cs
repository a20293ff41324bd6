using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CreditShare.Benchmarks.Bench;

/// <summary>What is taken from this process while it wants every core: by the host of a virtual machine, by its neighbours there, or by other
/// processes here. No tail of a latency lies below such pauses, whoever answers.</summary>
/// <param name="Share">Of the time of all cores, how much was taken.</param>
/// <param name="Longest">The longest pause.</param>
/// <param name="Others">How much of it other processes and the kernel here had, the rest being the host's; null where the system does not tell.</param>
internal readonly record struct MachinePauses(double Share, TimeSpan Longest, double? Others = null)
{
    // An interrupt is over sooner.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(0.2);

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1);

    /// <summary>Keeps every core busy for a second with looking at the clock, and adds up the jumps of that.</summary>
    public static MachinePauses Measure()
    {
        // What the rows before have left would else be collected meanwhile, and the loops would wait for that.
        GC.Collect();
        var each = new MachinePauses[Environment.ProcessorCount];
        var (started, busy, own) = (Stopwatch.GetTimestamp(), BusyTime(), Environment.CpuUsage.TotalTime);
        Thread[] threads = [.. each.Select((_, core) => new Thread(() => each[core] = Watch()))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var others = (BusyTime() - busy - (Environment.CpuUsage.TotalTime - own)) / (Stopwatch.GetElapsedTime(started) * each.Length);
        return new MachinePauses(each.Average(pauses => pauses.Share), each.Max(pauses => pauses.Longest), others is { } share ? Math.Max(0, share) : null);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"a busy loop on each core lost {100 * Share:N0} % of a second, in pauses of up to {Longest.TotalMilliseconds:N1} ms{OfOthers}");

    private string OfOthers => Others is { } others ? string.Create(CultureInfo.InvariantCulture, $"; other processes here ran for {100 * others:N0} %") : "";

    /// <summary>What the processors of this machine have worked since its start, in all processes; null where Linux does not tell.</summary>
    private static TimeSpan? BusyTime()
    {
        const string file = "/proc/stat";
        if (!File.Exists(file)) return null;

        // "cpu", then hundredths of a second: user, nice, system, idle, waiting for a disk, interrupts, software interrupts.
        var columns = File.ReadLines(file).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromSeconds(new[] { 1, 2, 3, 6, 7 }.Sum(column => long.Parse(columns[column], CultureInfo.InvariantCulture)) / 100.0);
    }

    // Not compiled anew in the middle of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static MachinePauses Watch()
    {
        var (lost, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        var started = Stopwatch.GetTimestamp();
        var last = started;
        while (Stopwatch.GetElapsedTime(started, last) < s_time)
        {
            var now = Stopwatch.GetTimestamp();
            var jump = Stopwatch.GetElapsedTime(last, now);
            last = now;
            if (jump < s_shortest) continue;

            lost += jump;
            if (jump > longest) longest = jump;
        }

        return new MachinePauses(lost / Stopwatch.GetElapsedTime(started, last), longest);
    }
}
