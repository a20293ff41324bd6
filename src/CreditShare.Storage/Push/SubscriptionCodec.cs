using System.Text;
using System.Text.Json;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Push;

/// <summary>Subscriptions and what belongs to them, to rows and back; seals every text and address of a partner.</summary>
/// <remarks>Safe for concurrent callers. A row that does not open is an <see cref="InvalidDataException"/>.</remarks>
internal sealed class SubscriptionCodec(Keyring keys)
{
    private const int Pull = 1;
    private const int Grpc = 2;
    private const int Webhook = 3;
    private const int TicksPerMicrosecond = (int)TimeSpan.TicksPerMicrosecond;

    /// <summary>The instant of a stored number.</summary>
    public static DateTimeOffset? ToInstant(long? at) => at is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public WishRow ToRow(Subscription subscription) => new()
    {
        Id = subscription.Id,
        Revision = subscription.Revision,
        State = subscription.State,
        StateSince = subscription.StateSince.ToUnixTimeMilliseconds(),
        PurgedAt = subscription.PurgedAt?.ToUnixTimeMilliseconds(),
        IsPushed = subscription.Delivery is not Delivery.Pull,
        Body = keys.Ledger.Seal(
            BodyPlace(subscription.Id), JsonSerializer.SerializeToUtf8Bytes(ToBody(subscription), PushJson.Default.SubscriptionBody)),
    };

    public LaneRow ToRow(SubscriptionId id, LaneState lane) => new()
    {
        Lane = lane.Lane,
        Epoch = lane.Accepted.Epoch,
        Accepted = lane.Accepted.Sequence,
        Hash = lane.Accepted.Hash.ToArray(),
        Applied = lane.Applied,
        Failures = lane.Failures,
        FailingSince = lane.FailingSince?.ToUnixTimeMilliseconds(),
        NextAttemptAt = lane.NextAttemptAt?.ToUnixTimeMilliseconds(),
        PendingTo = lane.PendingTo,
        Error = lane.LastError.Length == 0 ? null : SealText(LanePlace(id, lane.Lane), lane.LastError),
    };

    public RecordRow ToRow(DeliveryRecord record) => new()
    {
        Id = record.Id,
        Fence = record.Fence,
        Attempt = record.Attempt is { } attempt ? ToRow(record.Id, attempt) : null,
        Lane = record.Lane is { } lane ? ToRow(record.Id, lane) : null,
        State = record.State is null && record.PurgedAt is null
            ? null
            : new StateRow(
                record.State,
                record.State is null ? null : record.StateSince.ToUnixTimeMilliseconds(),
                record.PurgedAt?.ToUnixTimeMilliseconds()),
        Rejected = record.Rejected.IsEmpty ? [] : [.. record.Rejected.Select(rejected => ToRow(record.Id, rejected))],
        Settled = record.Settled,
    };

    public AttemptRow ToRow(SubscriptionId id, DeliveryAttempt attempt) => new()
    {
        At = attempt.At.ToUnixTimeMilliseconds(),
        Purpose = attempt.Purpose,
        Lane = attempt.Lane,
        Epoch = attempt.Epoch,
        From = attempt.From,
        To = attempt.To,
        Outcome = attempt.Outcome,
        Latency = attempt.Latency.Ticks / TicksPerMicrosecond,
        Status = attempt.Status,
        Error = attempt.Error.Length == 0 ? null : SealText(AttemptPlace(id), attempt.Error),
        Accepted = attempt.Accepted,
        Applied = attempt.Applied,
    };

    public StoredSubscription Open(SubscriptionRow row) => new(
        Open(row.Wish), Open(row.Wish.Id, row.Ordered), Open(row.Wish.Id, row.Withdrawals), row.Rejected);

    public LaneState Open(SubscriptionId id, LaneRow row) => new()
    {
        Lane = row.Lane,
        Accepted = new JournalHead(row.Epoch, row.Accepted, row.Hash),
        Applied = row.Applied,
        Failures = row.Failures,
        FailingSince = ToInstant(row.FailingSince),
        NextAttemptAt = ToInstant(row.NextAttemptAt),
        PendingTo = row.PendingTo,
        LastError = OpenText(LanePlace(id, row.Lane), row.Error),
    };

    public DeliveryAttempt Open(SubscriptionId id, AttemptRow row) => new()
    {
        Number = row.Number,
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
        Purpose = row.Purpose,
        Lane = row.Lane,
        Epoch = row.Epoch,
        From = row.From,
        To = row.To,
        Outcome = row.Outcome,
        Latency = TimeSpan.FromTicks(row.Latency * TicksPerMicrosecond),
        Status = row.Status,
        Error = OpenText(AttemptPlace(id), row.Error),
        Accepted = row.Accepted,
        Applied = row.Applied,
    };

    public RejectedChange Open(SubscriptionId id, RejectedRow row) => new()
    {
        Sequence = row.Sequence,
        Listing = row.Listing,
        Version = row.Version,
        IsWithdrawal = row.IsWithdrawal,
        Reason = OpenText(RejectedPlace(id, row.Sequence), row.Reason),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
    };

    private static string BodyPlace(SubscriptionId id) => $"subscription:{id}";

    private static string LanePlace(SubscriptionId id, Lane lane) => $"lane:{id}:{(int)lane}";

    private static string AttemptPlace(SubscriptionId id) => $"attempt:{id}";

    private static string RejectedPlace(SubscriptionId id, long sequence) => $"rejected:{id}:{sequence}";

    private static SubscriptionBody ToBody(Subscription subscription)
    {
        var body = new SubscriptionBody
        {
            DisplayName = subscription.DisplayName,
            Courts = [.. subscription.Filter.Courts.Select(court => court.Value)],
            Regions = [.. subscription.Filter.Regions],
            SubjectKind = (int?)subscription.Filter.SubjectKind,
            View = (int)subscription.View,
            Delivery = Pull,
            StartEpoch = subscription.Start.Epoch,
            StartSequence = subscription.Start.Sequence,
            StartHash = subscription.Start.Hash.ToArray(),
            StartGiven = subscription.StartGiven,
            WithdrawalsStart = subscription.WithdrawalsStart,
            CreatedAt = subscription.CreatedAt.ToUnixTimeMilliseconds(),
        };
        if (subscription.Delivery is Delivery.Grpc grpc)
        {
            (body.Delivery, body.Endpoint, body.SpkiSha256) = (Grpc, grpc.Endpoint.OriginalString, grpc.ServerSpkiSha256);
        }
        else if (subscription.Delivery is Delivery.Webhook webhook)
        {
            (body.Delivery, body.Endpoint, body.Secrets) = (Webhook, webhook.Endpoint.OriginalString, [.. webhook.Secrets]);
        }

        return body;
    }

    private static Delivery ToDelivery(SubscriptionBody body) => (body.Delivery, body.Endpoint, body.SpkiSha256, body.Secrets) switch
    {
        (Pull, _, _, _) => new Delivery.Pull(),
        (Grpc, { } endpoint, { } spki, _) => new Delivery.Grpc(new Uri(endpoint), spki),
        (Webhook, { } endpoint, _, { } secrets) => new Delivery.Webhook(new Uri(endpoint), [.. secrets]),
        _ => throw new InvalidDataException("A stored subscription names no delivery."),
    };

    private Subscription Open(WishRow row)
    {
        var body = keys.Ledger.TryOpen(BodyPlace(row.Id), row.Body, out var json)
            ? JsonSerializer.Deserialize(json, PushJson.Default.SubscriptionBody)
            : throw new InvalidDataException("A subscription is damaged: it does not open under its key.");
        if (body is null) throw new InvalidDataException("A stored subscription is empty.");

        return new Subscription
        {
            Id = row.Id,
            DisplayName = body.DisplayName,
            Filter = new ListingFilter
            {
                Courts = [.. body.Courts.Select(CourtRows.ToCode)],
                Regions = [.. body.Regions],
                SubjectKind = (SubjectKind?)body.SubjectKind,
            },
            View = (View)body.View,
            Delivery = ToDelivery(body),
            State = row.State,
            StateSince = DateTimeOffset.FromUnixTimeMilliseconds(row.StateSince),
            Start = new JournalHead(body.StartEpoch, body.StartSequence, body.StartHash),
            StartGiven = body.StartGiven,
            WithdrawalsStart = body.WithdrawalsStart,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(body.CreatedAt),
            PurgedAt = ToInstant(row.PurgedAt),
            Revision = row.Revision,
        };
    }

    private RejectedRow ToRow(SubscriptionId id, RejectedChange rejected) => new()
    {
        Sequence = rejected.Sequence,
        Listing = rejected.Listing,
        Version = rejected.Version,
        IsWithdrawal = rejected.IsWithdrawal,
        Reason = keys.Ledger.Seal(RejectedPlace(id, rejected.Sequence), Encoding.UTF8.GetBytes(rejected.Reason)),
        At = rejected.At.ToUnixTimeMilliseconds(),
    };

    private byte[] SealText(string place, string text) => keys.Ledger.Seal(place, Encoding.UTF8.GetBytes(text));

    private string OpenText(string place, byte[]? sealedText)
    {
        if (sealedText is null) return "";

        return keys.Ledger.TryOpen(place, sealedText, out var text)
            ? Encoding.UTF8.GetString(text)
            : throw new InvalidDataException("A text of a subscription is damaged: it does not open under its key.");
    }
}
