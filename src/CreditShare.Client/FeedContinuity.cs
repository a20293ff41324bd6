using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>Proves that no change was missed: each frame begins where the one before it ended, in the same life of the journal.</summary>
/// <remarks>
/// A new life may begin without a loss, when a standby takes over that had everything. The server then knows our cursor by its hash. So
/// a higher epoch is accepted on the first frame of a connection that was opened with a hash or at the very beginning, and nowhere else.
/// </remarks>
internal sealed class FeedContinuity
{
    private uint _epoch;
    private long _sequence;
    private Google.Protobuf.ByteString _hash;
    private bool _isFirstFrame = true;

    internal FeedContinuity(Cursor from)
    {
        _epoch = from.Epoch;
        _sequence = from.Sequence;
        _hash = from.Hash;
    }

    /// <summary>Where to go on.</summary>
    internal Cursor Cursor => new() { Epoch = _epoch, Sequence = _sequence, Hash = _hash };

    internal void BeginConnection() => _isFirstFrame = true;

    /// <summary>Checks a frame and moves the cursor behind it.</summary>
    /// <returns>False if the frame is of a new life and another connection must prove first that it continues ours.</returns>
    /// <exception cref="FeedGapException">The frame does not follow.</exception>
    internal bool TryAccept(FollowChangesResponse frame)
    {
        var isNewLife = _epoch != 0 && frame.Epoch > _epoch;
        if (isNewLife && !_isFirstFrame) return false;

        var isProved = !isNewLife || _sequence == 0 || !_hash.IsEmpty;
        _isFirstFrame = false;
        if (!isProved || frame.Epoch < _epoch || frame.FromSequence != _sequence || frame.ToSequence < frame.FromSequence)
        {
            throw Gap(frame.Epoch, frame.FromSequence, $"The feed goes on at {frame.Epoch}:{frame.FromSequence} to {frame.ToSequence}");
        }

        var last = frame.FromSequence;
        foreach (var change in frame.Changes)
        {
            if (change.Sequence <= last || change.Sequence > frame.ToSequence || change.Epoch > frame.Epoch)
            {
                throw Gap(change.Epoch, change.Sequence, $"Change {change.Epoch}:{change.Sequence} is out of place in its frame");
            }

            last = change.Sequence;
        }

        _epoch = frame.Epoch;
        _sequence = frame.ToSequence;
        _hash = frame.ToHash;
        return true;
    }

    private FeedGapException Gap(uint epoch, long sequence, string what) => new(
        new Position { Epoch = _epoch, Sequence = _sequence },
        new Position { Epoch = epoch, Sequence = sequence },
        $"{what}; expected {_epoch}:{_sequence}. Changes are missing: take a new export.");
}
