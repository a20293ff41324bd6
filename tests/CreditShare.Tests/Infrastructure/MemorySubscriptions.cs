using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Subscriptions in memory, with what a delivery would have written.</summary>
internal sealed class MemorySubscriptions : ISubscriptionStore
{
    private readonly Dictionary<SubscriptionId, (StoredSubscription Stored, long Fence)> _all = [];
    private readonly Dictionary<SubscriptionId, List<DeliveryAttempt>> _attempts = [];
    private readonly Dictionary<SubscriptionId, List<RejectedChange>> _rejected = [];

    /// <summary>Runs before the next change is written, once: for what somebody else does in between.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>How often something was changed by an owner.</summary>
    public int Puts { get; private set; }

    public StoredSubscription this[SubscriptionId id] => WithRejected(_all[id].Stored);

    /// <summary>Writes what a delivery would have.</summary>
    public void Move(SubscriptionId id, Func<StoredSubscription, StoredSubscription> change) =>
        _all[id] = (change(_all[id].Stored), _all[id].Fence);

    /// <summary>Adds an attempt.</summary>
    public void Try(SubscriptionId id, DeliveryAttempt attempt)
    {
        if (!_attempts.TryGetValue(id, out var list)) _attempts[id] = list = [];
        list.Add(attempt with { Number = list.Count + 1 });
    }

    /// <summary>Adds a rejected change.</summary>
    public void Reject(SubscriptionId id, JournalEntry entry, bool isWithdrawal, string reason)
    {
        if (!_rejected.TryGetValue(id, out var list)) _rejected[id] = list = [];
        list.Add(new RejectedChange
        {
            Sequence = entry.Sequence,
            Listing = entry.Listing.Id,
            Version = entry.Listing.Version,
            IsWithdrawal = isWithdrawal,
            Reason = reason,
            At = entry.RecordedAt,
        });
    }

    public Task<bool> CreateAsync(Subscription subscription, LaneState ordered, LaneState withdrawals, CancellationToken cancellationToken)
    {
        if (_all.ContainsKey(subscription.Id)) return Task.FromResult(false);

        _all.Add(subscription.Id, (new StoredSubscription(subscription with { Revision = 1 }, ordered, withdrawals, 0), 0));
        return Task.FromResult(true);
    }

    public Task<StoredSubscription?> FindAsync(SubscriptionId id, CancellationToken cancellationToken) =>
        Task.FromResult(_all.TryGetValue(id, out var found) ? WithRejected(found.Stored) : null);

    public Task<IReadOnlyList<StoredSubscription>> ListAsync(
        PartnerId? partner, SubscriptionId? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredSubscription>>(
        [
            .. _all.Values.Select(pair => WithRejected(pair.Stored))
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
        var (stored, fence) = _all[subscription.Id];
        if (stored.Subscription.Revision != subscription.Revision) return Task.FromResult(false);

        Puts++;
        if (forgetRejected && _rejected.TryGetValue(subscription.Id, out var list)) list.RemoveAll(change => !change.IsWithdrawal);
        _all[subscription.Id] = (
            new StoredSubscription(
                subscription with { Revision = subscription.Revision + 1 }, ordered ?? stored.Ordered, withdrawals ?? stored.Withdrawals, 0),
            fence + 1);
        return Task.FromResult(true);
    }

    public Task<LaneState> AcknowledgeAsync(
        SubscriptionId id, JournalHead accepted, long applied, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (stored, fence) = _all[id];
        var lane = stored.Ordered with
        {
            Accepted = accepted.Sequence > stored.Ordered.Accepted.Sequence ? accepted : stored.Ordered.Accepted,
            Applied = Math.Max(applied, stored.Ordered.Applied),
        };
        _all[id] = (stored with { Ordered = lane }, fence);
        return Task.FromResult(lane);
    }

    public Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(SubscriptionId id, long? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeliveryAttempt>>(
            [.. AttemptsOf(id).Where(attempt => before is null || attempt.Number < before).OrderByDescending(attempt => attempt.Number).Take(limit)]);

    public Task<IReadOnlyList<RejectedChange>> ListRejectedAsync(SubscriptionId id, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RejectedChange>>([.. _rejected.GetValueOrDefault(id, []).OrderBy(change => change.Sequence).Take(limit)]);

    public Task<IReadOnlyList<PassageTimes>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PassageTimes>>(
        [
            .. from pair in _attempts
               let passing = pair.Value.Where(attempt => attempt.From < sequence && attempt.To >= sequence).ToList()
               where passing.Count > 0
               select new PassageTimes(
                   pair.Key,
                   passing.Min(attempt => attempt.At),
                   passing.Where(attempt => attempt.Accepted >= sequence).Select(attempt => (DateTimeOffset?)attempt.At).Min(),
                   passing.Where(attempt => attempt.Applied >= sequence).Select(attempt => (DateTimeOffset?)attempt.At).Min()),
        ]);

    public Task<IReadOnlyList<LeasedSubscription>> LeaseAsync(Guid node, int limit, TimeSpan length, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing is delivered here.");

    public Task<IReadOnlyDictionary<SubscriptionId, long>> RenewAsync(Guid node, TimeSpan length, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing is delivered here.");

    public Task ReleaseAsync(Guid node, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is delivered here.");

    public Task<RecordResult> RecordAsync(DeliveryRecord record, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing is delivered here.");

    public Task<int> PruneAttemptsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing is pruned here.");

    private static int Compare(SubscriptionId one, SubscriptionId other) =>
        string.CompareOrdinal(one.Partner.Value, other.Partner.Value) is not 0 and var partners ? partners : string.CompareOrdinal(one.Value, other.Value);

    private List<DeliveryAttempt> AttemptsOf(SubscriptionId id) => _attempts.GetValueOrDefault(id, []);

    private StoredSubscription WithRejected(StoredSubscription stored) =>
        stored with { Rejected = _rejected.GetValueOrDefault(stored.Subscription.Id, []).Count };
}
