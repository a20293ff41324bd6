using System.Diagnostics;
using CreditShare.Core.Journal;
using CreditShare.Server.Listings;

namespace CreditShare.Benchmarks.Rows.Import;

/// <summary>Publications that are parsed already, given to a journal as the service's imports give them.</summary>
internal static class StoreImport
{
    private const int Streams = 2;

    /// <summary>Gives the commands to the journal on two threads, each with as many ahead of the answers as an import may have.</summary>
    /// <returns>Rows a second, until the last is durable.</returns>
    public static async Task<double> RunAsync(IJournal journal, AppendRequest[] commands)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(() => SendAsync(stream))));
        var rate = commands.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;

        // A figure for a wrong answer is worth nothing.
        var head = await journal.ReadHeadAsync(CancellationToken.None);
        return head.Sequence == commands.Length ? rate : throw new InvalidOperationException($"{head.Sequence} of {commands.Length} were written.");

        async Task SendAsync(int stream)
        {
            var sent = new Queue<Task<AppendResult>>(ListingImport.WindowRows);
            for (var i = stream; i < commands.Length; i += Streams)
            {
                if (sent.Count == ListingImport.WindowRows) Check(await sent.Dequeue());
                sent.Enqueue(journal.AppendAsync(commands[i], CancellationToken.None));
            }

            while (sent.TryDequeue(out var last)) Check(await last);
        }
    }

    private static void Check(AppendResult result)
    {
        if (result is not AppendResult.Appended) throw new InvalidOperationException($"Refused: {result}");
    }
}
