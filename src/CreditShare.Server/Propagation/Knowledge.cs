using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.V1;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Propagation;

/// <summary>The rules of who was told of a listing, and who has confirmed its end. In doubt somebody was told, and has not confirmed.</summary>
internal static class Knowledge
{
    // What a feed was sent is noted once a minute.
    private static readonly TimeSpan NoteInterval = TimeSpan.FromMinutes(1);

    /// <summary>Whether the receiver of a subscription was, or may have been, sent some version of the listing.</summary>
    public static bool WasTold(StoredSubscription stored, ListingTrail trail)
    {
        var subscription = stored.Subscription;
        if (!subscription.Filter.Matches(trail.Last.Listing)) return false;

        var start = subscription.Start.Sequence;
        if (trail.End is { } end && end.Sequence <= start) return false;

        // Whoever began at a place of its own, such as an export's, holds the list as it stood there.
        if (subscription.StartGiven && trail.Changes[0].Sequence <= start) return true;

        return trail.Changes.Any(change => change.Sequence > start && MayHaveBeenSent(stored, change));
    }

    /// <summary>Whether a reader of the feed without a subscription was, or may have been, sent some version of the listing.</summary>
    public static bool WasTold(FeedReader reader, ListingTrail trail) =>
        (trail.End is not { } end || end.RecordedAt >= reader.FirstAt)
        && trail.Changes.Any(change => change.Sequence > reader.FirstSequence
            && (change.Sequence <= reader.LastSequence || change.RecordedAt <= reader.LastAt + NoteInterval));

    /// <summary>How far the receiver of a subscription is with the end of a listing of which it was told.</summary>
    /// <param name="stored">The subscription.</param>
    /// <param name="end">The end's number; null while the listing stands.</param>
    /// <param name="isRejected">Whether the receiver rejected it last.</param>
    /// <param name="wasSent">Whether a message that carried it is on record.</param>
    public static RecipientState StateOf(StoredSubscription stored, long? end, bool isRejected, bool wasSent)
    {
        if (end is not { } sequence) return RecipientState.Listed;
        if (stored.Subscription.PurgedAt is not null) return RecipientState.Applied;
        if (!isRejected && Covers(stored, sequence, lane => lane.Applied)) return RecipientState.Applied;

        // Its partner fetches no more and is sent no order to purge: what it still holds nobody will tell us.
        if (IsGone(stored.Subscription)) return RecipientState.Unconfirmed;
        if (isRejected) return RecipientState.Sent;
        if (Covers(stored, sequence, lane => lane.Accepted.Sequence)) return RecipientState.Accepted;
        return wasSent || Covers(stored, sequence, lane => lane.PendingTo ?? 0) ? RecipientState.Sent : RecipientState.NotSent;
    }

    /// <summary>Whether somebody in that state has yet to confirm.</summary>
    public static bool IsOutstanding(RecipientState state) =>
        state is RecipientState.NotSent or RecipientState.Sent or RecipientState.Accepted;

    /// <summary>The number up to which nothing can be outstanding for the subscription, rejections left aside.</summary>
    public static long ConfirmedUpTo(StoredSubscription stored)
    {
        if (stored.Subscription.PurgedAt is not null || IsGone(stored.Subscription)) return long.MaxValue;

        var ordered = stored.Ordered.Applied;
        return ordered < stored.Subscription.WithdrawalsStart ? ordered : Math.Max(ordered, stored.Withdrawals.Applied);
    }

    /// <summary>Whether either lane is past the number. What ended before the lane of withdrawals began never travelled on it.</summary>
    private static bool Covers(StoredSubscription stored, long sequence, Func<LaneState, long> upTo) =>
        upTo(stored.Ordered) >= sequence
        || (sequence > stored.Subscription.WithdrawalsStart && upTo(stored.Withdrawals) >= sequence);

    private static bool IsGone(Core.Push.Subscription subscription) =>
        subscription is { State: SubscriptionState.Revoked, Delivery: Delivery.Pull };

    private static bool MayHaveBeenSent(StoredSubscription stored, JournalEntry change)
    {
        var isEnd = change.Listing.Ending is not null;
        if (IsSent(stored.Ordered, change) || (isEnd && change.Sequence > stored.Subscription.WithdrawalsStart && IsSent(stored.Withdrawals, change)))
        {
            return true;
        }

        // Beyond what is on record a message may be on its way, or a partner may have fetched without acknowledging yet. While a lane
        // fails, nothing leaves it but what has failed; while nothing is delivered, only what had left before.
        var mayBeUnderWay = stored.Ordered.Failures == 0 || (isEnd && stored.Withdrawals.Failures == 0);
        var isDelivered = stored.Subscription.State
            is not (SubscriptionState.Paused or SubscriptionState.Revoked or SubscriptionState.PendingVerification);
        return mayBeUnderWay && (isDelivered || change.RecordedAt <= stored.Subscription.StateSince);
    }

    private static bool IsSent(LaneState lane, JournalEntry change) =>
        change.Sequence <= Math.Max(lane.Accepted.Sequence, lane.PendingTo ?? 0);
}
