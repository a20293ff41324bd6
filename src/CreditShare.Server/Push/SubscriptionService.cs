using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using PartnerId = CreditShare.Core.Access.PartnerId;
using PartnerKind = CreditShare.Core.Access.PartnerKind;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Push;

/// <summary>The partners' wishes for changes: each method reads, authorises, decides, answers.</summary>
internal sealed class SubscriptionService(
    SubscriptionBook book, SubscriptionReading reading, IDeliveryProbe probe, ChangeSource source, IStore store, TimeProvider clock,
    ILogger<SubscriptionService> logger)
    : V1.SubscriptionService.SubscriptionServiceBase
{
    private const string AllPartners = "partners/-";

    public override async Task<CreateSubscriptionResponse> CreateSubscription(CreateSubscriptionRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var parent = ResourceNames.ReadPartner(request.Parent, "parent", problems);
        if (parent is { } partner && partner != context.Caller.Id) throw new RefusedException(ErrorReason.PartnerNotYours);

        var id = ResourceNames.ReadSubscriptionId(context.Caller.Id, request.SubscriptionId);
        if (id is null)
        {
            problems.Add(
                "subscription_id", request.SubscriptionId.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.NameForm,
                "2 to 40 characters of a–z, 0–9 and hyphen.");
        }

        if (request.Subscription is null) problems.Add("subscription", ErrorReason.FieldRequired, null);
        if (request.Start is { Sequence: < 0 }) problems.Add("start.sequence", ErrorReason.FieldInvalid, "Not below 0.");
        if (request.Start is { Hash.Length: not (0 or 32) }) problems.Add("start.hash", ErrorReason.FieldInvalid, "32 bytes or none.");
        var wish = request.Subscription is { } sent ? reading.ReadWish(sent, context.Caller, problems) : null;
        if (id is not null && request.Subscription?.Name is { Length: > 0 } name && name != id.ToString())
        {
            problems.Add("subscription.name", ErrorReason.NameForm, "Left out, or what parent and id make.");
        }

        problems.ThrowIfAny();

        var start = request.Start is null ? null : await source.CheckAsync(request.Start, context.CancellationToken);
        var (stored, secret) = await book.CreateAsync(id!.Value, wish!, start, context.CancellationToken);
        return new CreateSubscriptionResponse { Subscription = stored.ToProto(), GeneratedSecret = secret };
    }

    public override async Task<GetSubscriptionResponse> GetSubscription(GetSubscriptionRequest request, ServerCallContext context)
    {
        var id = ReadName(request.Name, context.Caller, mayBeOperator: true);
        var stored = await book.GetAsync(id, context.CancellationToken);
        return new GetSubscriptionResponse { Subscription = stored.ToProto() };
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        PartnerId? partner = null;
        if (request.Parent == AllPartners) Authorise(context.Caller, owner: null, mayBeOperator: true);
        else partner = ResourceNames.ReadPartner(request.Parent, "parent", problems);
        if (partner is { } known) Authorise(context.Caller, known, mayBeOperator: true);

        var size = PageToken.ReadSize(request.PageSize, problems);
        SubscriptionId? after = null;
        if (PageToken.TryRead(request.PageToken, request.Parent, problems, out var place))
        {
            after = ResourceNames.ReadSubscription(place, "page_token", new Problems());
            if (after is null) problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var page = await store.Subscriptions.ListAsync(partner, after, size + 1, context.CancellationToken);
        return new ListSubscriptionsResponse
        {
            Subscriptions = { page.Take(size).Select(stored => stored.ToProto()) },
            NextPageToken = page.Count > size ? PageToken.Of(request.Parent, page[size - 1].Subscription.Id.ToString()) : "",
        };
    }

    public override async Task<UpdateSubscriptionResponse> UpdateSubscription(UpdateSubscriptionRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var sent = request.Subscription ?? new V1.Subscription();
        var id = ResourceNames.ReadSubscription(sent.Name, "subscription.name", problems);
        if (id is { } known) Authorise(context.Caller, known.Partner, mayBeOperator: false);
        var mask = (request.UpdateMask?.Paths ?? []).Distinct(StringComparer.Ordinal).ToList();
        if (mask.Count == 0) problems.Add("update_mask", ErrorReason.MaskInvalid, "It names what to replace.");
        problems.ThrowIfAny();

        // A pause would hide that a new endpoint never answered; so that of a paused subscription must answer before it is stored.
        var present = await book.GetAsync(id!.Value, context.CancellationToken);
        var wanted = Updated(present);
        if (wanted.State == SubscriptionState.Paused && IsMoved(present, wanted)
            && !await book.ProvesItselfAsync(wanted, context.CancellationToken))
        {
            throw new RefusedException(ErrorReason.SubscriptionState) { Detail = "It is paused, and the new endpoint did not answer the challenge." };
        }

        var stored = await book.ChangeAsync(
            id.Value,
            before =>
            {
                var after = Updated(before);
                if (!IsMoved(before, after)) return new SubscriptionChange(after);
                if (before.Subscription.State == SubscriptionState.Paused)
                {
                    // Paused only since the endpoint was asked, or moved by somebody else.
                    return SubscriptionBook.IsSamePlace(after.Delivery, wanted.Delivery) && present.Subscription.State == SubscriptionState.Paused
                        ? new SubscriptionChange(after)
                        : throw new RefusedException(ErrorReason.SubscriptionState);
                }

                return new SubscriptionChange(book.InState(after, SubscriptionState.PendingVerification));
            },
            context.CancellationToken);
        return new UpdateSubscriptionResponse { Subscription = (await book.VerifyAsync(stored, context.CancellationToken)).ToProto() };

        Core.Push.Subscription Updated(StoredSubscription before)
        {
            RefuseEnded(before);
            var found = new Problems();
            var after = reading.Apply(sent, mask, before.Subscription, context.Caller.Partner, found);
            found.ThrowIfAny();
            return after;
        }
    }

    public override async Task<PauseSubscriptionResponse> PauseSubscription(PauseSubscriptionRequest request, ServerCallContext context)
    {
        var id = ReadName(request.Name, context.Caller, mayBeOperator: false);
        var stored = await book.ChangeAsync(
            id,
            present => present.Subscription.State switch
            {
                SubscriptionState.Paused => null,
                SubscriptionState.Revoked or SubscriptionState.PendingVerification => throw new RefusedException(ErrorReason.SubscriptionState),
                _ => new SubscriptionChange(book.InState(present.Subscription, SubscriptionState.Paused)),
            },
            context.CancellationToken);
        return new PauseSubscriptionResponse { Subscription = stored.ToProto() };
    }

    public override async Task<ResumeSubscriptionResponse> ResumeSubscription(ResumeSubscriptionRequest request, ServerCallContext context)
    {
        var id = ReadName(request.Name, context.Caller, mayBeOperator: false);

        // Step 1: the lanes may be written only while nobody delivers, or a cursor could be set back to where it was a moment ago.
        var stored = await book.ChangeAsync(
            id,
            present =>
            {
                RefuseEnded(present);
                return present.Subscription.State is SubscriptionState.Retrying or SubscriptionState.Degraded or SubscriptionState.Suspended
                    ? new SubscriptionChange(book.InState(present.Subscription, SubscriptionState.Paused))
                    : null;
            },
            context.CancellationToken);

        // Step 2: with no failure left, both lanes are tried at once.
        if (stored.Subscription.State == SubscriptionState.Paused)
        {
            var head = await store.Journal.ReadHeadAsync(context.CancellationToken);
            stored = await book.ChangeAsync(
                id,
                present =>
                {
                    if (present.Subscription.State != SubscriptionState.Paused) return null;
                    var isBehind = present.Subscription.Delivery is not Delivery.Pull && present.Ordered.Accepted.Sequence < head.Sequence;
                    var state = isBehind ? SubscriptionState.CatchingUp : SubscriptionState.Active;
                    return new SubscriptionChange(
                        book.InState(present.Subscription, state), SubscriptionBook.Fresh(present.Ordered), SubscriptionBook.Fresh(present.Withdrawals));
                },
                context.CancellationToken);
        }

        return new ResumeSubscriptionResponse { Subscription = (await book.VerifyAsync(stored, context.CancellationToken)).ToProto() };
    }

    public override async Task<ReplaySubscriptionResponse> ReplaySubscription(ReplaySubscriptionRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var id = ResourceNames.ReadSubscription(request.Name, "name", problems);
        if (id is { } known) Authorise(context.Caller, known.Partner, mayBeOperator: false);
        var since = ValueMapping.ReadInstant(request.Since, "since", problems);
        if (request.FromCase == ReplaySubscriptionRequest.FromOneofCase.None) problems.Add("from", ErrorReason.FieldRequired, "after_sequence or since.");
        if (request.AfterSequence < 0) problems.Add("after_sequence", ErrorReason.FieldInvalid, "Not below 0.");
        problems.ThrowIfAny();

        var accepted = (await book.GetAsync(id!.Value, context.CancellationToken)).Ordered.Accepted.Sequence;
        if (request.AfterSequence > accepted) throw new RefusedException(ErrorReason.CursorAhead);
        var after = since is { } time
            ? Math.Min(accepted, (await store.Journal.FindSequenceAsync(time, context.CancellationToken) ?? long.MaxValue) - 1)
            : request.AfterSequence;
        var place = await source.CheckAsync(new Cursor { Sequence = after }, context.CancellationToken);
        var stored = await book.ChangeAsync(id.Value, present => SetBack(present, place), context.CancellationToken);
        logger.SubscriptionSetBack(id.Value, after);
        return new ReplaySubscriptionResponse { Subscription = stored.ToProto() };
    }

    public override async Task<DeleteSubscriptionResponse> DeleteSubscription(DeleteSubscriptionRequest request, ServerCallContext context)
    {
        var id = ReadName(request.Name, context.Caller, mayBeOperator: false);
        var stored = await book.ChangeAsync(
            id,
            present =>
            {
                var subscription = present.Subscription;
                if (subscription.State == SubscriptionState.Revoked) return null;

                // An endpoint that never proved itself was sent nothing, so there is nothing to purge.
                var isUnused = subscription.State == SubscriptionState.PendingVerification && !subscription.StartGiven
                    && present.Ordered.Accepted.Sequence == subscription.Start.Sequence
                    && present.Withdrawals.Accepted.Sequence == subscription.WithdrawalsStart;
                return new SubscriptionChange(
                    book.InState(subscription, SubscriptionState.Revoked) with { PurgedAt = isUnused ? clock.GetUtcNow() : null },
                    SubscriptionBook.FreshIfFailing(present.Ordered));
            },
            context.CancellationToken);
        return new DeleteSubscriptionResponse { Subscription = stored.ToProto() };
    }

    public override async Task<TestSubscriptionResponse> TestSubscription(TestSubscriptionRequest request, ServerCallContext context)
    {
        var id = ReadName(request.Name, context.Caller, mayBeOperator: false);
        var stored = await book.GetAsync(id, context.CancellationToken);
        RefuseEnded(stored);
        if (stored.Subscription.Delivery is Delivery.Pull) throw new RefusedException(ErrorReason.SubscriptionState);

        var attempt = await probe.ProbeAsync(stored.Subscription, DeliveryPurpose.Test, context.CancellationToken);
        return new TestSubscriptionResponse { Attempt = attempt.ToProto() };
    }

    public override async Task<ListDeliveryAttemptsResponse> ListDeliveryAttempts(ListDeliveryAttemptsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var id = ResourceNames.ReadSubscription(request.Parent, "parent", problems);
        if (id is { } known) Authorise(context.Caller, known.Partner, mayBeOperator: true);
        var size = PageToken.ReadSize(request.PageSize, problems);
        var before = 0L;
        if (PageToken.TryRead(request.PageToken, request.Parent, problems, out var place)
            && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        await book.GetAsync(id!.Value, context.CancellationToken);
        var attempts = await store.Subscriptions.ListAttemptsAsync(id.Value, place is null ? null : before, size, context.CancellationToken);
        var shown = PageCut.Of(attempts.Select(attempt => attempt.ToProto()));
        var isLast = shown.Count == attempts.Count && attempts.Count < size;
        return new ListDeliveryAttemptsResponse
        {
            Attempts = { shown },
            NextPageToken = isLast ? "" : PageToken.Of(request.Parent, attempts[shown.Count - 1].Number.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private SubscriptionChange SetBack(StoredSubscription present, JournalHead place)
    {
        RefuseEnded(present);
        var subscription = present.Subscription;

        // A lane that is behind the place meanwhile was set back by somebody else.
        if (present.Ordered.Accepted.Sequence < place.Sequence) throw new RefusedException(ErrorReason.CursorAhead);
        var isBehind = subscription.State == SubscriptionState.Active && subscription.Delivery is not Delivery.Pull
            && present.Ordered.Accepted.Sequence > place.Sequence;
        subscription = isBehind ? book.InState(subscription, SubscriptionState.CatchingUp) : subscription;
        return new SubscriptionChange(
            place.Sequence < subscription.Start.Sequence ? subscription with { Start = place } : subscription,
            present.Ordered with { Accepted = place, Applied = Math.Min(present.Ordered.Applied, place.Sequence), PendingTo = null },
            ForgetRejected: true);
    }

    private static bool IsMoved(StoredSubscription before, Core.Push.Subscription after) =>
        !SubscriptionBook.IsSamePlace(before.Subscription.Delivery, after.Delivery);

    private static void RefuseEnded(StoredSubscription stored)
    {
        if (stored.Subscription.State == SubscriptionState.Revoked) throw new RefusedException(ErrorReason.SubscriptionState);
    }

    private static SubscriptionId ReadName(string name, Caller caller, bool mayBeOperator)
    {
        var problems = new Problems();
        var id = ResourceNames.ReadSubscription(name, "name", problems);
        problems.ThrowIfAny();

        Authorise(caller, id!.Value.Partner, mayBeOperator);
        return id.Value;
    }

    private static void Authorise(Caller caller, PartnerId? owner, bool mayBeOperator)
    {
        if (owner == caller.Id || (mayBeOperator && caller.Partner.Kind == PartnerKind.Operator)) return;

        throw new RefusedException(ErrorReason.PartnerNotYours);
    }
}
