using System.Diagnostics;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>An open loop: what is due is sent, whether or not what was sent before has been answered.</summary>
internal static class Pace
{
    /// <summary>How finely a thread can sleep. Lateness beyond it counts as latency.</summary>
    private static readonly long s_grain = Stopwatch.Frequency / 1_000;

    /// <summary>Sends at a steady rate.</summary>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="send">Sends the one of that index; must not wait for the answer before it returns.</param>
    /// <returns>When each one was sent, or should have been.</returns>
    public static async Task<long[]> SendAsync(int count, int perSecond, Func<int, Task> send)
    {
        var sent = new long[count];
        var answers = new Task[count];
        await Task.Factory.StartNew(
            () =>
            {
                var started = Stopwatch.GetTimestamp();
                for (var i = 0; i < count; i++)
                {
                    var due = started + (Stopwatch.Frequency * i / perSecond);
                    while (Stopwatch.GetTimestamp() < due) Thread.Sleep(1);
                    sent[i] = Math.Min(Stopwatch.GetTimestamp(), due + s_grain);
                    answers[i] = send(i);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAll(answers);
        return sent;
    }
}
