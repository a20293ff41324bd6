using CreditShare.Benchmarks.Traffic;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>Publications through gRPC and mTLS, on four connections.</summary>
internal static class SubmitLoad
{
    private const string Path = "/creditshare.v1.ListingService/PublishListing";
    private const int Connections = 4;

    /// <summary>Sends publications, each caller the next once the last was acknowledged, and checks the receipts.</summary>
    /// <param name="server">Who takes them.</param>
    /// <param name="requests">As gRPC frames them; none was sent before.</param>
    /// <param name="callers">How many there are.</param>
    public static Load Run(MeasuredServer server, IReadOnlyList<byte[]> requests, int callers)
    {
        var receipts = new ListingReceipt[requests.Count];
        using var identity = PartnerIdentity.FromFolder(System.IO.Path.Combine(server.Folder, "identities", "court"));
        using var client = LoadClient.Open(
            server.Address, identity, Path, Connections, [.. requests.Select((body, i) => new LoadQuestion(body, Kind: 0, message => Keep(receipts, i, message)))]);
        var (elapsed, latencies) = client.AskEach(callers);
        Check(receipts);
        return Load.Of(elapsed, latencies);
    }

    private static bool Keep(ListingReceipt[] receipts, int place, ReadOnlySpan<byte> message)
    {
        receipts[place] = PublishListingResponse.Parser.ParseFrom(message).Receipt;
        return receipts[place].Version == 1;
    }

    /// <summary>A figure for a wrong answer is worth nothing.</summary>
    private static void Check(ListingReceipt[] receipts)
    {
        var sequences = receipts.Select(receipt => receipt.Position.Sequence).Distinct().ToArray();
        if (sequences.Length != receipts.Length || sequences.Max() - sequences.Min() != receipts.Length - 1)
        {
            throw new InvalidOperationException($"{receipts.Length} submits have {sequences.Length} receipts, or they have gaps.");
        }
    }
}
