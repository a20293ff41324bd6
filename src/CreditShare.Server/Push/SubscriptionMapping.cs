using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Mapping;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using DeliveryAttempt = CreditShare.Core.Push.DeliveryAttempt;

namespace CreditShare.Server.Push;

/// <summary>Writes subscriptions and attempts into the contract. Secrets are never written.</summary>
internal static class SubscriptionMapping
{
    public static V1.Subscription ToProto(this StoredSubscription stored)
    {
        var subscription = stored.Subscription;
        var proto = new V1.Subscription
        {
            Name = subscription.Id.ToString(),
            DisplayName = subscription.DisplayName,
            Filter = ToProto(subscription.Filter),
            View = (V1.View)subscription.View,
            State = (V1.SubscriptionState)subscription.State,
            StateTime = subscription.StateSince.ToProto(),
            Ordered = ToProto(stored.Ordered),
            Withdrawals = ToProto(stored.Withdrawals),
            ParkedChanges = stored.Rejected,
            Start = subscription.Start.ToProto(),
            CreateTime = subscription.CreatedAt.ToProto(),
            PurgeTime = subscription.PurgedAt?.ToProto(),
        };
        switch (subscription.Delivery)
        {
            case Delivery.Grpc grpc:
                proto.Grpc = new GrpcDelivery { Endpoint = grpc.Endpoint.GetLeftPart(UriPartial.Authority), ServerSpkiSha256 = grpc.ServerSpkiSha256 };
                break;
            case Delivery.Webhook webhook:
                proto.Webhook = new WebhookDelivery { Url = webhook.Endpoint.AbsoluteUri };
                break;
            default:
                proto.Pull = new PullDelivery();
                break;
        }

        return proto;
    }

    public static V1.DeliveryAttempt ToProto(this DeliveryAttempt attempt) => new()
    {
        Time = attempt.At.ToProto(),
        Purpose = (V1.DeliveryPurpose)attempt.Purpose,
        Lane = (V1.Lane)attempt.Lane,
        Epoch = attempt.Epoch,
        FromSequence = attempt.From,
        ToSequence = attempt.To,
        Outcome = (V1.DeliveryOutcome)attempt.Outcome,
        Latency = Duration.FromTimeSpan(attempt.Latency),
        Status = attempt.Status,
        Error = attempt.Error,
        AcceptedSequence = attempt.Accepted,
        AppliedSequence = attempt.Applied,
    };

    private static ChangeFilter ToProto(ListingFilter filter) => new()
    {
        CourtCodes = { filter.Courts.Select(court => court.Value) },
        Regions = { filter.Regions },
        SubjectKind = (V1.SubjectKind)(filter.SubjectKind ?? Core.Listings.SubjectKind.None),
    };

    private static V1.LaneProgress ToProto(LaneState lane) => new()
    {
        Accepted = lane.Accepted.ToProto(),
        AppliedSequence = lane.Applied,
        Failures = lane.Failures,
        NextAttemptTime = lane.NextAttemptAt?.ToProto(),
        LastError = lane.LastError,
    };
}
