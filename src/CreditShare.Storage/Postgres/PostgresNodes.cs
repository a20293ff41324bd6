using CreditShare.Core.Journal;

namespace CreditShare.Storage.Postgres;

/// <summary>The nodes in PostgreSQL; a heartbeat is known by its microsecond on the server's clock.</summary>
internal sealed class PostgresNodes(PostgresConnections connections) : INodeRegistry
{
    public Task<JournalHead> BeatAsync(Guid node, uint epoch, long applied, CancellationToken cancellationToken) => connections.RunVitallyAsync(
        async (connection, token) =>
        {
            // One round trip and two transactions: the head is read once the row can be seen by everybody.
            await using var batch = connection.CreateBatch();
            batch.EnableErrorBarriers = true;
            batch.BatchCommands.Then(PostgresSql.PutNode).With(node).With<long>(epoch).With(applied);
            batch.BatchCommands.Then(PostgresSql.ReadHead);
            await using var reader = await batch.ExecuteReaderAsync(token);
            await reader.ReadAsync(token);
            return PostgresRows.ReadHead(reader);
        },
        cancellationToken);

    public async Task<IReadOnlyList<NodeState>> ListAsync(TimeSpan youngerThan, CancellationToken cancellationToken) =>
        await connections.QueryVitallyAsync(
            PostgresSql.ReadNodes,
            parameters => parameters.With(youngerThan),
            row => new NodeState(row.GetGuid(0), (uint)row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);

    public Task RemoveAsync(Guid node, CancellationToken cancellationToken) =>
        connections.WriteAsync(batch => batch.Then(PostgresSql.DeleteNode).With(node), cancellationToken);
}
