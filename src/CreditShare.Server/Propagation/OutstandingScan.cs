using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.V1;

namespace CreditShare.Server.Propagation;

/// <summary>Which outstanding withdrawals a page is about.</summary>
internal sealed record OutstandingQuery
{
    /// <summary>Only withdrawals that were recorded up to then.</summary>
    public required DateTimeOffset RecordedUntil { get; init; }

    /// <summary>Only this partner; null for all.</summary>
    public PartnerId? Partner { get; init; }

    /// <summary>Whose withdrawals may be seen.</summary>
    public required Func<CourtCode, bool> MaySee { get; init; }

    /// <summary>Only what comes behind; null for the first page.</summary>
    public OutstandingPlace? After { get; init; }

    /// <summary>1 to 1,000.</summary>
    public required int Limit { get; init; }
}

/// <summary>A place in the list: a withdrawal, and a recipient of it.</summary>
/// <param name="Sequence">The withdrawal's number.</param>
/// <param name="Recipient">The recipient's key.</param>
internal readonly record struct OutstandingPlace(long Sequence, string Recipient);

/// <summary>A page of the list.</summary>
/// <param name="Withdrawals">Longest outstanding first.</param>
/// <param name="Next">Where the next page begins; null behind the last one.</param>
internal sealed record OutstandingPage(IReadOnlyList<OutstandingWithdrawal> Withdrawals, OutstandingPlace? Next);

/// <summary>Lists withdrawals that somebody has not confirmed. It reads the withdrawals from the first that may be outstanding on, which is
/// few while receivers keep up; nothing is kept for it that could go wrong.</summary>
internal sealed class OutstandingScan(IStore store, RecipientList recipients, AnswerValidity validity, TimeProvider clock)
{
    /// <summary>Withdrawals looked at for one page; one that ends there may be short and goes on with its token.</summary>
    public const int MaxLookedAt = 5_000;

    private const int Batch = 500;

    // Behind every key of a recipient.
    private const string LastKey = "~";

    // The clocks of two nodes may differ by that much, so that recorded times need not ascend strictly.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Reads a page.</summary>
    public async Task<OutstandingPage> ReadAsync(OutstandingQuery query, CancellationToken cancellationToken)
    {
        // Step 1: who could be outstanding at all, and from which number on.
        var subscriptions = await recipients.ReadSubscriptionsAsync(query.Partner, cancellationToken);
        Dictionary<SubscriptionId, IReadOnlyDictionary<long, RejectedChange>> rejected = [];
        foreach (var stored in subscriptions.Where(stored => stored.Rejected > 0 && stored.Subscription.PurgedAt is null))
        {
            rejected[stored.Subscription.Id] = await recipients.ReadRejectedAsync(stored, cancellationToken);
        }

        var validSince = clock.GetUtcNow() - validity.Length;
        var after = subscriptions.Select(Knowledge.ConfirmedUpTo).Append(long.MaxValue).Min();
        if (query.RecordedUntil > validSince)
        {
            // An answer that may still be acted on was given since, and so was the end that it does not know of.
            after = Math.Min(after, (await store.Journal.FindSequenceAsync(validSince, cancellationToken) ?? long.MaxValue) - 1);
        }

        var single = rejected.Values.SelectMany(changes => changes.Keys).Where(sequence => sequence <= after).Distinct().Order().ToList();

        // Step 2: withdrawal after withdrawal, until the page is full.
        List<OutstandingWithdrawal> page = [];
        var lookedAt = 0;
        await foreach (var end in WithdrawalsAsync(single, after, query.After?.Sequence ?? 0, cancellationToken))
        {
            if (end.RecordedAt > query.RecordedUntil + ClockTolerance) break;
            if (++lookedAt > MaxLookedAt) return new OutstandingPage(page, new OutstandingPlace(end.Sequence - 1, LastKey));
            if (end.RecordedAt > query.RecordedUntil || !query.MaySee(end.Listing.Content.Court)) continue;

            foreach (var (key, recipient) in await OfAsync(end, subscriptions, rejected, validSince, query.Partner, cancellationToken))
            {
                if (query.After is { } place && end.Sequence == place.Sequence && string.CompareOrdinal(key, place.Recipient) <= 0) continue;

                page.Add(new OutstandingWithdrawal
                {
                    Name = ResourceNames.Of(end.Listing.Content.Court, end.Listing.Id),
                    Version = end.Listing.Version,
                    Sequence = end.Sequence,
                    Recipient = recipient,
                });
                if (page.Count == query.Limit) return new OutstandingPage(page, new OutstandingPlace(end.Sequence, key));
            }
        }

        return new OutstandingPage(page, Next: null);
    }

    /// <summary>The single ones, then all behind a number, from the place of the page on.</summary>
    private async IAsyncEnumerable<JournalEntry> WithdrawalsAsync(
        List<long> single, long after, long from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var sequence in single.Where(sequence => sequence >= from))
        {
            foreach (var entry in await store.Journal.ReadAsync(sequence - 1, 1, cancellationToken)) yield return entry;
        }

        var at = Math.Max(after, from - 1);
        while (at < long.MaxValue - 1)
        {
            var batch = await store.Journal.ReadWithdrawalsAsync(at, Batch, cancellationToken);
            foreach (var entry in batch) yield return entry;
            if (batch.Count < Batch) yield break;
            at = batch[^1].Sequence;
        }
    }

    /// <summary>Who has not confirmed one withdrawal, by key.</summary>
    private async Task<List<(string Key, Recipient Recipient)>> OfAsync(
        JournalEntry end, IReadOnlyList<StoredSubscription> subscriptions,
        Dictionary<SubscriptionId, IReadOnlyDictionary<long, RejectedChange>> rejected, DateTimeOffset validSince, PartnerId? partner,
        CancellationToken cancellationToken)
    {
        List<(string Key, Recipient Recipient)> found = [];
        var open = subscriptions.Where(stored => IsOpen(stored, end, rejected.GetValueOrDefault(stored.Subscription.Id))).ToList();
        var trail = open.Count == 0 ? null : await ListingTrail.ReadAsync(store, end.Listing.Id, cancellationToken);
        if (trail is not null) open.RemoveAll(stored => !Knowledge.WasTold(stored, trail));
        if (open.Count > 0)
        {
            var passages = await recipients.ReadPassagesAsync(end.Sequence, cancellationToken);
            found.AddRange(open.Select(stored => RecipientList.OfSubscription(
                    stored, end, rejected.GetValueOrDefault(stored.Subscription.Id), passages))
                .Select(recipient => (recipient.Subscription, recipient)));
        }

        if (end.RecordedAt > validSince - ClockTolerance)
        {
            found.AddRange((await recipients.OfLookupsAsync(end, cancellationToken))
                .Where(recipient => Knowledge.IsOutstanding(recipient.State))
                .Where(recipient => partner is null || recipient.Partner == ResourceNames.Of(partner.Value))
                .Select(recipient => (recipient.Partner, recipient)));
        }

        found.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        return found;
    }

    private static bool IsOpen(StoredSubscription stored, JournalEntry end, IReadOnlyDictionary<long, RejectedChange>? rejected) =>
        stored.Subscription.Filter.Matches(end.Listing)
        && Knowledge.IsOutstanding(Knowledge.StateOf(
            stored, end.Sequence, rejected?.ContainsKey(end.Sequence) ?? false, wasSent: false));
}
