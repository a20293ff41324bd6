using CreditShare.V1;

namespace CreditShare.Receiver;

/// <summary>Whether a frame is what the contract says a frame is.</summary>
internal static class FrameChecks
{
    /// <summary>What is wrong with a frame; null if nothing is.</summary>
    public static string? FaultOf(ReceiveChangesRequest frame)
    {
        if (frame.Lane is not (Lane.Ordered or Lane.Withdrawals)) return $"The lane {frame.Lane} is not known here.";
        if (frame.Epoch == 0 || frame.FromSequence < 0 || frame.ToSequence < frame.FromSequence)
        {
            return $"No range: {frame.Epoch}:{frame.FromSequence} to {frame.ToSequence}.";
        }

        var last = frame.FromSequence;
        foreach (var change in frame.Changes)
        {
            if (change.Sequence <= last || change.Sequence > frame.ToSequence || change.Epoch == 0 || change.Epoch > frame.Epoch)
            {
                return $"Change {change.Epoch}:{change.Sequence} is out of place in its frame.";
            }

            if (change.ListingName.Length == 0 || change.Version <= 0) return $"Change {change.Epoch}:{change.Sequence} names no version of a listing.";

            last = change.Sequence;
        }

        return null;
    }
}
