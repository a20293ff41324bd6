using System.Diagnostics;
using CreditShare.Core.Journal;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>Callers of a journal in this process, each of which sends its next command once the last is durable.</summary>
internal static class StoreLoad
{
    /// <param name="journals">Whom each caller asks.</param>
    /// <param name="commands">Shared out among the callers as they come for them.</param>
    public static async Task<Load> RunAsync(IReadOnlyList<IJournal> journals, ArraySegment<AppendRequest> commands)
    {
        var latencies = new double[commands.Count];
        var taken = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(journals.Select(journal => Task.Run(() => CallAsync(journal))));
        return Load.Of(Stopwatch.GetElapsedTime(started), latencies);

        async Task CallAsync(IJournal journal)
        {
            while (Interlocked.Increment(ref taken) is var mine && mine < commands.Count)
            {
                var sent = Stopwatch.GetTimestamp();
                var result = await journal.AppendAsync(commands[mine], CancellationToken.None);
                latencies[mine] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                if (result is not AppendResult.Appended) throw new InvalidOperationException($"Refused: {result}");
            }
        }
    }
}
