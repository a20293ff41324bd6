using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>What can be measured of deliveries. A subscription is a tag only where a number is its own; there are few of them.</summary>
internal sealed class PushMetrics
{
    public const string MeterName = "CreditShare.Push";

    private readonly Meter _meter;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _latency;
    private readonly Counter<long> _changes;
    private readonly ConcurrentDictionary<(SubscriptionId Subscription, Lane Lane), long> _lags = new();
    private readonly ConcurrentDictionary<SubscriptionId, int> _outstanding = new();

    public PushMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _attempts = _meter.CreateCounter<long>("creditshare.push.attempts", "{attempt}", "Messages sent, or held back by an open breaker.");
        _latency = _meter.CreateHistogram<double>(
            "creditshare.push.latency", "s", "Time from sending a message to its answer.", tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
        _changes = _meter.CreateCounter<long>("creditshare.push.changes", "{change}", "Changes that receivers accepted.");
        _meter.CreateObservableGauge("creditshare.push.subscriptions", () => _outstanding.Count, "{subscription}", "Subscriptions that this node delivers to.");
        _meter.CreateObservableGauge("creditshare.push.lag", Lags, "{change}", "Numbers of the journal that a lane is behind.");
        _meter.CreateObservableGauge("creditshare.push.outstanding", Outstanding, "{change}", "Rejected withdrawals that are sent again.");
    }

    public void Attempted(DeliveryAttempt attempt)
    {
        _attempts.Add(1, new("creditshare.lane", attempt.Lane.ToString()), new("creditshare.outcome", attempt.Outcome.ToString()));
        if (attempt.Outcome == DeliveryOutcome.Broken) return;

        _latency.Record(attempt.Latency.TotalSeconds, new KeyValuePair<string, object?>("creditshare.lane", attempt.Lane.ToString()));
    }

    public void Accepted(Lane lane, int changes) => _changes.Add(changes, new KeyValuePair<string, object?>("creditshare.lane", lane.ToString()));

    public void Stands(SubscriptionId subscription, Lane lane, long lag) => _lags[(subscription, lane)] = lag;

    public void Waits(SubscriptionId subscription, int outstanding) => _outstanding[subscription] = outstanding;

    /// <summary>Takes a subscription out that this node no longer delivers to.</summary>
    public void Forget(SubscriptionId subscription)
    {
        _outstanding.TryRemove(subscription, out _);
        _lags.TryRemove((subscription, Lane.Ordered), out _);
        _lags.TryRemove((subscription, Lane.Withdrawals), out _);
    }

    public void ObserveBreakers(Func<int> open) => _meter.CreateObservableGauge(
        "creditshare.push.breakers.open", open, "{breaker}", "Circuit breakers that keep messages back.");

    private static KeyValuePair<string, object?> Tag(SubscriptionId subscription) => new("creditshare.subscription", subscription.ToString());

    private IEnumerable<Measurement<long>> Lags() => _lags.Select(
        lag => new Measurement<long>(lag.Value, Tag(lag.Key.Subscription), new("creditshare.lane", lag.Key.Lane.ToString())));

    private IEnumerable<Measurement<int>> Outstanding() => _outstanding.Select(waits => new Measurement<int>(waits.Value, Tag(waits.Key)));
}
