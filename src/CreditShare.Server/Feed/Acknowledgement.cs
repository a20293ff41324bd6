using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Feed;

/// <summary>Takes what the partner of a pull subscription says of how far it is.</summary>
internal sealed class Acknowledgement(ChangeSource source, IStore store, TimeProvider clock)
{
    /// <summary>Checks and stores it.</summary>
    /// <returns>The lane after it.</returns>
    /// <exception cref="RefusedException">It is refused; nothing is stored.</exception>
    public async Task<LaneState> TakeAsync(AcknowledgeChangesRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        var id = ResourceNames.ReadSubscription(request.Subscription, "subscription", problems);
        var accepted = request.Accepted ?? new Cursor();
        if (request.Accepted is null) problems.Add("accepted", ErrorReason.FieldRequired, null);
        if (accepted.Sequence < 0) problems.Add("accepted.sequence", ErrorReason.FieldInvalid, "Not below 0.");
        if (accepted.Hash.Length is not (0 or 32)) problems.Add("accepted.hash", ErrorReason.FieldInvalid, "32 bytes or none.");
        if (request.AppliedSequence < 0 || request.AppliedSequence > Math.Max(0, accepted.Sequence))
        {
            problems.Add("applied_sequence", ErrorReason.FieldInvalid, "From 0 to what is accepted.");
        }

        if (id is { } known && known.Partner != caller.Id) throw new RefusedException(ErrorReason.PartnerNotYours);
        problems.ThrowIfAny();

        var stored = await store.Subscriptions.FindAsync(id!.Value, cancellationToken)
            ?? throw new RefusedException(ErrorReason.SubscriptionNotFound);
        if (stored.Subscription.Delivery is not Delivery.Pull || stored.Subscription.State == SubscriptionState.Revoked)
        {
            throw new RefusedException(ErrorReason.SubscriptionState);
        }

        var place = await source.CheckAsync(accepted, cancellationToken);
        var applied = request.AppliedSequence == 0 ? stored.Ordered.Applied : request.AppliedSequence;
        if (place.Sequence < stored.Ordered.Accepted.Sequence || applied < stored.Ordered.Applied)
        {
            throw new RefusedException(ErrorReason.CursorBehind);
        }

        return await store.Subscriptions.AcknowledgeAsync(id.Value, place, applied, clock.GetUtcNow(), cancellationToken);
    }
}
