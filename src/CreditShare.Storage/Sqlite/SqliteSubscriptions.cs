using CreditShare.Core.Access;
using CreditShare.Core.Push;
using CreditShare.Storage.Push;

namespace CreditShare.Storage.Sqlite;

/// <summary>The subscriptions in SQLite. The write lock of the database is the lock of each of them.</summary>
internal sealed class SqliteSubscriptions(SqliteWriter writer, SqliteReaders readers, TimeProvider clock) : ISubscriptionEngine
{
    public Task<bool> InsertAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            using var insert = session.Use(SqliteSql.InsertSubscription);
            insert.Bind(1, wish.Id.Partner.Value).Bind(2, wish.Id.Value).Bind(3, wish.Revision + 1).Bind(4, (long)wish.State)
                .Bind(5, wish.StateSince).BindOrNull(6, wish.PurgedAt).Bind(7, wish.IsPushed ? 1 : 0).Bind(8, wish.Body);
            if (!insert.Step()) return false;

            foreach (var lane in lanes) PutLane(session, insert.GetInt64(0), lane);
            return true;
        });

    public Task<SubscriptionRow?> FindAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<IReadOnlyList<SubscriptionRow>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<SubscriptionRow>>(
            session =>
            {
                using var rows = session.Use(SqliteSql.ListSubscriptions);
                rows.Bind(1, partner?.Value).Bind(2, after?.Partner.Value ?? "").Bind(3, after?.Value ?? "").Bind(4, limit);
                var found = new List<SubscriptionRow>();
                while (rows.Step()) found.Add(ReadSubscription(rows));
                return found;
            },
            cancellationToken);

    public Task<bool> UpdateAsync(WishRow wish, IReadOnlyList<LaneRow> lanes, bool forgetRejected, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            using var update = session.Use(SqliteSql.UpdateSubscription);
            update.Bind(1, wish.Id.Partner.Value).Bind(2, wish.Id.Value).Bind(3, (long)wish.State).Bind(4, wish.StateSince)
                .BindOrNull(5, wish.PurgedAt).Bind(6, wish.IsPushed ? 1 : 0).Bind(7, wish.Body).Bind(8, wish.Revision);
            if (!update.Step()) return false;

            var number = update.GetInt64(0);
            foreach (var lane in lanes) PutLane(session, number, lane);
            if (!forgetRejected) return true;

            using var forget = session.Use(SqliteSql.ForgetRejected);
            forget.Bind(1, number).Run();
            return true;
        });

    public Task<LaneRow?> MoveAsync(SubscriptionId id, Func<LaneRow, LaneMove> move, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            if (FindFence(session, id) is not { } found) return null;

            using var lane = session.Use(SqliteSql.FindLane).Bind(1, found.Number).Bind(2, (long)Lane.Ordered);
            if (!lane.Step()) return null;

            var moved = move(ReadLane(lane, Lane.Ordered, 0));
            if (moved.Attempt is not { } attempt) return moved.Lane;

            PutLane(session, found.Number, moved.Lane);
            InsertAttempt(session, found.Number, attempt);
            return moved.Lane;
        });

    public Task<IReadOnlyList<SubscriptionRow>> LeaseAsync(
        Guid node, int limit, TimeSpan length, CancellationToken cancellationToken) =>
        writer.WriteAsync<IReadOnlyList<SubscriptionRow>>(session =>
        {
            var now = clock.GetUtcNow();
            var free = new List<(long Number, SubscriptionId Id)>();
            using (var rows = session.Use(SqliteSql.FindUnleased).Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, limit))
            {
                while (rows.Step()) free.Add((rows.GetInt64(0), ReadId(rows, 1)));
            }

            using var take = session.Use(SqliteSql.TakeLease);
            foreach (var (number, _) in free) take.Bind(1, number).Bind(2, node).Bind(3, (now + length).ToUnixTimeMilliseconds()).Run();
            return [.. free.Select(taken => Find(session, taken.Id)!)];
        });

    public Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken) =>
        writer.WriteAsync<IReadOnlyDictionary<SubscriptionId, long>>(session =>
        {
            var held = new Dictionary<SubscriptionId, long>();
            using var rows = session.Use(SqliteSql.RenewLeases);
            rows.Bind(1, node).Bind(2, (clock.GetUtcNow() + length).ToUnixTimeMilliseconds());
            while (rows.Step()) held.Add(ReadId(rows, 0), rows.GetInt64(2));
            return held;
        });

    public Task ReleaseAsync(Guid node, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var release = session.Use(SqliteSql.ReleaseLeases);
        release.Bind(1, node).Run();
        return true;
    });

    public Task<IReadOnlyList<RecordResult>> WriteAsync(IReadOnlyList<RecordRow> group, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            var subscriptions = new Dictionary<SubscriptionId, (long Number, long Fence)>();
            foreach (var record in group)
            {
                if (!subscriptions.ContainsKey(record.Id) && FindFence(session, record.Id) is { } found) subscriptions.Add(record.Id, found);
            }

            var plan = new RecordPlan(group, subscriptions);
            Write(session, plan);
            return plan.Results;
        });

    public Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(
        SubscriptionId id, long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<AttemptRow>>(
            session =>
            {
                using var rows = session.Use(SqliteSql.ListAttempts);
                rows.Bind(1, id.Partner.Value).Bind(2, id.Value).Bind(3, before).Bind(4, limit);
                var attempts = new List<AttemptRow>();
                while (rows.Step()) attempts.Add(ReadAttempt(rows));
                return attempts;
            },
            cancellationToken);

    public Task<int> PruneAttemptsAsync(long before, int limit, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var prune = session.Use(SqliteSql.PruneAttempts).Bind(1, before).Bind(2, limit);
        var removed = 0;
        while (prune.Step()) removed++;
        return removed;
    });

    public Task<IReadOnlyList<RejectedRow>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<RejectedRow>>(
            session =>
            {
                using var rows = session.Use(SqliteSql.ListRejected);
                rows.Bind(1, id.Partner.Value).Bind(2, id.Value).Bind(3, limit);
                var rejected = new List<RejectedRow>();
                while (rows.Step())
                {
                    rejected.Add(new RejectedRow
                    {
                        Sequence = rows.GetInt64(0),
                        Listing = rows.GetListingId(1),
                        Version = rows.GetInt64(2),
                        IsWithdrawal = rows.GetInt64(3) != 0,
                        Reason = rows.GetBytes(4).ToArray(),
                        At = rows.GetInt64(5),
                    });
                }

                return rejected;
            },
            cancellationToken);

    public Task<IReadOnlyList<PassageRow>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<PassageRow>>(
            session =>
            {
                using var rows = session.Use(SqliteSql.ReadPassages).Bind(1, sequence);
                var passages = new List<PassageRow>();
                while (rows.Step())
                {
                    passages.Add(new PassageRow(ReadId(rows, 0), rows.GetInt64OrNull(2), rows.GetInt64OrNull(3), rows.GetInt64OrNull(4)));
                }

                return passages;
            },
            cancellationToken);

    private static SubscriptionId ReadId(SqliteStatement row, int first) => new(PartnerId.Restore(row.GetText(first)), row.GetText(first + 1));

    private static SubscriptionRow ReadSubscription(SqliteStatement row) => new(
        new WishRow
        {
            Id = ReadId(row, 1),
            Revision = row.GetInt64(3),
            State = (SubscriptionState)row.GetInt64(4),
            StateSince = row.GetInt64(5),
            PurgedAt = row.GetInt64OrNull(6),
            IsPushed = row.GetInt64(7) != 0,
            Body = row.GetBytes(8).ToArray(),
        },
        row.GetInt64(9),
        ReadLane(row, Lane.Ordered, 10),
        ReadLane(row, Lane.Withdrawals, 19))
    {
        Rejected = (int)row.GetInt64(28),
    };

    private static LaneRow ReadLane(SqliteStatement row, Lane lane, int first) => new()
    {
        Lane = lane,
        Epoch = (uint)row.GetInt64(first),
        Accepted = row.GetInt64(first + 1),
        Hash = row.GetBytes(first + 2).ToArray(),
        Applied = row.GetInt64(first + 3),
        Failures = (int)row.GetInt64(first + 4),
        FailingSince = row.GetInt64OrNull(first + 5),
        NextAttemptAt = row.GetInt64OrNull(first + 6),
        PendingTo = row.GetInt64OrNull(first + 7),
        Error = row.GetBytesOrNull(first + 8),
    };

    private static AttemptRow ReadAttempt(SqliteStatement row) => new()
    {
        Number = row.GetInt64(0),
        At = row.GetInt64(1),
        Purpose = (DeliveryPurpose)row.GetInt64(2),
        Lane = (Lane)row.GetInt64(3),
        Epoch = (uint)row.GetInt64(4),
        From = row.GetInt64(5),
        To = row.GetInt64(6),
        Outcome = (DeliveryOutcome)row.GetInt64(7),
        Latency = row.GetInt64(8),
        Status = row.GetText(9),
        Error = row.GetBytesOrNull(10),
        Accepted = row.GetInt64(11),
        Applied = row.GetInt64(12),
    };

    private static SubscriptionRow? Find(SqliteSession session, SubscriptionId id)
    {
        using var row = session.Use(SqliteSql.FindSubscription).Bind(1, id.Partner.Value).Bind(2, id.Value);
        return row.Step() ? ReadSubscription(row) : null;
    }

    private static (long Number, long Fence)? FindFence(SqliteSession session, SubscriptionId id)
    {
        using var row = session.Use(SqliteSql.FindFence).Bind(1, id.Partner.Value).Bind(2, id.Value);
        return row.Step() ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    private static void PutLane(SqliteSession session, long subscription, LaneRow lane)
    {
        using var put = session.Use(SqliteSql.PutLane);
        put.Bind(1, subscription).Bind(2, (long)lane.Lane).Bind(3, lane.Epoch).Bind(4, lane.Accepted).Bind(5, lane.Hash)
            .Bind(6, lane.Applied).Bind(7, lane.Failures).BindOrNull(8, lane.FailingSince).BindOrNull(9, lane.NextAttemptAt)
            .BindOrNull(10, lane.PendingTo).BindOrNull(11, lane.Error)
            .Run();
    }

    private static void InsertAttempt(SqliteSession session, long subscription, AttemptRow attempt)
    {
        using var insert = session.Use(SqliteSql.InsertAttempt);
        insert.Bind(1, subscription).Bind(2, attempt.At).Bind(3, (long)attempt.Purpose).Bind(4, (long)attempt.Lane)
            .Bind(5, attempt.Epoch).Bind(6, attempt.From).Bind(7, attempt.To).Bind(8, (long)attempt.Outcome)
            .Bind(9, attempt.Latency).Bind(10, attempt.Status).BindOrNull(11, attempt.Error)
            .Bind(12, attempt.Accepted).Bind(13, attempt.Applied)
            .Run();
    }

    private static void Write(SqliteSession session, RecordPlan plan)
    {
        foreach (var (subscription, attempt) in plan.Attempts) InsertAttempt(session, subscription, attempt);
        foreach (var ((subscription, _), lane) in plan.Lanes) PutLane(session, subscription, lane);

        using var update = session.Use(SqliteSql.UpdateState);
        foreach (var (subscription, state) in plan.States)
        {
            update.Bind(1, subscription).BindOrNull(2, (long?)state.State).BindOrNull(3, state.StateSince).BindOrNull(4, state.PurgedAt).Run();
        }

        using var settle = session.Use(SqliteSql.SettleRejected);
        foreach (var ((subscription, listing), version) in plan.Settled)
        {
            settle.Bind(1, subscription).Bind(2, listing.Value).Bind(3, version).Run();
        }

        using var put = session.Use(SqliteSql.PutRejected);
        foreach (var ((subscription, _), rejected) in plan.Rejected)
        {
            put.Bind(1, subscription).Bind(2, rejected.Sequence).Bind(3, rejected.Listing.Value).Bind(4, rejected.Version)
                .Bind(5, rejected.IsWithdrawal ? 1 : 0).Bind(6, rejected.Reason).Bind(7, rejected.At)
                .Run();
        }
    }
}
