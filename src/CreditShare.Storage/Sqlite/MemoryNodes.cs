using CreditShare.Core.Journal;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage.Sqlite;

/// <summary>The nodes of an embedded store: the folder's lock sees to it that there is one, so its row need not outlive the process.</summary>
internal sealed class MemoryNodes(IJournalEngine engine, TimeProvider clock) : INodeRegistry
{
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, (uint Epoch, long Applied, long SeenAt, long Beat)> _nodes = [];
    private long _beats;

    public Task<JournalHead> BeatAsync(Guid node, uint epoch, long applied, CancellationToken cancellationToken)
    {
        lock (_lock) _nodes[node] = (epoch, applied, clock.GetTimestamp(), ++_beats);
        return engine.ReadHeadAsync(cancellationToken);
    }

    public Task<IReadOnlyList<NodeState>> ListAsync(TimeSpan youngerThan, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<NodeState>>(
            [
                .. _nodes
                    .Where(node => clock.GetElapsedTime(node.Value.SeenAt) < youngerThan)
                    .Select(node => new NodeState(node.Key, node.Value.Epoch, node.Value.Applied, node.Value.Beat)),
            ]);
        }
    }

    public Task RemoveAsync(Guid node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _nodes.Remove(node);
            foreach (var silent in _nodes.Where(other => clock.GetElapsedTime(other.Value.SeenAt) > s_keep).ToList()) _nodes.Remove(silent.Key);
        }

        return Task.CompletedTask;
    }
}
