using CreditShare.Core.Journal;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;

namespace CreditShare.Server.Push;

/// <summary>Holds a lane's place against the journal's history whenever that may have become another one: numbers tell nothing across a
/// failover.</summary>
/// <remarks>Used by one loop only.</remarks>
internal sealed class HistoryCheck(ChangeSource source, JournalTail tail)
{
    private (int Generation, uint Life) _checked = (-1, 0);

    /// <summary>Checks the accepted place at first, after each load of the tail and in each life of the journal. What was looked at past it may
    /// be of the former history, so the lane looks again from there.</summary>
    /// <exception cref="Transport.RefusedException">The accepted place is not one of this history.</exception>
    public async Task EnsureAsync(ILaneFrames frames, JournalHead accepted, CancellationToken cancellationToken)
    {
        var present = (tail.Generation, tail.Applied.Epoch);
        if (present == _checked) return;

        await source.CheckAsync(accepted.ToProto(), cancellationToken);
        frames.GoTo(accepted);
        _checked = present;
    }
}
