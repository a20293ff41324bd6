using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.V1;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Server.Push;

/// <summary>Cuts the ordered lane into contiguous frames.</summary>
internal sealed class OrderedFrames(Subscription subscription, JournalHead start, ChangeSource source, JournalTail tail, PushOptions options) : ILaneFrames
{
    /// <summary>Numbers of the journal that may be left out before a frame without changes says so.</summary>
    private const int QuietCover = 100_000;

    /// <summary>Numbers read at once when a range is read again.</summary>
    private const int ReadLimit = 10_000;

    private readonly FeedQuery _query = new(new Cursor(), subscription.Filter, subscription.View);

    public LanePlace Place { get; } = new(start, source, tail);

    public async Task<Frame?> NextAsync(LaneState lane, CancellationToken cancellationToken)
    {
        await Place.EnsureAsync(lane.Accepted, cancellationToken);
        if (lane.FailedTo is { } to && await ReadAgainAsync(lane.Accepted, to, cancellationToken) is { } again) return again;

        while (true)
        {
            var run = await source.ReadAsync(Place.At, _query, options.FrameChanges, options.FrameBytes, cancellationToken);
            if (run.To == run.From) return null;

            Place.GoTo(new JournalHead(run.Epoch, run.To, run.ToHash));
            if (run.Changes.Count > 0 || Place.At.Sequence - lane.Accepted.Sequence >= QuietCover) return FrameOf(lane.Accepted.Sequence, Place.At, run.Changes);
        }
    }

    // The range of a frame that failed, whatever it took to find it. Null if the journal no longer reaches so far.
    private async Task<Frame?> ReadAgainAsync(JournalHead from, long to, CancellationToken cancellationToken)
    {
        List<Change> changes = [];
        var at = from;
        while (at.Sequence < to)
        {
            var limit = (int)Math.Min(to - at.Sequence, ReadLimit);
            var run = await source.ReadAsync(at, _query, limit, int.MaxValue, cancellationToken);
            if (run.To == run.From) return null;

            changes.AddRange(run.Changes);
            at = new JournalHead(run.Epoch, run.To, run.ToHash);
        }

        Place.GoTo(at);
        return FrameOf(from.Sequence, at, changes);
    }

    private Frame FrameOf(long from, JournalHead to, IEnumerable<Change> changes) =>
        Frame.Of(subscription, Lane.Ordered, from, to, changes, tail.AppliedHead);
}
