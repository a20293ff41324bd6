using CreditShare.Core.Listings;
using CreditShare.Core.Push;

namespace CreditShare.Storage.Push;

/// <summary>What a group of records comes to, decided under the lock of its subscriptions: of several states of a lane only the last one is
/// written.</summary>
/// <remarks>To be written in the order settled, then rejected. Not safe for concurrent callers.</remarks>
internal sealed class RecordPlan
{
    private readonly Dictionary<(long Subscription, long Sequence), RejectedRow> _rejected = [];

    /// <summary>Decides a group.</summary>
    /// <param name="group">The records, in the order of their arrival.</param>
    /// <param name="subscriptions">The number and the present fence of each subscription there is.</param>
    public RecordPlan(
        IReadOnlyList<RecordRow> group, IReadOnlyDictionary<SubscriptionId, (long Number, long Fence)> subscriptions)
    {
        var results = new RecordResult[group.Count];
        for (var i = 0; i < group.Count; i++)
        {
            results[i] = RecordResult.FenceLost;
            if (!subscriptions.TryGetValue(group[i].Id, out var found)) continue;

            if (group[i].Attempt is { } attempt) Attempts.Add((found.Number, attempt));
            if (group[i].Fence != found.Fence) continue;

            results[i] = RecordResult.Written;
            Add(found.Number, group[i]);
        }

        Results = results;
    }

    /// <summary>What becomes of each record, in order.</summary>
    public IReadOnlyList<RecordResult> Results { get; }

    /// <summary>Attempts to insert; those of a lost fence too, because they were made.</summary>
    public List<(long Subscription, AttemptRow Attempt)> Attempts { get; } = [];

    /// <summary>Lanes to write.</summary>
    public Dictionary<(long Subscription, Lane Lane), LaneRow> Lanes { get; } = [];

    /// <summary>States to write.</summary>
    public Dictionary<long, StateRow> States { get; } = [];

    /// <summary>Listings whose rejected changes no longer wait, up to a version.</summary>
    public Dictionary<(long Subscription, ListingId Listing), long> Settled { get; } = [];

    /// <summary>Rejected changes to write.</summary>
    public IReadOnlyDictionary<(long Subscription, long Sequence), RejectedRow> Rejected => _rejected;

    private void Add(long subscription, RecordRow record)
    {
        if (record.Lane is { } lane) Lanes[(subscription, lane.Lane)] = lane;
        if (record.State is { } state)
        {
            States[subscription] = States.TryGetValue(subscription, out var before)
                ? new StateRow(state.State ?? before.State, state.StateSince ?? before.StateSince, state.PurgedAt ?? before.PurgedAt)
                : state;
        }

        foreach (var rejected in record.Rejected) _rejected[(subscription, rejected.Sequence)] = rejected;

        foreach (var (listing, version) in record.Settled)
        {
            var highest = Math.Max(Settled.GetValueOrDefault((subscription, listing)), version);
            Settled[(subscription, listing)] = highest;
            foreach (var (key, _) in _rejected.Where(row =>
                row.Key.Subscription == subscription && row.Value.Listing == listing && row.Value.Version <= version).ToList())
            {
                _rejected.Remove(key);
            }
        }
    }
}
