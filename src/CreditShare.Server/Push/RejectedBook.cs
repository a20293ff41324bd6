using System.Collections.Immutable;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.V1;

namespace CreditShare.Server.Push;

/// <summary>The changes that one receiver would not take, as far as they still wait.</summary>
/// <remarks>Safe for both lanes.</remarks>
internal sealed class RejectedBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, RejectedChange> _waiting = [];

    public RejectedBook(IEnumerable<RejectedChange> waiting)
    {
        foreach (var change in waiting) _waiting[change.Sequence] = change;
    }

    /// <summary>How many withdrawals wait, and the first of them past a number; null if there is none.</summary>
    public (int Count, long? Next) WithdrawalsPast(long sequence)
    {
        lock (_gate)
        {
            var (count, next) = (0, (long?)null);
            foreach (var change in _waiting.Values)
            {
                if (!change.IsWithdrawal) continue;

                count++;
                if (change.Sequence > sequence && !(change.Sequence >= next)) next = change.Sequence;
            }

            return (count, next);
        }
    }

    /// <summary>Whether so many more would be too many.</summary>
    public bool IsFullWith(IEnumerable<RejectedChange> more)
    {
        lock (_gate) return _waiting.Count + more.Count(change => !_waiting.ContainsKey(change.Sequence)) > RejectedChange.MaxPerSubscription;
    }

    /// <summary>What an answer rejects, without that of which it accepts a newer version.</summary>
    public static ImmutableArray<RejectedChange> Read(ReceiveChangesRequest request, DeliveryAnswer answer, DateTimeOffset now)
    {
        if (answer.Rejections.IsEmpty) return [];

        var reasons = answer.Rejections.ToDictionary(rejection => rejection.Sequence, rejection => rejection.Reason);
        var accepted = request.Changes.Where(change => change.Sequence <= answer.Accepted && !reasons.ContainsKey(change.Sequence))
            .ToLookup(change => change.ListingName, change => change.Version);
        return
        [
            .. from change in request.Changes
               where reasons.ContainsKey(change.Sequence) && !accepted[change.ListingName].Any(version => version > change.Version)
               select new RejectedChange
               {
                   Sequence = change.Sequence,
                   Listing = ListingOf(change),
                   Version = change.Version,
                   IsWithdrawal = change.Ending is not null,
                   Reason = Excerpt.Of(reasons[change.Sequence]),
                   At = now,
               },
        ];
    }

    /// <summary>Listings with rejected changes of which an answer accepts a version: those changes no longer wait.</summary>
    public ImmutableArray<(ListingId Listing, long Version)> SettledBy(ReceiveChangesRequest request, DeliveryAnswer answer)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0) return [];

            var rejected = answer.Rejections.Select(rejection => rejection.Sequence).ToHashSet();
            var listings = _waiting.Values.ToLookup(change => change.Listing, change => change.Version);
            return
            [
                .. from change in request.Changes
                   where change.Sequence <= answer.Accepted && !rejected.Contains(change.Sequence)
                   let listing = ListingOf(change)
                   where listings[listing].Any(version => version <= change.Version)
                   select (listing, change.Version),
            ];
        }
    }

    /// <summary>Enters what was written.</summary>
    public void Enter(IEnumerable<RejectedChange> rejected, IEnumerable<(ListingId Listing, long Version)> settled)
    {
        lock (_gate)
        {
            foreach (var (listing, version) in settled)
            {
                foreach (var change in _waiting.Values.Where(change => change.Listing == listing && change.Version <= version).ToList())
                {
                    _waiting.Remove(change.Sequence);
                }
            }

            foreach (var change in rejected) _waiting[change.Sequence] = change;
        }
    }

    // The names are our own, so their form is known: courts/{court_code}/listings/{uuid}.
    private static ListingId ListingOf(Change change) => new(Guid.ParseExact(change.ListingName.AsSpan(change.ListingName.LastIndexOf('/') + 1), "D"));
}
