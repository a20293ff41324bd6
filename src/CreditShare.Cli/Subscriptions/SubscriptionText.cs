using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary>Subscriptions and attempts for people to read.</summary>
internal static class SubscriptionText
{
    internal static void WriteLine(TextWriter output, Subscription subscription) => output.WriteLine(
        $"{subscription.Name}  {ContractWords<SubscriptionState>.NameOf(subscription.State)}  {Where(subscription)}  {subscription.DisplayName}".TrimEnd());

    internal static void Write(TextWriter output, Subscription subscription)
    {
        WriteLine(output, subscription);
        output.WriteLine($"  since:       {ListingText.Instant(subscription.StateTime)}");
        output.WriteLine($"  view:        {ContractWords<View>.Of(subscription.View)}");
        WriteLane(output, "ordered:", subscription.Ordered);
        WriteLane(output, "withdrawals:", subscription.Withdrawals);
        if (subscription.ParkedChanges > 0) output.WriteLine($"  parked:      {subscription.ParkedChanges} rejected changes wait");
        if (subscription.PurgeTime is { } purged) output.WriteLine($"  purged:      {ListingText.Instant(purged)}");
    }

    internal static void WriteLine(TextWriter output, DeliveryAttempt attempt) => output.WriteLine(
        $"{ListingText.Instant(attempt.Time)}  {ContractWords<DeliveryPurpose>.Of(attempt.Purpose)}  {ContractWords<Lane>.Of(attempt.Lane)}  "
        + $"({attempt.FromSequence}, {attempt.ToSequence}]  {ContractWords<DeliveryOutcome>.NameOf(attempt.Outcome)}  "
        + $"{(long)(attempt.Latency?.ToTimeSpan().TotalMilliseconds ?? 0)} ms  {attempt.Status}  {attempt.Error}".TrimEnd());

    private static void WriteLane(TextWriter output, string label, LaneProgress lane)
    {
        var failing = lane.Failures == 0 ? "" : $", {lane.Failures} failures, next {Next(lane)}: {lane.LastError}";
        output.WriteLine($"  {label,-12} accepted {lane.Accepted.Epoch}:{lane.Accepted.Sequence}, applied {lane.AppliedSequence}{failing}");
    }

    private static string Next(LaneProgress lane) => lane.NextAttemptTime is { } next ? ListingText.Instant(next) : "at once";

    private static string Where(Subscription subscription) => subscription.DeliveryCase switch
    {
        Subscription.DeliveryOneofCase.Grpc => "grpc " + subscription.Grpc.Endpoint,
        Subscription.DeliveryOneofCase.Webhook => "webhook " + subscription.Webhook.Url,
        _ => "pull",
    };
}
