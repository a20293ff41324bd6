using CreditShare.Core.Journal;

namespace CreditShare.Server.Journal;

/// <summary>Tells which rows belong to nodes that may still answer lookups, by this node's own clock.</summary>
/// <remarks>
/// A node answers for <see cref="NodeLease.Length"/> after it sent a heartbeat, and each heartbeat changes its row. So a row that was seen
/// unchanged for lease and margin is the row of a node that has stopped answering. How old the row looks by the store's clock says
/// nothing: that clock may be set forward, or be another machine's after a failover, while the node answers. One caller at a time.
/// </remarks>
internal sealed class NodeWatch(IStore store, [FromKeyedServices(BootClock.Key)] TimeProvider bootClock)
{
    /// <summary>Rows that look older than this are remains of nodes that crashed, and not read. No clock is set by as much while
    /// nodes are running.</summary>
    public static readonly TimeSpan Remains = TimeSpan.FromHours(1);

    private static readonly TimeSpan SilentAfter = NodeLease.Length + NodeLease.Margin;

    private Dictionary<Guid, Sighting> _sightings = [];

    /// <summary>Reads the rows and leaves out those of nodes that have stopped answering. A row that is seen for the first time
    /// counts.</summary>
    /// <exception cref="StoreUnavailableException">The rows cannot be read.</exception>
    public async Task<IReadOnlyList<NodeState>> ListAsync(CancellationToken cancellationToken)
    {
        // The row was as it is for at least the time from the end of one reading to the beginning of another.
        var asked = bootClock.GetTimestamp();
        var rows = await store.Nodes.ListAsync(Remains, cancellationToken);
        var read = bootClock.GetTimestamp();

        var sightings = new Dictionary<Guid, Sighting>(rows.Count);
        List<NodeState> answering = [];
        foreach (var row in rows)
        {
            var isKnown = _sightings.TryGetValue(row.Id, out var known) && known.Beat == row.Beat;
            var since = isKnown ? known.Since : read;
            sightings.Add(row.Id, new Sighting(row.Beat, since));
            if (bootClock.GetElapsedTime(since, asked) < SilentAfter) answering.Add(row);
        }

        _sightings = sightings;
        return answering;
    }

    /// <summary>A row as it was last seen, and since when.</summary>
    private readonly record struct Sighting(long Beat, long Since);
}
