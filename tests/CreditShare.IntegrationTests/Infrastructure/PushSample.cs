using System.Globalization;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>Made-up subscriptions, deliveries and measures for tests of the store.</summary>
internal static class PushSample
{
    /// <summary>Noon of <see cref="StoreSample.Today"/>.</summary>
    public static readonly DateTimeOffset Noon = ChinaTime.StartOf(StoreSample.Today) + TimeSpan.FromHours(12);

    public static SubscriptionId Id(string id, PartnerId? partner = null) => new(partner ?? StoreSample.Partner, id);

    public static JournalHead At(long sequence) => new(1, sequence, StoreSample.Digest((int)sequence));

    public static LaneState LaneAt(Lane lane, long sequence) => new() { Lane = lane, Accepted = At(sequence), Applied = 0 };

    public static Subscription Webhook(string id) => new()
    {
        Id = Id(id),
        DisplayName = "贷前审查推送",
        Filter = new ListingFilter { Courts = [StoreSample.Court], Regions = ["测"], SubjectKind = SubjectKind.Person },
        View = View.Public,
        Delivery = new Delivery.Webhook(
            new Uri("https://hooks.bank.example:8443/changes?token=k7Jd02"), ["whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSB0ZXN0", "whsec_b2xkZXIgc2VjcmV0IG9mIHRoZSB0ZXN0"]),
        State = SubscriptionState.Active,
        StateSince = Noon,
        Start = At(3),
        StartGiven = true,
        WithdrawalsStart = 9,
        CreatedAt = Noon.AddHours(-1),
    };

    public static Subscription Pull(string id) => Webhook(id) with { Delivery = new Delivery.Pull() };

    public static Subscription Grpc(string id) => Webhook(id) with
    {
        Delivery = new Delivery.Grpc(new Uri("https://receiver.bank.example:7443"), new string('c', 64)),
        Filter = new ListingFilter(),
        StartGiven = false,
    };

    /// <summary>Creates a subscription whose lanes stand at its start.</summary>
    public static Task<bool> CreateAsync(IStore store, Subscription subscription, CancellationToken cancellationToken) =>
        store.Subscriptions.CreateAsync(
            subscription,
            LaneAt(Lane.Ordered, subscription.Start.Sequence),
            LaneAt(Lane.Withdrawals, subscription.Start.Sequence),
            cancellationToken);

    public static DeliveryRecord Record(LeasedSubscription leased) => new() { Id = leased.Stored.Subscription.Id, Fence = leased.Fence };

    public static DeliveryAttempt Attempt(long from, long to) => new()
    {
        At = Noon,
        Purpose = DeliveryPurpose.Changes,
        Lane = Lane.Ordered,
        Epoch = 1,
        From = from,
        To = to,
        Outcome = DeliveryOutcome.Accepted,
        Latency = TimeSpan.FromMilliseconds(20),
        Status = "200",
        Accepted = to,
    };

    public static RejectedChange Rejected(long sequence) => new()
    {
        Sequence = sequence,
        Listing = new ListingId(new Guid((int)sequence, 0, 0, new byte[8])),
        Version = 2,
        IsWithdrawal = false,
        Reason = "不认识的字段",
        At = Noon,
    };

    public static Measure Measure(string reference) => new()
    {
        Partner = StoreSample.Partner,
        Reference = reference,
        Listing = new ListingId(new Guid(1, 2, 3, new byte[8])),
        Court = StoreSample.Court,
        ListingVersion = 2,
        Code = "1.2",
        Outcome = MeasureOutcome.Denied,
        LegalBasis = "《若干规定》第八条第一款",
        AppliedAt = Noon.AddMinutes(-10),
        Branch = "测试支行",
        Operator = "信贷员丁",
        Note = "申请人测试人员戊，已告知",
        StaleCopy = false,
        CreatedAt = Noon,
    };

    /// <summary>A store's value as text, in which two that hold the same are the same.</summary>
    public static string Show(object value) => value switch
    {
        StoredSubscription stored => string.Create(
            CultureInfo.InvariantCulture,
            $"{Show(stored.Subscription)} {Show(stored.Ordered)} {Show(stored.Withdrawals)} {stored.Rejected}"),
        Subscription subscription => $"{Json(subscription)} {Json(subscription.Delivery)}",
        _ => Json(value),
    };

    private static string Json(object value) => System.Text.Json.JsonSerializer.Serialize(value, value.GetType());
}
