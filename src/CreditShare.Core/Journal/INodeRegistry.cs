namespace CreditShare.Core.Journal;

/// <summary>How far a node is.</summary>
/// <param name="Id">The node's id, new with each start.</param>
/// <param name="Epoch">The life it has applied.</param>
/// <param name="Applied">The last change its index holds.</param>
/// <param name="Age">Time since its last heartbeat, by the store's clock.</param>
public sealed record NodeState(Guid Id, uint Epoch, long Applied, TimeSpan Age);

/// <summary>Which nodes answer lookups, and how far each has applied the journal; the ground of the withdrawal barrier.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface INodeRegistry
{
    /// <summary>Writes the node's row, and after that is visible reads the head.</summary>
    Task<JournalHead> BeatAsync(Guid node, uint epoch, long applied, CancellationToken cancellationToken);

    /// <summary>Reads all rows younger than <paramref name="youngerThan"/>.</summary>
    Task<IReadOnlyList<NodeState>> ListAsync(TimeSpan youngerThan, CancellationToken cancellationToken);

    /// <summary>Removes the node's row when it stops; rows of nodes silent for an hour go with it.</summary>
    Task RemoveAsync(Guid node, CancellationToken cancellationToken);
}
