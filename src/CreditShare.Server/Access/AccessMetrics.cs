using System.Diagnostics.Metrics;
using CreditShare.Server.Transport;
using CreditShare.V1;

namespace CreditShare.Server.Access;

/// <summary>What access control counts.</summary>
internal sealed class AccessMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CreditShare.Access";

    private readonly Counter<long> _refusals;
    private readonly UpDownCounter<long> _streams;

    public AccessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refusals = meter.CreateCounter<long>("creditshare.access.refusals", "{call}", "Calls not let in, by reason.");
        _streams = meter.CreateUpDownCounter<long>("creditshare.access.streams", "{stream}", "Open streams, by RPC.");
    }

    /// <summary>Notes a call that was not let in.</summary>
    public void Refused(ErrorReason reason) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("creditshare.reason", StatusMapping.WireName(reason)));

    /// <summary>Notes a stream that was opened (1) or has ended (−1).</summary>
    public void Stream(string method, int change) => _streams.Add(change, new KeyValuePair<string, object?>("rpc.method", method));
}
