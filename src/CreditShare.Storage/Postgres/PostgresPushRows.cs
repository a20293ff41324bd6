using CreditShare.Core.Access;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.Storage.Push;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Rows of subscriptions and of what belongs to them, from columns and to arrays of them.</summary>
internal static class PostgresPushRows
{
    public static SubscriptionId ReadId(NpgsqlDataReader row, int first) =>
        new(PartnerId.Restore(row.GetString(first)), row.GetString(first + 1));

    public static SubscriptionRow ReadSubscription(NpgsqlDataReader row) => new(
        new WishRow
        {
            Id = ReadId(row, 1),
            Revision = row.GetInt64(3),
            State = (SubscriptionState)row.GetInt16(4),
            StateSince = row.GetInt64(5),
            PurgedAt = PostgresRows.GetInt64OrNull(row, 6),
            IsPushed = row.GetBoolean(7),
            Body = row.GetFieldValue<byte[]>(8),
        },
        row.GetInt64(9),
        ReadLane(row, Lane.Ordered, 10),
        ReadLane(row, Lane.Withdrawals, 19))
    {
        Rejected = (int)row.GetInt64(28),
    };

    public static LaneRow ReadLane(NpgsqlDataReader row, Lane lane, int first) => new()
    {
        Lane = lane,
        Epoch = (uint)row.GetInt64(first),
        Accepted = row.GetInt64(first + 1),
        Hash = row.GetFieldValue<byte[]>(first + 2),
        Applied = row.GetInt64(first + 3),
        Failures = row.GetInt32(first + 4),
        FailingSince = PostgresRows.GetInt64OrNull(row, first + 5),
        NextAttemptAt = PostgresRows.GetInt64OrNull(row, first + 6),
        PendingTo = PostgresRows.GetInt64OrNull(row, first + 7),
        Error = GetBytesOrNull(row, first + 8),
    };

    public static AttemptRow ReadAttempt(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt64(0),
        At = row.GetInt64(1),
        Purpose = (DeliveryPurpose)row.GetInt16(2),
        Lane = (Lane)row.GetInt16(3),
        Epoch = (uint)row.GetInt64(4),
        From = row.GetInt64(5),
        To = row.GetInt64(6),
        Outcome = (DeliveryOutcome)row.GetInt16(7),
        Latency = row.GetInt64(8),
        Status = row.GetString(9),
        Error = GetBytesOrNull(row, 10),
        Accepted = row.GetInt64(11),
        Applied = row.GetInt64(12),
    };

    public static RejectedRow ReadRejected(NpgsqlDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Listing = new ListingId(row.GetGuid(1)),
        Version = row.GetInt64(2),
        IsWithdrawal = row.GetBoolean(3),
        Reason = row.GetFieldValue<byte[]>(4),
        At = row.GetInt64(5),
    };

    /// <summary>Adds the columns of lanes, from the lane on.</summary>
    public static void WithLanes(NpgsqlParameterCollection parameters, IReadOnlyCollection<LaneRow> lanes) => parameters
        .With(Column(lanes, lane => (short)lane.Lane)).With(Column(lanes, lane => (long)lane.Epoch))
        .With(Column(lanes, lane => lane.Accepted)).With(Column(lanes, lane => lane.Hash)).With(Column(lanes, lane => lane.Applied))
        .With(Column(lanes, lane => lane.Failures)).With(Column(lanes, lane => lane.FailingSince))
        .With(Column(lanes, lane => lane.NextAttemptAt)).With(Column(lanes, lane => lane.PendingTo))
        .With(Column(lanes, lane => lane.Error));

    /// <summary>Adds the statement that writes lanes, if there are any.</summary>
    public static void UpdateLanes(NpgsqlBatchCommandCollection batch, IReadOnlyCollection<(long Subscription, LaneRow Lane)> lanes)
    {
        if (lanes.Count == 0) return;

        var parameters = batch.Then(PostgresSql.UpdateLanes).With(Column(lanes, lane => lane.Subscription));
        WithLanes(parameters, [.. lanes.Select(lane => lane.Lane)]);
    }

    /// <summary>Adds the statement that inserts attempts, if there are any; their numbers ascend in this order.</summary>
    public static void InsertAttempts(
        NpgsqlBatchCommandCollection batch, IReadOnlyCollection<(long Subscription, AttemptRow Attempt)> attempts)
    {
        if (attempts.Count == 0) return;

        batch.Then(PostgresSql.InsertAttempts)
            .With(Column(attempts, row => row.Subscription)).With(Column(attempts, row => row.Attempt.At))
            .With(Column(attempts, row => (short)row.Attempt.Purpose)).With(Column(attempts, row => (short)row.Attempt.Lane))
            .With(Column(attempts, row => (long)row.Attempt.Epoch)).With(Column(attempts, row => row.Attempt.From))
            .With(Column(attempts, row => row.Attempt.To)).With(Column(attempts, row => (short)row.Attempt.Outcome))
            .With(Column(attempts, row => row.Attempt.Latency)).With(Column(attempts, row => row.Attempt.Status))
            .With(Column(attempts, row => row.Attempt.Error)).With(Column(attempts, row => row.Attempt.Accepted))
            .With(Column(attempts, row => row.Attempt.Applied));
    }

    /// <summary>Adds the statements that a plan comes to.</summary>
    public static void Write(NpgsqlBatchCommandCollection batch, RecordPlan plan)
    {
        InsertAttempts(batch, plan.Attempts);
        UpdateLanes(batch, [.. plan.Lanes.Select(row => (row.Key.Subscription, row.Value))]);
        if (plan.States.Count > 0)
        {
            batch.Then(PostgresSql.UpdateStates)
                .With(Column(plan.States, row => row.Key)).With(Column(plan.States, row => (short?)row.Value.State))
                .With(Column(plan.States, row => row.Value.StateSince)).With(Column(plan.States, row => row.Value.PurgedAt));
        }

        if (plan.Settled.Count > 0)
        {
            batch.Then(PostgresSql.SettleRejected)
                .With(Column(plan.Settled, row => row.Key.Subscription)).With(Column(plan.Settled, row => row.Key.Listing.Value))
                .With(Column(plan.Settled, row => row.Value));
        }

        if (plan.Rejected.Count == 0) return;

        var rejected = plan.Rejected;
        batch.Then(PostgresSql.PutRejected)
            .With(Column(rejected, row => row.Key.Subscription)).With(Column(rejected, row => row.Key.Sequence))
            .With(Column(rejected, row => row.Value.Listing.Value)).With(Column(rejected, row => row.Value.Version))
            .With(Column(rejected, row => row.Value.IsWithdrawal)).With(Column(rejected, row => row.Value.Reason))
            .With(Column(rejected, row => row.Value.At));
    }

    private static byte[]? GetBytesOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static T[] Column<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        var i = 0;
        foreach (var row in rows) column[i++] = value(row);
        return column;
    }
}
