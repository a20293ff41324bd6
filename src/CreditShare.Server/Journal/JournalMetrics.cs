using System.Diagnostics.Metrics;

namespace CreditShare.Server.Journal;

/// <summary>What can be measured of this node's place in the journal.</summary>
internal sealed class JournalMetrics
{
    public const string MeterName = "CreditShare.Journal";

    private readonly Counter<long> _applied;
    private readonly Counter<long> _stale;
    private readonly Histogram<double> _barrier;
    private long _sequence;

    public JournalMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _applied = meter.CreateCounter<long>("creditshare.journal.applied", "{change}", "Changes applied by this node.");
        _stale = meter.CreateCounter<long>("creditshare.journal.stale", "{call}", "Calls refused because the node's lease was over.");
        _barrier = meter.CreateHistogram<double>(
            "creditshare.journal.barrier",
            "s",
            "Time from the commit of a withdrawal until no node says LISTED because of it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5] });
        meter.CreateObservableGauge("creditshare.journal.sequence", () => Interlocked.Read(ref _sequence), "{change}", "Last change applied by this node.");
    }

    public void Applied(int changes, long sequence)
    {
        _applied.Add(changes);
        Interlocked.Exchange(ref _sequence, sequence);
    }

    public void Stale() => _stale.Add(1);

    public void BarrierPassed(TimeSpan after) => _barrier.Record(after.TotalSeconds);
}
