using System.Security.Cryptography;
using CreditShare.Core.Push;
using CreditShare.V1;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Push;

/// <summary>Delivers the message that a subscription's beginning or end needs: the challenge to its endpoint, or the order to purge.</summary>
internal sealed class ErrandDelivery(Standing standing, LaneState lane, IReceiverLink link, DeliveryWriter writer, DeliveryTools tools)
{
    private readonly ReceiveChangesRequest _request = RequestOf(
        standing.Subscription,
        standing.Subscription.State == SubscriptionState.Revoked ? DeliveryPurpose.Purge : DeliveryPurpose.Verification);

    private LaneState _lane = lane;

    /// <summary>Where the ordered lane stands, whose schedule is also that of errands.</summary>
    public LaneState State => _lane;

    /// <summary>A message without changes.</summary>
    public static ReceiveChangesRequest RequestOf(Subscription subscription, DeliveryPurpose purpose)
    {
        // A test is new each time, and so is a challenge once the owner has changed something; a purge is one and the same.
        var distinction = purpose switch
        {
            DeliveryPurpose.Test => Guid.CreateVersion7().ToString(),
            DeliveryPurpose.Verification => subscription.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => "",
        };
        return new ReceiveChangesRequest
        {
            MessageId = MessageName.Of(purpose, subscription.Id, Lane.None, subscription.Start.Epoch, (0, 0), distinction),
            Subscription = subscription.Id.ToString(),
            Purpose = (V1.DeliveryPurpose)purpose,
            Epoch = subscription.Start.Epoch,
            Challenge = purpose == DeliveryPurpose.Verification ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : "",
            Head = Mapping.ValueMapping.ToProto(subscription.Start),
        };
    }

    /// <summary>Takes one step.</summary>
    public async Task<LaneStep> StepAsync(CancellationToken cancellationToken)
    {
        var now = tools.Timing.Now;
        if (tools.Rights.ObjectionTo(standing.Subscription) is not null) return LaneStep.At(now + PushTiming.Recheck);
        if (_lane.NextAttemptAt is { } due && due > now) return LaneStep.At(due);
        if (IsCallersTurn(now, out var ours)) return LaneStep.At(ours);

        var (answer, attempts) = await tools.Courier.SendAsync(writer.Id, link, _request, cancellationToken);
        foreach (var attempt in attempts.SkipLast(1)) await writer.PostAsync(writer.Blank with { Attempt = attempt }, CancellationToken.None);

        var record = writer.Blank with { Attempt = attempts[^1] };
        if (answer.IsFailure && cancellationToken.IsCancellationRequested)
        {
            await writer.WriteAsync(record, CancellationToken.None);
            return LaneStep.Over;
        }

        var isDone = answer.Outcome == DeliveryOutcome.Accepted;
        record = isDone ? Done(record) : Failed(record, answer);
        var isWritten = await writer.WriteAsync(record, CancellationToken.None);
        return isDone || !isWritten ? LaneStep.Over : LaneStep.Again;
    }

    // The call that makes or moves a subscription sends the challenge itself, and writes what comes of it, which ends the lease. Two
    // challenges at once could both be answered, and a frame that goes out in between would go out again under the next lease.
    private bool IsCallersTurn(DateTimeOffset now, out DateTimeOffset ours)
    {
        ours = standing.Subscription.StateSince + PushTiming.CallersTurn;
        return standing.Subscription.State == SubscriptionState.PendingVerification && _lane.Failures == 0 && now < ours;
    }

    private DeliveryRecord Done(DeliveryRecord record)
    {
        var now = tools.Timing.Now;
        _lane = _lane.AfterProgress(_lane.Accepted, _lane.Applied);
        if (standing.Subscription.State == SubscriptionState.Revoked) return record with { Lane = _lane, PurgedAt = now };

        standing.Enter(PushSchedule.AfterSuccess(standing.Subscription.State, atHead: true), now);
        tools.Logger.StateChanged(writer.Id, standing.Subscription.State);
        return record with { Lane = _lane, State = standing.Subscription.State, StateSince = now };
    }

    private DeliveryRecord Failed(DeliveryRecord record, DeliveryAnswer answer)
    {
        var wait = tools.Timing.WaitAfter(Lane.Ordered, _lane.Failures + 1, answer.RetryAfter);
        _lane = _lane.AfterFailure(tools.Timing.Now, wait, to: null, answer.Error);
        tools.Logger.DeliveryFailed(writer.Id, Lane.None, _lane.Failures, wait.TotalSeconds, answer.Outcome, answer.Error);
        return record with { Lane = _lane };
    }
}
