using CreditShare.Core.Access;
using CreditShare.Core.Push;
using CreditShare.Storage.Push;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>The subscriptions in PostgreSQL. Who writes one, or takes its lease, locks its row first.</summary>
internal sealed class PostgresSubscriptions(PostgresConnections connections) : ISubscriptionEngine
{
    public Task<bool> InsertAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(PostgresSql.InsertSubscription, connection);
                command.Parameters.With(wish.Id.Partner.Value).With(wish.Id.Value).With(wish.Revision + 1).With((short)wish.State)
                    .With(wish.StateSince).With(wish.PurgedAt).With(wish.IsPushed).With(wish.Body);
                PostgresPushRows.WithLanes(command.Parameters, lanes);
                return await command.ExecuteNonQueryAsync(token) > 0;
            },
            cancellationToken);

    public async Task<SubscriptionRow?> FindAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        (await connections.QueryAsync(
            PostgresSql.FindSubscription,
            parameters => parameters.With(id.Partner.Value).With(id.Value),
            PostgresPushRows.ReadSubscription,
            cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<SubscriptionRow>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ListSubscriptions,
            parameters => parameters.With(partner?.Value).With(after?.Partner.Value ?? "").With(after?.Value ?? "").With(limit),
            PostgresPushRows.ReadSubscription,
            cancellationToken);

    public Task<bool> UpdateAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, bool forgetRejected, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async (connection, token) =>
            {
                await using var update = new NpgsqlCommand(PostgresSql.UpdateSubscription, connection);
                update.Parameters.With(wish.Id.Partner.Value).With(wish.Id.Value).With((short)wish.State).With(wish.StateSince)
                    .With(wish.PurgedAt).With(wish.IsPushed).With(wish.Body).With(wish.Revision);
                if (await update.ExecuteScalarAsync(token) is not long number) return false;

                await using var batch = connection.CreateBatch();
                PostgresPushRows.UpdateLanes(batch.BatchCommands, [.. lanes.Select(lane => (number, lane))]);
                if (forgetRejected) batch.BatchCommands.Then(PostgresSql.ForgetRejected).With(number);
                if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(token);
                return true;
            },
            cancellationToken);

    public Task<LaneRow?> MoveAsync(SubscriptionId id, Func<LaneRow, LaneMove> move, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async (connection, token) =>
            {
                var locked = await LockAsync(connection, [id], token);
                if (!locked.TryGetValue(id, out var found)) return null;

                LaneRow lane;
                await using (var read = new NpgsqlCommand(PostgresSql.FindLane, connection))
                {
                    read.Parameters.With(found.Number).With((short)Lane.Ordered);
                    await using var row = await read.ExecuteReaderAsync(token);
                    if (!await row.ReadAsync(token)) return null;
                    lane = PostgresPushRows.ReadLane(row, Lane.Ordered, 0);
                }

                var moved = move(lane);
                if (moved.Attempt is not { } attempt) return moved.Lane;

                await using var batch = connection.CreateBatch();
                PostgresPushRows.UpdateLanes(batch.BatchCommands, [(found.Number, moved.Lane)]);
                PostgresPushRows.InsertAttempts(batch.BatchCommands, [(found.Number, attempt)]);
                await batch.ExecuteNonQueryAsync(token);
                return moved.Lane;
            },
            cancellationToken);

    public Task<IReadOnlyList<SubscriptionRow>> LeaseAsync(
        Guid node, int limit, TimeSpan length, CancellationToken cancellationToken) =>
        InTransactionAsync<IReadOnlyList<SubscriptionRow>>(
            async (connection, token) =>
            {
                var taken = new List<long>();
                await using (var take = new NpgsqlCommand(PostgresSql.TakeLeases, connection))
                {
                    take.Parameters.With(node).With(limit).With(length);
                    await using var numbers = await take.ExecuteReaderAsync(token);
                    while (await numbers.ReadAsync(token)) taken.Add(numbers.GetInt64(0));
                }

                if (taken.Count == 0) return [];

                // A statement of its own, which sees what the last holder wrote until the lock was taken.
                await using var read = new NpgsqlCommand(PostgresSql.ReadSubscriptions, connection);
                read.Parameters.With(taken.ToArray());
                await using var rows = await read.ExecuteReaderAsync(token);
                var leased = new List<SubscriptionRow>();
                while (await rows.ReadAsync(token)) leased.Add(PostgresPushRows.ReadSubscription(rows));
                return leased;
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync<IReadOnlyDictionary<SubscriptionId, long>>(
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(PostgresSql.RenewLeases, connection);
                command.Parameters.With(node).With(length);
                await using var rows = await command.ExecuteReaderAsync(token);
                var held = new Dictionary<SubscriptionId, long>();
                while (await rows.ReadAsync(token)) held.Add(PostgresPushRows.ReadId(rows, 0), rows.GetInt64(2));
                return held;
            },
            cancellationToken);

    public Task ReleaseAsync(Guid node, CancellationToken cancellationToken) =>
        connections.WriteAsync(batch => batch.Then(PostgresSql.ReleaseLeases).With(node), cancellationToken);

    public Task<IReadOnlyList<RecordResult>> WriteAsync(IReadOnlyList<RecordRow> group, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async (connection, token) =>
            {
                var plan = new RecordPlan(group, await LockAsync(connection, [.. group.Select(record => record.Id).Distinct()], token));
                await using var batch = connection.CreateBatch();
                PostgresPushRows.Write(batch.BatchCommands, plan);
                if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(token);
                return plan.Results;
            },
            cancellationToken);

    public async Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(
        SubscriptionId id, long before, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ListAttempts,
            parameters => parameters.With(id.Partner.Value).With(id.Value).With(before).With(limit),
            PostgresPushRows.ReadAttempt,
            cancellationToken);

    public Task<int> PruneAttemptsAsync(long before, int limit, CancellationToken cancellationToken) => connections.RunPatientlyAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(PostgresSql.PruneAttempts, connection);
            command.Parameters.With(before).With(limit);
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellationToken);

    public async Task<IReadOnlyList<RejectedRow>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ListRejected,
            parameters => parameters.With(id.Partner.Value).With(id.Value).With(limit),
            PostgresPushRows.ReadRejected,
            cancellationToken);

    public async Task<IReadOnlyList<PassageRow>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadPassages,
            parameters => parameters.With(sequence),
            row => new PassageRow(
                PostgresPushRows.ReadId(row, 0),
                PostgresRows.GetInt64OrNull(row, 2),
                PostgresRows.GetInt64OrNull(row, 3),
                PostgresRows.GetInt64OrNull(row, 4)),
            cancellationToken);

    private static async Task<Dictionary<SubscriptionId, (long Number, long Fence)>> LockAsync(
        NpgsqlConnection connection, SubscriptionId[] ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PostgresSql.LockSubscriptions, connection);
        command.Parameters.With(Array.ConvertAll(ids, id => id.Partner.Value)).With(Array.ConvertAll(ids, id => id.Value));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var locked = new Dictionary<SubscriptionId, (long Number, long Fence)>();
        while (await rows.ReadAsync(cancellationToken)) locked.Add(PostgresPushRows.ReadId(rows, 0), (rows.GetInt64(2), rows.GetInt64(3)));
        return locked;
    }

    // A transaction in which nothing was written is committed too: it costs nothing.
    private Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, token);
                var result = await run(connection, token);
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            },
            cancellationToken);
}
