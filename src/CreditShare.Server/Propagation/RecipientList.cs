using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.V1;

namespace CreditShare.Server.Propagation;

/// <summary>Names everybody who was told of one listing, and how far each is with its end.</summary>
internal sealed class RecipientList(IStore store, AnswerValidity validity, TimeProvider clock)
{
    /// <summary>Recipients told at most.</summary>
    public const int MaxRecipients = 10_000;

    private const int Page = 10_000;

    /// <summary>Reads every subscription of a partner; of all if it is null.</summary>
    public async Task<IReadOnlyList<StoredSubscription>> ReadSubscriptionsAsync(PartnerId? partner, CancellationToken cancellationToken)
    {
        List<StoredSubscription> all = [];
        IReadOnlyList<StoredSubscription> page;
        do
        {
            page = await store.Subscriptions.ListAsync(partner, all.Count == 0 ? null : all[^1].Subscription.Id, Page, cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Page);

        return all;
    }

    /// <summary>Reads the withdrawals that a receiver rejected and has not accepted since, by number.</summary>
    public async Task<IReadOnlyDictionary<long, RejectedChange>> ReadRejectedAsync(StoredSubscription stored, CancellationToken cancellationToken)
    {
        if (stored.Rejected == 0) return new Dictionary<long, RejectedChange>();

        var rejected = await store.Subscriptions.ListRejectedAsync(
            stored.Subscription.Id, RejectedChange.MaxPerSubscription, cancellationToken);
        return rejected.Where(change => change.IsWithdrawal).ToDictionary(change => change.Sequence);
    }

    /// <summary>Everybody who was told, by partner.</summary>
    public async Task<IReadOnlyList<Recipient>> OfAsync(ListingTrail trail, CancellationToken cancellationToken)
    {
        // Step 1: subscriptions, which can confirm.
        var all = await ReadSubscriptionsAsync(partner: null, cancellationToken);
        var told = all.Where(stored => Knowledge.WasTold(stored, trail)).ToList();
        var first = await ReadFirstSentAsync(told, trail, cancellationToken);
        var passages = trail.End is { } end
            ? await ReadPassagesAsync(end.Sequence, cancellationToken)
            : new Dictionary<SubscriptionId, PassageTimes>();
        List<Recipient> recipients = [];
        foreach (var stored in told)
        {
            var rejected = trail.End is null ? null : await ReadRejectedAsync(stored, cancellationToken);
            var recipient = OfSubscription(stored, trail.End, rejected, passages);
            if (first.TryGetValue(stored.Subscription.Id, out var at)) recipient.FirstDisclosedTime = at.ToProto();
            recipients.Add(recipient);
        }

        // Step 2: answers to lookups, which lapse.
        recipients.AddRange(await OfLookupsAsync(trail.Last, cancellationToken));

        // Step 3: readers of the feed, unless a subscription of theirs that they fetch accounts for the listing.
        var accounted = told.Where(stored => stored.Subscription.Delivery is Delivery.Pull).Select(stored => stored.Subscription.Id.Partner).ToHashSet();
        recipients.AddRange((await store.Disclosures.ReadReadersAsync(cancellationToken))
            .Where(reader => !accounted.Contains(reader.Partner) && Knowledge.WasTold(reader, trail))
            .Select(reader => OfReader(reader, trail)));

        return
        [
            .. recipients.OrderBy(recipient => recipient.Partner, StringComparer.Ordinal).ThenBy(recipient => recipient.Channel)
                .ThenBy(recipient => recipient.Subscription, StringComparer.Ordinal).Take(MaxRecipients),
        ];
    }

    /// <summary>When each subscription passed a number of the journal.</summary>
    public async Task<IReadOnlyDictionary<SubscriptionId, PassageTimes>> ReadPassagesAsync(long sequence, CancellationToken cancellationToken) =>
        (await store.Subscriptions.ReadPassagesAsync(sequence, cancellationToken)).ToDictionary(passage => passage.Id);

    /// <summary>A subscription as a recipient.</summary>
    public static Recipient OfSubscription(
        StoredSubscription stored, JournalEntry? end, IReadOnlyDictionary<long, RejectedChange>? rejected,
        IReadOnlyDictionary<SubscriptionId, PassageTimes> passages)
    {
        var id = stored.Subscription.Id;
        var passage = passages.GetValueOrDefault(id);
        var rejection = end is null ? null : rejected?.GetValueOrDefault(end.Sequence);
        var state = Knowledge.StateOf(stored, end?.Sequence, rejection is not null, passage?.SentAt is not null);
        var recipient = new Recipient
        {
            Partner = ResourceNames.Of(id.Partner),
            Subscription = id.ToString(),
            Channel = DisclosureChannel.Subscription,
            State = state,
            Rejection = rejection?.Reason ?? "",
            OutstandingSince = Knowledge.IsOutstanding(state) ? end!.RecordedAt.ToProto() : null,
        };
        if (state is RecipientState.Sent or RecipientState.Accepted or RecipientState.Applied) recipient.SentTime = passage?.SentAt?.ToProto();
        if (state is RecipientState.Accepted or RecipientState.Applied) recipient.AcceptedTime = passage?.AcceptedAt?.ToProto();
        if (state == RecipientState.Applied) recipient.AppliedTime = (passage?.AppliedAt ?? stored.Subscription.PurgedAt)?.ToProto();
        return recipient;
    }

    /// <summary>Partners that were told by an answer to a lookup.</summary>
    /// <param name="last">The listing's last change.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IEnumerable<Recipient>> OfLookupsAsync(JournalEntry last, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var asked = await store.Disclosures.ReadRecipientsAsync(last.Listing.Id, cancellationToken);
        return asked.Select(recipient => OfLookup(recipient, last, now));
    }

    private Recipient OfLookup(LookupRecipient told, JournalEntry last, DateTimeOffset now)
    {
        var validUntil = told.LastAt + validity.Length;
        if (last.Listing.LastDay is { } day && ChinaTime.StartOf(day.AddDays(1)) is var termEnd && termEnd < validUntil) validUntil = termEnd;

        var state = validUntil <= now ? RecipientState.Lapsed
            : last.Listing.Ending is null ? RecipientState.Listed
            : RecipientState.NotSent;
        return new Recipient
        {
            Partner = ResourceNames.Of(told.Partner),
            Channel = DisclosureChannel.Lookup,
            FirstDisclosedTime = told.FirstAt.ToProto(),
            State = state,
            OutstandingSince = Knowledge.IsOutstanding(state) ? last.RecordedAt.ToProto() : null,
            ValidUntil = validUntil.ToProto(),
        };
    }

    private static Recipient OfReader(FeedReader reader, ListingTrail trail)
    {
        var first = trail.Changes.First(change => change.Sequence > reader.FirstSequence).RecordedAt;
        return new Recipient
        {
            Partner = ResourceNames.Of(reader.Partner),
            Channel = DisclosureChannel.Feed,
            FirstDisclosedTime = (first > reader.FirstAt ? first : reader.FirstAt).ToProto(),
            State = trail.End is null ? RecipientState.Listed : RecipientState.Unconfirmed,
        };
    }

    /// <summary>When each subscription was first sent a version of the listing, as far as that is on record.</summary>
    private async Task<Dictionary<SubscriptionId, DateTimeOffset>> ReadFirstSentAsync(
        IReadOnlyList<StoredSubscription> told, ListingTrail trail, CancellationToken cancellationToken)
    {
        Dictionary<SubscriptionId, DateTimeOffset> sent = [];

        // Whoever held the list at its start was told before, by what is not on record.
        var bySequence = told
            .Where(stored => !(stored.Subscription.StartGiven && trail.Changes[0].Sequence <= stored.Subscription.Start.Sequence))
            .GroupBy(stored => trail.Changes.First(change => change.Sequence > stored.Subscription.Start.Sequence).Sequence);
        foreach (var group in bySequence)
        {
            var passages = await ReadPassagesAsync(group.Key, cancellationToken);
            foreach (var stored in group)
            {
                if (passages.GetValueOrDefault(stored.Subscription.Id)?.SentAt is { } at) sent[stored.Subscription.Id] = at;
            }
        }

        return sent;
    }
}
