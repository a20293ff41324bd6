using System.Globalization;
using Spectre.Console;

namespace CreditShare.Cli.CommandLine;

/// <summary>How far long work is: a bar on a terminal, a line a second to a pipe. Written to the standard error.</summary>
internal sealed class ProgressMeter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly long _start;
    private long _rows;
    private double _fraction;

    private ProgressMeter(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
    }

    /// <summary>Rows done since the start. Safe to read while the work goes on.</summary>
    internal long Rows => Interlocked.Read(ref _rows);

    /// <summary>Runs the work and tells of it once a second, and once at the end.</summary>
    internal static async Task RunAsync(CliHost host, string title, Func<ProgressMeter, Task> work)
    {
        var meter = new ProgressMeter(host.Clock);
        if (host.ErrorIsTerminal)
        {
            await meter.DrawAsync(host, title, work);
        }
        else
        {
            await meter.TellAsync(host, title, work);
        }

        await host.Error.WriteLineAsync($"{title}: {meter.Describe()}");
    }

    /// <summary>Counts rows that are done.</summary>
    internal void Add(long rows) => Interlocked.Add(ref _rows, rows);

    /// <summary>Says how much of the whole is done, from 0 to 1; never called where the whole is unknown.</summary>
    internal void SetFraction(double fraction) => Volatile.Write(ref _fraction, Math.Clamp(fraction, 0, 1));

    private async Task TellAsync(CliHost host, string title, Func<ProgressMeter, Task> work)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        var working = work(this);
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(working, tick) == tick)
        {
            await host.Error.WriteLineAsync($"{title}: {Describe()}");
            tick = timer.WaitForNextTickAsync().AsTask();
        }

        await working;
    }

    private Task DrawAsync(CliHost host, string title, Func<ProgressMeter, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Error),
            // The library knows terminals only by the console's own writers.
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                var working = work(this);
                while (!working.IsCompleted)
                {
                    var fraction = Volatile.Read(ref _fraction);
                    bar.IsIndeterminate = fraction == 0;
                    bar.Value = fraction;
                    bar.Description = Markup.Escape($"{title}: {Describe()}");
                    await Task.WhenAny(working, Task.Delay(Interval / 5, _clock));
                }

                await working;
            });
    }

    private string Describe()
    {
        var elapsed = _clock.GetElapsedTime(_start);
        var fraction = Volatile.Read(ref _fraction);
        var rate = elapsed > TimeSpan.Zero ? Rows / elapsed.TotalSeconds : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, {rate:N0} rows/s");
        if (fraction is <= 0 or >= 1) return text;

        var left = elapsed * ((1 - fraction) / fraction);
        return string.Create(CultureInfo.InvariantCulture, $"{text}, {left.TotalSeconds:N0} s left");
    }
}
