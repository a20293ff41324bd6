using System.Diagnostics.Metrics;
using Grpc.Core;

namespace CreditShare.Server.Transport;

/// <summary>What the transport counts.</summary>
internal sealed class TransportMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CreditShare.Transport";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _unread;

    public TransportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _unread = meter.CreateCounter<long>(
            "creditshare.transport.unread", unit: "{call}", description: "Calls reset because their caller left the answer unread.");
        _duration = meter.CreateHistogram<double>(
            "creditshare.transport.call.duration",
            unit: "s",
            description: "Duration of calls, streams included, by RPC and status code.",
            tags: null,
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
    }

    /// <summary>Notes a call that was reset because nobody read its answer.</summary>
    public void Unread() => _unread.Add(1);

    /// <summary>Measures a call that has ended.</summary>
    public void Called(string method, StatusCode code, TimeSpan elapsed)
    {
        if (!_duration.Enabled) return;

        _duration.Record(
            elapsed.TotalSeconds,
            new KeyValuePair<string, object?>("rpc.method", method),
            new KeyValuePair<string, object?>("rpc.grpc.status_code", (int)code));
    }
}
