using System.Diagnostics.Metrics;
using CreditShare.Core.Access;

namespace CreditShare.Server.Lookup;

/// <summary>What became of a record asked for in Redis.</summary>
internal enum RecordOutcome
{
    /// <summary>It was there and counts.</summary>
    Hit,

    /// <summary>It was not there.</summary>
    Miss,

    /// <summary>It is of another life, or older than the last change the index knows.</summary>
    Stale,

    /// <summary>It does not open, or is not a record of this document.</summary>
    Forged,

    /// <summary>Redis did not answer in time, or is left alone.</summary>
    Unavailable,
}

/// <summary>What can be measured of lookups.</summary>
internal sealed class LookupMetrics
{
    public const string MeterName = "CreditShare.Lookup";

    private static readonly KeyValuePair<string, object?>[] s_verdicts =
        [.. Enum.GetValues<Verdict>().Select(verdict => Tag("creditshare.verdict", verdict))];

    private static readonly KeyValuePair<string, object?>[] s_outcomes =
        [.. Enum.GetValues<RecordOutcome>().Select(outcome => Tag("creditshare.outcome", outcome))];

    private readonly Counter<long> _checks;
    private readonly Counter<long> _screened;
    private readonly Counter<long> _invalid;
    private readonly Counter<long> _records;
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _checkDuration;
    private readonly Histogram<double> _frameDuration;
    private volatile bool _isBroken;
    private volatile bool _isDisconnected;

    public LookupMetrics(IMeterFactory meters, DocumentIndex index)
    {
        var meter = meters.Create(MeterName);
        _checks = meter.CreateCounter<long>("creditshare.lookup.checks", "{check}", "Single and batched checks, by verdict.");
        _screened = meter.CreateCounter<long>("creditshare.lookup.screened", "{subject}", "Subjects screened, by verdict.");
        _invalid = meter.CreateCounter<long>("creditshare.lookup.invalid", "{subject}", "Subjects screened that could not be asked about.");
        _records = meter.CreateCounter<long>("creditshare.lookup.records", "{record}", "Records asked for in Redis, by outcome.");
        _repairs = meter.CreateCounter<long>("creditshare.lookup.repairs", "{record}", "Records written to Redis.");
        _dropped = meter.CreateCounter<long>(
            "creditshare.lookup.dropped", "{record}", "Records not written or refreshed because too many waited.");
        _checkDuration = meter.CreateHistogram(
            "creditshare.lookup.check.duration", "s", "Time of a single check.", advice: Buckets(0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 1));
        _frameDuration = meter.CreateHistogram(
            "creditshare.lookup.frame.duration", "s", "Time of a screening frame.", advice: Buckets(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.2, 1));
        meter.CreateObservableGauge("creditshare.lookup.index.documents", () => index.Documents, "{document}", "Documents in the index.");
        meter.CreateObservableGauge("creditshare.lookup.index.size", () => index.Bytes, "By", "Bytes of the index.");
        meter.CreateObservableGauge(
            "creditshare.lookup.redis.broken", () => _isBroken || _isDisconnected ? 1 : 0, "{breaker}",
            "1 while Redis is left alone, after failures or without a connection.");
    }

    public bool TimesChecks => _checkDuration.Enabled;

    public void Checked(Verdict verdict) => _checks.Add(1, s_verdicts[(int)verdict]);

    public void CheckTook(TimeSpan duration) => _checkDuration.Record(duration.TotalSeconds);

    public void Screened(Verdict verdict, int subjects)
    {
        if (subjects > 0) _screened.Add(subjects, s_verdicts[(int)verdict]);
    }

    public void Invalid(int subjects)
    {
        if (subjects > 0) _invalid.Add(subjects);
    }

    public void FrameTook(TimeSpan duration) => _frameDuration.Record(duration.TotalSeconds);

    public void Asked(RecordOutcome outcome, int records = 1)
    {
        if (records > 0) _records.Add(records, s_outcomes[(int)outcome]);
    }

    public void Repaired(int records) => _repairs.Add(records);

    public void Dropped() => _dropped.Add(1);

    public void BreakerIs(bool open) => _isBroken = open;

    public void ConnectionIs(bool there) => _isDisconnected = !there;

    private static KeyValuePair<string, object?> Tag<T>(string name, T value)
        where T : struct, Enum => new(name, SnakeCase(value.ToString()));

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
