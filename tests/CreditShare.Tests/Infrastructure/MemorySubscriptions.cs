using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Subscriptions in memory that keep to the port's contract, leases and fences included, and that a test can take down and hold up.</summary>
internal sealed class MemorySubscriptions(TimeProvider clock) : ISubscriptionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SubscriptionId, Row> _all = [];
    private readonly List<(SubscriptionId Id, LaneState Lane)> _moves = [];
    private TaskCompletionSource _records = Completed();

    /// <summary>Runs before the next change is written, once: for what somebody else does in between.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>Whether every call fails as if the store could not be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Runs before leases are taken.</summary>
    public Func<Task>? BeforeLease { get; set; }

    /// <summary>How often something was changed by an owner.</summary>
    public int Puts { get; private set; }

    /// <summary>The states of lanes that deliveries wrote, in order.</summary>
    public IReadOnlyList<(SubscriptionId Id, LaneState Lane)> Moves
    {
        get
        {
            lock (_gate) return [.. _moves];
        }
    }

    public StoredSubscription this[SubscriptionId id]
    {
        get
        {
            lock (_gate) return _all[id].Shown;
        }
    }

    /// <summary>The present fence.</summary>
    public long FenceOf(SubscriptionId id)
    {
        lock (_gate) return _all[id].Fence;
    }

    /// <summary>All attempts, oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> AttemptsOf(SubscriptionId id)
    {
        lock (_gate) return _all.TryGetValue(id, out var row) ? [.. row.Attempts] : [];
    }

    /// <summary>Writes what a delivery would have.</summary>
    public void Move(SubscriptionId id, Func<StoredSubscription, StoredSubscription> change)
    {
        lock (_gate) _all[id].Stored = change(_all[id].Stored);
    }

    /// <summary>Adds an attempt.</summary>
    public void Try(SubscriptionId id, DeliveryAttempt attempt)
    {
        lock (_gate) _all[id].Add(attempt);
    }

    /// <summary>Adds a rejected change.</summary>
    public void Reject(SubscriptionId id, JournalEntry entry, bool isWithdrawal, string reason)
    {
        var change = new RejectedChange
        {
            Sequence = entry.Sequence,
            Listing = entry.Listing.Id,
            Version = entry.Listing.Version,
            IsWithdrawal = isWithdrawal,
            Reason = reason,
            At = entry.RecordedAt,
        };
        lock (_gate) _all[id].Rejected[change.Sequence] = change;
    }

    /// <summary>Lets another node take a subscription over, whatever lease there is.</summary>
    public LeasedSubscription TakeOver(SubscriptionId id, Guid node, TimeSpan length)
    {
        lock (_gate) return _all[id].Lease(node, clock.GetUtcNow() + length);
    }

    /// <summary>Lets records from now on be written, but not answered before what is returned is completed.</summary>
    public TaskCompletionSource HoldRecords() => _records = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> CreateAsync(Subscription subscription, LaneState ordered, LaneState withdrawals, CancellationToken cancellationToken) =>
        Answer(() => _all.TryAdd(
            subscription.Id, new Row { Stored = new StoredSubscription(subscription with { Revision = 1 }, ordered, withdrawals, 0) }));

    public Task<StoredSubscription?> FindAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        Answer(() => _all.TryGetValue(id, out var found) ? found.Shown : null);

    public Task<IReadOnlyList<StoredSubscription>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<StoredSubscription>>(() =>
        [
            .. _all.Values.Select(row => row.Shown)
                .Where(stored => partner is null || stored.Subscription.Id.Partner == partner)
                .OrderBy(stored => stored.Subscription.Id.Partner.Value, StringComparer.Ordinal)
                .ThenBy(stored => stored.Subscription.Id.Value, StringComparer.Ordinal)
                .SkipWhile(stored => after is { } place && Compare(stored.Subscription.Id, place) <= 0)
                .Take(limit),
        ]);

    public Task<bool> PutAsync(
        Subscription subscription, LaneState? ordered, LaneState? withdrawals, bool forgetRejected, CancellationToken cancellationToken)
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        meanwhile?.Invoke();
        return Answer(() =>
        {
            var row = _all[subscription.Id];
            if (row.Stored.Subscription.Revision != subscription.Revision) return false;

            Puts++;
            if (forgetRejected)
            {
                foreach (var change in row.Rejected.Values.Where(change => !change.IsWithdrawal).ToList()) row.Rejected.Remove(change.Sequence);
            }

            row.Stored = new StoredSubscription(
                subscription with { Revision = subscription.Revision + 1 }, ordered ?? row.Stored.Ordered, withdrawals ?? row.Stored.Withdrawals, 0);
            row.Fence++;
            row.Holder = null;
            return true;
        });
    }

    public Task<LaneState> AcknowledgeAsync(
        SubscriptionId id, JournalHead accepted, long applied, DateTimeOffset now, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            var row = _all[id];
            var lane = row.Stored.Ordered with
            {
                Accepted = accepted.Sequence > row.Stored.Ordered.Accepted.Sequence ? accepted : row.Stored.Ordered.Accepted,
                Applied = Math.Max(applied, row.Stored.Ordered.Applied),
            };
            row.Stored = row.Stored with { Ordered = lane };
            return lane;
        });

    public Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(SubscriptionId id, long? before, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<DeliveryAttempt>>(
            () => [.. AttemptsOf(id).Where(attempt => before is null || attempt.Number < before).OrderByDescending(attempt => attempt.Number).Take(limit)]);

    public Task<IReadOnlyList<RejectedChange>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<RejectedChange>>(() => _all.TryGetValue(id, out var row) ? [.. row.Rejected.Values.Take(limit)] : []);

    public Task<IReadOnlyList<PassageTimes>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<PassageTimes>>(() =>
        [
            .. from pair in _all
               let passing = pair.Value.Attempts.Where(attempt => attempt.From < sequence && attempt.To >= sequence).ToList()
               where passing.Count > 0
               select new PassageTimes(
                   pair.Key,
                   passing.Min(attempt => attempt.At),
                   passing.Where(attempt => attempt.Accepted >= sequence).Select(attempt => (DateTimeOffset?)attempt.At).Min(),
                   passing.Where(attempt => attempt.Applied >= sequence).Select(attempt => (DateTimeOffset?)attempt.At).Min()),
        ]);

    public async Task<IReadOnlyList<LeasedSubscription>> LeaseAsync(
        Guid node, int limit, TimeSpan length, CancellationToken cancellationToken)
    {
        if (BeforeLease is { } before) await before();
        return await Answer<IReadOnlyList<LeasedSubscription>>(() =>
        {
            var now = clock.GetUtcNow();
            return [.. _all.Values.Where(row => row.IsFreeAt(now)).Take(limit).Select(row => row.Lease(node, now + length))];
        });
    }

    public Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken) =>
        Answer<IReadOnlyDictionary<SubscriptionId, long>>(() =>
        {
            var held = _all.Values.Where(row => row.Holder == node && row.Stored.Subscription.PurgedAt is null).ToList();
            foreach (var row in held) row.HeldUntil = clock.GetUtcNow() + length;
            return held.ToDictionary(row => row.Stored.Subscription.Id, row => row.Fence);
        });

    public Task ReleaseAsync(Guid node, CancellationToken cancellationToken) => Answer(() =>
    {
        foreach (var row in _all.Values.Where(row => row.Holder == node)) row.Holder = null;
        return true;
    });

    public async Task<RecordResult> RecordAsync(DeliveryRecord record, CancellationToken cancellationToken)
    {
        var held = _records.Task;
        var result = await Answer(() => Write(record));
        await held.WaitAsync(cancellationToken);
        return result;
    }

    public Task<int> PruneAttemptsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => Answer(
        () => _all.Values.Sum(row => row.Attempts.RemoveAll(attempt => attempt.At < before)));

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private static int Compare(SubscriptionId one, SubscriptionId other) =>
        string.CompareOrdinal(one.Partner.Value, other.Partner.Value) is not 0 and var partners ? partners : string.CompareOrdinal(one.Value, other.Value);

    private Task<T> Answer<T>(Func<T> act)
    {
        if (IsDown) return Task.FromException<T>(new StoreUnavailableException("The store cannot be reached.", innerException: null));

        lock (_gate) return Task.FromResult(act());
    }

    private RecordResult Write(DeliveryRecord record)
    {
        if (!_all.TryGetValue(record.Id, out var row)) return RecordResult.FenceLost;
        if (record.Attempt is { } attempt) row.Add(attempt);
        if (record.Fence != row.Fence) return RecordResult.FenceLost;

        var (subscription, ordered, withdrawals, _) = row.Stored;
        subscription = subscription with
        {
            State = record.State ?? subscription.State,
            StateSince = record.State is null ? subscription.StateSince : record.StateSince,
            PurgedAt = record.PurgedAt ?? subscription.PurgedAt,
        };
        if (record.Lane is { } lane)
        {
            _moves.Add((record.Id, lane));
            (ordered, withdrawals) = lane.Lane == Lane.Ordered ? (lane, withdrawals) : (ordered, lane);
        }

        row.Stored = new StoredSubscription(subscription, ordered, withdrawals, 0);
        foreach (var (listing, version) in record.Settled)
        {
            foreach (var change in row.Rejected.Values.Where(change => change.Listing == listing && change.Version <= version).ToList())
            {
                row.Rejected.Remove(change.Sequence);
            }
        }

        foreach (var change in record.Rejected) row.Rejected[change.Sequence] = change;
        return RecordResult.Written;
    }

    /// <summary>A subscription as it is kept.</summary>
    private sealed class Row
    {
        public required StoredSubscription Stored { get; set; }

        public long Fence { get; set; }

        public Guid? Holder { get; set; }

        public DateTimeOffset HeldUntil { get; set; }

        public List<DeliveryAttempt> Attempts { get; } = [];

        public SortedDictionary<long, RejectedChange> Rejected { get; } = [];

        public StoredSubscription Shown => Stored with { Rejected = Rejected.Count };

        public bool IsFreeAt(DateTimeOffset now) =>
            Stored.Subscription is { PurgedAt: null, Delivery: not Delivery.Pull, State: not SubscriptionState.Paused }
            && (Holder is null || HeldUntil <= now);

        public LeasedSubscription Lease(Guid node, DateTimeOffset until)
        {
            (Holder, HeldUntil) = (node, until);
            return new LeasedSubscription(Shown, ++Fence);
        }

        public void Add(DeliveryAttempt attempt) => Attempts.Add(attempt with { Number = Attempts.Count + 1 });
    }
}
