using System.Diagnostics.Metrics;
using CreditShare.Core.Access;

namespace CreditShare.Server.Feed;

/// <summary>What can be measured of the streams to receivers.</summary>
internal sealed class FeedMetrics
{
    public const string MeterName = "CreditShare.Feed";

    private readonly UpDownCounter<long> _followers;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _cutOff;
    private long _following;

    public FeedMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _followers = meter.CreateUpDownCounter<long>("creditshare.feed.followers", "{follower}", "Receivers following now.");
        _frames = meter.CreateCounter<long>("creditshare.feed.frames", "{frame}", "Frames written, empty ones included.");
        _changes = meter.CreateCounter<long>("creditshare.feed.changes", "{change}", "Changes written.");
        _cutOff = meter.CreateCounter<long>("creditshare.feed.cut_off", "{follower}", "Receivers cut off because they did not read.");
    }

    /// <summary>How many follow now.</summary>
    public long Following => Interlocked.Read(ref _following);

    /// <summary>Counts a follower in.</summary>
    /// <returns>Counts it out when disposed; null if there are <paramref name="most"/> already.</returns>
    public IDisposable? TryFollow(PartnerId partner, int most)
    {
        // Added before it is looked at: of two that come for the last place, not both get it.
        if (Interlocked.Increment(ref _following) > most)
        {
            Interlocked.Decrement(ref _following);
            return null;
        }

        var tag = new KeyValuePair<string, object?>("creditshare.partner", partner.Value);
        _followers.Add(1, tag);
        return new Leaving(() =>
        {
            _followers.Add(-1, tag);
            Interlocked.Decrement(ref _following);
        });
    }

    public void Sent(int changes)
    {
        _frames.Add(1);
        _changes.Add(changes);
    }

    public void CutOff() => _cutOff.Add(1);

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
