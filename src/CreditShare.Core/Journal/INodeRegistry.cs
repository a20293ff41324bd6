namespace CreditShare.Core.Journal;

/// <summary>How far a node is.</summary>
/// <param name="Id">The node's id, new with each start.</param>
/// <param name="Epoch">The life it has applied.</param>
/// <param name="Applied">The last change its index holds.</param>
/// <param name="Beat">Another one with each heartbeat. Nothing else can be told from it, and neither from its order.</param>
public sealed record NodeState(Guid Id, uint Epoch, long Applied, long Beat);

/// <summary>Which nodes answer lookups, and how far each has applied the journal; the ground of the withdrawal barrier.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface INodeRegistry
{
    /// <summary>Writes the node's row, and after that is visible reads the head.</summary>
    Task<JournalHead> BeatAsync(Guid node, uint epoch, long applied, CancellationToken cancellationToken);

    /// <summary>Reads all rows but those that are silent for <paramref name="youngerThan"/> by the store's clock, which may be set at any
    /// time: what must not be wrong cannot rest on it.</summary>
    Task<IReadOnlyList<NodeState>> ListAsync(TimeSpan youngerThan, CancellationToken cancellationToken);

    /// <summary>Removes the node's row when it stops; rows of nodes silent for an hour go with it.</summary>
    Task RemoveAsync(Guid node, CancellationToken cancellationToken);
}
