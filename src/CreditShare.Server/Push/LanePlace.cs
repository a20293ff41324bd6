using CreditShare.Core.Journal;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;

namespace CreditShare.Server.Push;

/// <summary>Up to where a lane's changes were looked for, held against the journal's history whenever that may have become another one: numbers tell
/// nothing across a failover.</summary>
/// <remarks>Used by one loop only.</remarks>
internal sealed class LanePlace(JournalHead start, ChangeSource source, JournalTail tail)
{
    private (int Generation, uint Life) _checked = (-1, 0);

    /// <summary>The place; what is up to there and not in a frame was left out by the filter.</summary>
    public JournalHead At { get; private set; } = start;

    /// <summary>Goes to a place, forth or back.</summary>
    public void GoTo(JournalHead place) => At = place;

    /// <summary>Goes on to the accepted place, and checks that at first, after each load of the tail and in each life of the journal. What was looked
    /// at past it may be of the former history, so it is looked again from there.</summary>
    /// <exception cref="Transport.RefusedException">The accepted place is not one of this history.</exception>
    public async Task EnsureAsync(JournalHead accepted, CancellationToken cancellationToken)
    {
        var present = (tail.Generation, tail.Applied.Epoch);
        if (present != _checked)
        {
            await source.CheckAsync(accepted.ToProto(), cancellationToken);
            At = accepted;
            _checked = present;
        }

        if (At.Sequence < accepted.Sequence) At = accepted;
    }
}
