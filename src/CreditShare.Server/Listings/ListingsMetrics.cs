using System.Diagnostics.Metrics;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Server.Listings;

/// <summary>What can be measured of the courts' commands.</summary>
internal sealed class ListingsMetrics
{
    public const string MeterName = "CreditShare.Listings";

    private readonly Counter<long> _commands;
    private readonly Histogram<double> _duration;
    private long _graceOver;
    private long _unserved;

    public ListingsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commands = meter.CreateCounter<long>("creditshare.listings.commands", "{command}", "Commands by kind and outcome.");
        _duration = meter.CreateHistogram<double>(
            "creditshare.listings.duration",
            "s",
            "Time from a command's arrival to its durable answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5] });
        meter.CreateObservableGauge(
            "creditshare.listings.grace_over",
            () => Interlocked.Read(ref _graceOver),
            "{listing}",
            "Listings whose period of grace is over and which wait for their court to confirm or cancel.");
        meter.CreateObservableGauge(
            "creditshare.listings.unserved",
            () => Interlocked.Read(ref _unserved),
            "{listing}",
            "Published listings whose court has not stated that the decision was served.");
    }

    public void Handled(ListingCommand command, AppendResult result, TimeSpan duration)
    {
        Counted(command.GetType().Name.ToLowerInvariant(), result);
        if (_duration.Enabled) _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("creditshare.command", command.GetType().Name.ToLowerInvariant()));
    }

    public void Imported(AppendResult result) => Counted("import", result);

    public void GraceOver(long count) => Interlocked.Exchange(ref _graceOver, count);

    public void Unserved(long count) => Interlocked.Exchange(ref _unserved, count);

    private void Counted(string command, AppendResult result) => _commands.Add(
        1,
        new KeyValuePair<string, object?>("creditshare.command", command),
        new KeyValuePair<string, object?>("creditshare.outcome", result is AppendResult.Appended ? "accepted" : "refused"));
}
