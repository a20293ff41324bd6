using CreditShare.Core.Journal;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>How a lane's state follows from what came of a message. Pure.</summary>
internal static class LaneMoves
{
    extension(LaneState lane)
    {
        /// <summary>After a message of which nothing was taken.</summary>
        /// <param name="now">When.</param>
        /// <param name="wait">How long until the next attempt.</param>
        /// <param name="to">The range's upper end, which a retry repeats; null if there is none to repeat.</param>
        /// <param name="error">What went wrong.</param>
        public LaneState AfterFailure(DateTimeOffset now, TimeSpan wait, long? to, string error) => lane with
        {
            Failures = lane.Failures + 1,
            FailingSince = lane.FailingSince ?? now,
            NextAttemptAt = now + wait,
            PendingTo = to,
            LastError = error,
        };

        /// <summary>After a message of which something was taken: everything begins anew.</summary>
        /// <param name="accepted">The last change that was accepted.</param>
        /// <param name="applied">What the receiver said to have applied; it never runs back.</param>
        public LaneState AfterProgress(JournalHead accepted, long applied) => lane with
        {
            Accepted = accepted,
            Applied = Math.Min(Math.Max(lane.Applied, applied), accepted.Sequence),
            Failures = 0,
            FailingSince = null,
            NextAttemptAt = null,
            PendingTo = null,
            LastError = "",
        };

        /// <summary>Set back to a place, because receiver and journal do not have more in common.</summary>
        public LaneState BackTo(JournalHead place) => lane with
        {
            Accepted = place,
            Applied = Math.Min(lane.Applied, place.Sequence),
            PendingTo = null,
        };
    }
}
