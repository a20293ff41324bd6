using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage.Push;

/// <summary>The subscriptions over any engine.</summary>
internal sealed class StoreSubscriptions : ISubscriptionStore, IAsyncDisposable
{
    private const int MaxSubscriptions = 10_000;
    private const int MaxAttempts = 1_000;

    private readonly ISubscriptionEngine _engine;
    private readonly SubscriptionCodec _codec;
    private readonly GroupCommit<PendingRecord> _commits;

    public StoreSubscriptions(ISubscriptionEngine engine, Keyring keys)
    {
        _engine = engine;
        _codec = new SubscriptionCodec(keys);
        _commits = new GroupCommit<PendingRecord>(CommitAsync, pending => 1 + pending.Row.Rejected.Count + pending.Row.Settled.Count);
    }

    public Task<bool> CreateAsync(
        Subscription subscription, LaneState ordered, LaneState withdrawals, CancellationToken cancellationToken) =>
        _engine.InsertAsync(_codec.ToRow(subscription), LanesOf(subscription.Id, ordered, withdrawals), cancellationToken);

    public async Task<StoredSubscription?> FindAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        await _engine.FindAsync(id, cancellationToken) is { } row ? _codec.Open(row) : null;

    public async Task<IReadOnlyList<StoredSubscription>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken)
    {
        CheckLimit(limit, MaxSubscriptions);
        return [.. (await _engine.ListAsync(partner, after, limit, cancellationToken)).Select(_codec.Open)];
    }

    public Task<bool> PutAsync(
        Subscription subscription, LaneState? ordered, LaneState? withdrawals, bool forgetRejected, CancellationToken cancellationToken) =>
        _engine.UpdateAsync(
            _codec.ToRow(subscription), LanesOf(subscription.Id, ordered, withdrawals), forgetRejected, cancellationToken);

    public async Task<LaneState> AcknowledgeAsync(
        SubscriptionId id, JournalHead accepted, long applied, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lane = await _engine.MoveAsync(id, lane => Move(id, lane, accepted, applied, now), cancellationToken)
            ?? throw new InvalidOperationException($"There is no {id}.");
        return _codec.Open(id, lane);
    }

    public async Task<IReadOnlyList<LeasedSubscription>> LeaseAsync(
        Guid node, int limit, TimeSpan length, CancellationToken cancellationToken)
    {
        CheckLimit(limit, MaxSubscriptions);
        var rows = await _engine.LeaseAsync(node, limit, length, cancellationToken);
        return [.. rows.Select(row => new LeasedSubscription(_codec.Open(row), row.Fence))];
    }

    public Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken) =>
        _engine.RenewAsync(node, length, cancellationToken);

    public Task ReleaseAsync(Guid node, CancellationToken cancellationToken) => _engine.ReleaseAsync(node, cancellationToken);

    public async Task<RecordResult> RecordAsync(DeliveryRecord record, CancellationToken cancellationToken)
    {
        var pending = new PendingRecord(_codec.ToRow(record));
        await (record.MayWait ? _commits.WriteLaterAsync(pending, cancellationToken) : _commits.WriteAsync(pending, cancellationToken));
        return pending.Result;
    }

    public async Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(
        SubscriptionId id, long? before, int limit, CancellationToken cancellationToken)
    {
        CheckLimit(limit, MaxAttempts);
        var rows = await _engine.ListAttemptsAsync(id, before ?? long.MaxValue, limit, cancellationToken);
        return [.. rows.Select(row => _codec.Open(id, row))];
    }

    public Task<int> PruneAttemptsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _engine.PruneAttemptsAsync(before.ToUnixTimeMilliseconds(), limit, cancellationToken);
    }

    public async Task<IReadOnlyList<RejectedChange>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return [.. (await _engine.ListRejectedAsync(id, limit, cancellationToken)).Select(row => _codec.Open(id, row))];
    }

    public async Task<IReadOnlyList<PassageTimes>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken)
    {
        // A withdrawal travels on both lanes; whichever was first counts.
        var passages = new List<PassageTimes>();
        foreach (var row in await _engine.ReadPassagesAsync(sequence, cancellationToken))
        {
            var passage = new PassageTimes(
                row.Id,
                SubscriptionCodec.ToInstant(row.SentAt),
                SubscriptionCodec.ToInstant(row.AcceptedAt),
                SubscriptionCodec.ToInstant(row.AppliedAt));
            if (passages is [.., var last] && last.Id == row.Id)
            {
                passages[^1] = new PassageTimes(
                    row.Id,
                    Earlier(last.SentAt, passage.SentAt),
                    Earlier(last.AcceptedAt, passage.AcceptedAt),
                    Earlier(last.AppliedAt, passage.AppliedAt));
            }
            else
            {
                passages.Add(passage);
            }
        }

        return passages;
    }

    /// <summary>Finishes what waits to be written.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private static void CheckLimit(int limit, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, most);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private LaneRow[] LanesOf(SubscriptionId id, params ReadOnlySpan<LaneState?> lanes)
    {
        var rows = new List<LaneRow>();
        foreach (var lane in lanes)
        {
            if (lane is not null) rows.Add(_codec.ToRow(id, lane));
        }

        return [.. rows];
    }

    private LaneMove Move(SubscriptionId id, LaneRow lane, JournalHead accepted, long applied, DateTimeOffset now)
    {
        var moved = lane with { Applied = Math.Max(lane.Applied, Math.Min(applied, Math.Max(accepted.Sequence, lane.Accepted))) };
        if (accepted.Sequence > lane.Accepted || (accepted.Sequence == lane.Accepted && accepted.Epoch > lane.Epoch))
        {
            moved = moved with { Epoch = accepted.Epoch, Accepted = accepted.Sequence, Hash = accepted.Hash.ToArray() };
        }

        if (moved == lane) return new LaneMove(lane, Attempt: null);

        var attempt = new DeliveryAttempt
        {
            At = now,
            Purpose = DeliveryPurpose.Changes,
            Lane = Lane.Ordered,
            Epoch = moved.Epoch,
            From = lane.Accepted,
            To = moved.Accepted,
            Outcome = DeliveryOutcome.Acknowledged,
            Latency = TimeSpan.Zero,
            Accepted = moved.Accepted,
            Applied = moved.Applied,
        };
        return new LaneMove(moved, _codec.ToRow(id, attempt));
    }

    private async Task CommitAsync(IReadOnlyList<PendingRecord> group)
    {
        var results = await _engine.WriteAsync([.. group.Select(pending => pending.Row)], CancellationToken.None);
        for (var i = 0; i < group.Count; i++) group[i].Result = results[i];
    }

    /// <summary>A record that waits for its commit.</summary>
    private sealed class PendingRecord(RecordRow row)
    {
        public RecordRow Row { get; } = row;

        public RecordResult Result { get; set; }
    }
}
