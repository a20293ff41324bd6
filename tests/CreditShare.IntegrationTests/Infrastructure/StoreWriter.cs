using System.Diagnostics;
using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A process that publishes without end and prints the number of each change that was acknowledged, until it is killed.</summary>
internal static class StoreWriter
{
    private const int Writers = 16;

    /// <summary>The key under which it writes.</summary>
    public static Keyring OpenKeys() => Keyring.From(new byte[32]);

    /// <summary>The program of this assembly, when it runs as a process of its own.</summary>
    /// <param name="args">The data folder; the serial from which it counts.</param>
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var folder, var first]) return 2;

        using var keys = OpenKeys();
        await using var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Folder = folder }, keys, StoreSample.ClockAtNoon(), logger: null, CancellationToken.None);
        var serial = int.Parse(first, CultureInfo.InvariantCulture);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (true)
            {
                var result = await store.Journal.AppendAsync(
                    StoreSample.Publish(StoreSample.Content(Interlocked.Increment(ref serial))), CancellationToken.None);
                Console.WriteLine(((AppendResult.Appended)result).Sequence);
            }
        }));
        return 0;
    }

    /// <summary>Starts the process, lets it have so many changes acknowledged, and kills it in the midst of the next ones.</summary>
    /// <returns>The numbers of the changes it was told of.</returns>
    public static async Task<List<long>> RunUntilKilledAsync(string folder, int first, int changes, CancellationToken cancellationToken)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(StoreWriter).Assembly.Location, folder, first.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            })!;
        var acknowledged = new List<long>();
        try
        {
            while (acknowledged.Count < changes && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            process.Kill();
        }

        // What it had printed before it was killed was acknowledged, too.
        var rest = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        acknowledged.AddRange(rest.Split('\n')[..^1].Select(line => long.Parse(line, CultureInfo.InvariantCulture)));
        await process.WaitForExitAsync(cancellationToken);
        return acknowledged;
    }
}
