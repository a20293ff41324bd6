using System.Diagnostics;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>Publications through gRPC and mTLS, on four connections.</summary>
internal static class SubmitLoad
{
    private const int Connections = 4;

    /// <summary>Sends publications, each caller the next once the last was acknowledged, and checks the receipts.</summary>
    public static async Task<Load> RunAsync(MeasuredServer server, List<byte[]> requests, int callers)
    {
        using var identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "court"));
        List<SubmitConnection> connections = [];
        for (var i = 0; i < Connections; i++) connections.Add(await SubmitConnection.OpenAsync(server.Address, identity));

        var taken = -1;
        var latencies = connections.ConvertAll(_ => new List<double>(requests.Count));
        var started = Stopwatch.GetTimestamp();
        var receipts = await Task.WhenAll(connections.Select((connection, i) => Task.Run(
            () => connection.RunAsync(
                callers / Connections,
                () => Interlocked.Increment(ref taken) is var mine && mine < requests.Count ? requests[mine] : null,
                latencies[i]))));
        var load = Load.Of(Stopwatch.GetElapsedTime(started), [.. latencies.SelectMany(list => list)]);
        foreach (var connection in connections) await connection.DisposeAsync();

        Check([.. receipts.SelectMany(list => list)], requests.Count);
        return load;
    }

    /// <summary>A figure for a wrong answer is worth nothing.</summary>
    private static void Check(List<ListingReceipt> receipts, int sent)
    {
        var sequences = receipts.Select(receipt => receipt.Position.Sequence).Distinct().ToArray();
        if (sequences.Length != sent || sequences.Max() - sequences.Min() != sent - 1 || receipts.Exists(receipt => receipt.Version != 1))
        {
            throw new InvalidOperationException($"{sent} submits have {sequences.Length} receipts, or they have gaps.");
        }
    }
}
