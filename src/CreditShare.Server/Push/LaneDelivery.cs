using CreditShare.Core.Push;
using CreditShare.Server.Transport;
using CreditShare.V1;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using Lane = CreditShare.Core.Push.Lane;
using SubscriptionState = CreditShare.Core.Push.SubscriptionState;

namespace CreditShare.Server.Push;

/// <summary>Delivers one lane of one subscription, a message at a time.</summary>
/// <remarks>Used by one loop only. The lanes share nothing that one could hold up for the other.</remarks>
internal sealed class LaneDelivery(
    Standing standing, LaneState lane, ILaneFrames frames, IReceiverLink link, DeliveryWriter writer, DeliveryTools tools)
{
    private LaneState _lane = lane;
    private DateTimeOffset? _inquireAt;
    private int _inquiries;
    private DateTimeOffset? _resendAt;
    private int _resends;
    private long _resentTo;

    /// <summary>Where the lane stands, as far as this node knows.</summary>
    public LaneState State => _lane;

    private bool IsOrdered => _lane.Lane == Lane.Ordered;

    /// <summary>Takes one step: sends at most one new message, and says what to wait for.</summary>
    public async Task<LaneStep> StepAsync(CancellationToken cancellationToken)
    {
        // Step 1: the partner may still be sent this.
        if (tools.Rights.ObjectionTo(standing.Subscription) is { } objection) return await HoldAsync(objection);

        // Step 2: the schedule, unless the other lane has found the receiver back.
        var isBack = IsOrdered && standing.IsBack;
        if (!isBack && _lane.NextAttemptAt is { } due && due > tools.Timing.Now) return await AgeAsync(due);
        if (isBack) standing.IsBack = false;

        // Step 3: withdrawals that the receiver would not take.
        if (!IsOrdered && !await ResendAsync(cancellationToken)) return LaneStep.Over;
        if (_lane.NextAttemptAt > tools.Timing.Now && !isBack) return LaneStep.Again;

        // Step 4: the next frame.
        Frame? frame;
        try
        {
            frame = await frames.NextAsync(_lane, cancellationToken);
        }
        catch (RefusedException e) when (e.Reason is ErrorReason.FeedDiverged or ErrorReason.CursorAhead)
        {
            return await GoBackAsync(e, cancellationToken);
        }

        return frame is null ? await RestAsync(cancellationToken) : await DeliverAsync(frame, cancellationToken);
    }

    // Nothing is sent; why is written once, for the partner and the operator to see.
    private async Task<LaneStep> HoldAsync(string objection)
    {
        if (objection != RecipientRights.Unconfirmed && _lane.LastError != objection)
        {
            tools.Logger.DeliveriesHeld(writer.Id, objection);
            _lane = _lane with { LastError = objection };
            if (!await writer.WriteAsync(writer.Blank with { Lane = _lane }, CancellationToken.None)) return LaneStep.Over;
        }

        return LaneStep.At(tools.Timing.Now + PushTiming.Recheck);
    }

    // A state can also come of waiting: between two attempts lies an hour at most, but a quarter of an hour makes DEGRADED.
    private async Task<LaneStep> AgeAsync(DateTimeOffset due)
    {
        if (!IsOrdered || _lane.FailingSince is not { } since) return LaneStep.At(due);

        var now = tools.Timing.Now;
        if (StateFor(PushSchedule.AfterFailure(standing.Subscription.State, now - since, gone: false)) is { } state
            && !await writer.WriteAsync(WithState(writer.Blank, state), CancellationToken.None))
        {
            return LaneStep.Over;
        }

        var next = new[] { since + PushSchedule.DegradedAfter, since + PushSchedule.SuspendedAfter, due }.Where(instant => instant > now).Min();
        return LaneStep.At(next);
    }

    private async Task<LaneStep> DeliverAsync(Frame frame, CancellationToken cancellationToken)
    {
        var (answer, attempts) = await tools.Courier.SendAsync(writer.Id, link, frame.Request, cancellationToken);
        if (attempts.Count > 1) await PostAsync(attempts.SkipLast(1));
        var last = writer.Blank with { Attempt = attempts[^1] };

        // Called off: it counts for nothing, but whoever comes next sends the same range.
        if (answer.IsFailure && cancellationToken.IsCancellationRequested)
        {
            var isRange = frame.To.Sequence > _lane.Accepted.Sequence;
            await writer.WriteAsync(isRange ? last with { Lane = _lane with { PendingTo = frame.To.Sequence } } : last, CancellationToken.None);
            return LaneStep.Over;
        }

        var isWritten = answer.Outcome switch
        {
            DeliveryOutcome.Accepted or DeliveryOutcome.PartlyAccepted => await AcceptAsync(frame, answer, last),
            DeliveryOutcome.OutOfOrder => await ReorderAsync(frame.To.Sequence, answer, last),
            _ => await FailAsync(frame.To.Sequence, answer, last),
        };
        tools.Metrics.Stands(writer.Id, _lane.Lane, Math.Max(0, tools.Frames.Applied - _lane.Accepted.Sequence));
        return isWritten ? LaneStep.Again : LaneStep.Over;
    }

    // Every time that a message went out is written, also those before the last.
    private async Task PostAsync(IEnumerable<Core.Push.DeliveryAttempt> attempts)
    {
        foreach (var attempt in attempts) await writer.PostAsync(writer.Blank with { Attempt = attempt }, CancellationToken.None);
    }

    private async Task<bool> AcceptAsync(Frame frame, DeliveryAnswer answer, DeliveryRecord record)
    {
        var request = frame.Request;
        var rejected = RejectedBook.Read(request, answer, tools.Timing.Now);
        if (!rejected.IsEmpty && standing.Rejected.IsFullWith(rejected))
        {
            return await FailAsync(request.ToSequence, answer with { Error = $"More than {RejectedChange.MaxPerSubscription} changes were rejected." }, record);
        }

        if (request.ToSequence == request.FromSequence) return await ConfirmAsync(answer, record);
        if (answer.Accepted == request.FromSequence) return await FailAsync(request.ToSequence, answer, record);

        // Step 1: the cursor, to the end of the frame or into it.
        var isWhole = answer.Accepted == request.ToSequence;
        var place = isWhole ? frame.To : await tools.Frames.PlaceAtAsync(answer.Accepted, CancellationToken.None);
        _lane = _lane.AfterProgress(place, answer.Applied);
        (_inquireAt, _inquiries) = (null, 0);
        if (!isWhole) frames.Place.GoTo(place);

        // Step 2: what was rejected, and what no longer is.
        var settled = standing.Rejected.SettledBy(request, answer);
        record = record with { Lane = _lane, Rejected = rejected, Settled = settled };
        if (IsOrdered && StateFor(PushSchedule.AfterSuccess(standing.Subscription.State, isWhole && tools.Frames.IsAtHead(frames.Place.At))) is { } state)
        {
            record = WithState(record, state);
        }

        // Step 3: the ordered lane goes on while its cursor is being written. If that is lost, the receiver has a frame twice.
        var isPlain = IsOrdered && record.State is null && rejected.IsEmpty && settled.IsEmpty;
        var isWritten = isPlain ? await writer.PostAsync(record, CancellationToken.None) : await writer.WriteAsync(record, CancellationToken.None);
        if (!isWritten) return false;

        tools.Metrics.Accepted(_lane.Lane, request.Changes.Count);
        if (!rejected.IsEmpty || !settled.IsEmpty) Enter(rejected, settled);
        if (!IsOrdered) GreetBack();
        return true;
    }

    // The answer to a frame without a range: how far the receiver is by now.
    private Task<bool> ConfirmAsync(DeliveryAnswer answer, DeliveryRecord record)
    {
        var isNews = _lane.Failures > 0 || answer.Applied > _lane.Applied;
        _inquireAt = null;
        if (!isNews) return writer.PostAsync(record, CancellationToken.None);

        _inquiries = 0;
        _lane = _lane.AfterProgress(_lane.Accepted, answer.Applied);
        if (!IsOrdered) GreetBack();
        return writer.WriteAsync(record with { Lane = _lane }, CancellationToken.None);
    }

    private Task<bool> FailAsync(long? to, DeliveryAnswer answer, DeliveryRecord record)
    {
        var now = tools.Timing.Now;
        var wait = tools.Timing.WaitAfter(_lane.Lane, _lane.Failures + 1, answer.RetryAfter);
        _lane = _lane.AfterFailure(now, wait, to > _lane.Accepted.Sequence ? to : null, answer.Error);
        tools.Logger.DeliveryFailed(writer.Id, _lane.Lane, _lane.Failures, wait.TotalSeconds, answer.Outcome, answer.Error);
        record = record with { Lane = _lane };
        if (IsOrdered && StateFor(PushSchedule.AfterFailure(standing.Subscription.State, now - _lane.FailingSince!.Value, answer.IsGone)) is { } state)
        {
            record = WithState(record, state);
        }

        return writer.WriteAsync(record, CancellationToken.None);
    }

    // The receiver has lost something, or was restored from a backup: it is sent what it lacks. That is no progress, or two that never
    // agree would keep each other busy.
    private async Task<bool> ReorderAsync(long? to, DeliveryAnswer answer, DeliveryRecord record)
    {
        if (await tools.Frames.FindAsync(answer.Expected!, CancellationToken.None) is not { } place)
        {
            return await FailAsync(to, answer with { Error = $"{answer.Error} The journal knows no such place." }, record);
        }

        tools.Logger.WentBack(writer.Id, _lane.Lane, place.Epoch, place.Sequence);
        _lane = _lane.BackTo(place);
        frames.Place.GoTo(place);
        return await FailAsync(null, answer, record);
    }

    // The journal's history is another one than that up to which the receiver has followed.
    private async Task<LaneStep> GoBackAsync(RefusedException refusal, CancellationToken cancellationToken)
    {
        // What was looked at past the accepted place is of the other history, and nothing of it was accepted.
        if (frames.Place.At.Sequence > _lane.Accepted.Sequence)
        {
            frames.Place.GoTo(_lane.Accepted);
            return LaneStep.Again;
        }

        if (refusal.Reason != ErrorReason.FeedDiverged || !refusal.Metadata.TryGetValue("sequence", out var text)
            || !long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var common) || common >= _lane.Accepted.Sequence)
        {
            var unknown = DeliveryAnswer.Refused("", "The journal does not know the place up to which the receiver has followed.");
            return await FailAsync(null, unknown, writer.Blank) ? LaneStep.Again : LaneStep.Over;
        }

        var place = await tools.Frames.PlaceAtAsync(common, cancellationToken);
        tools.Logger.WentBack(writer.Id, _lane.Lane, place.Epoch, place.Sequence);
        _lane = _lane.BackTo(place);
        frames.Place.GoTo(place);
        return await writer.WriteAsync(writer.Blank with { Lane = _lane }, CancellationToken.None) ? LaneStep.Again : LaneStep.Over;
    }

    // Nothing to send. A receiver that stores first and applies later is asked again; one that failed is asked whether it is back.
    private async Task<LaneStep> RestAsync(CancellationToken cancellationToken)
    {
        var now = tools.Timing.Now;
        var lags = _lane.Applied < _lane.Accepted.Sequence;
        if (_lane.Failures > 0 || (lags && _inquireAt <= now))
        {
            return await DeliverAsync(Inquiry(), cancellationToken);
        }

        if (lags) _inquireAt ??= now + tools.Timing.WaitAfter(_lane.Lane, ++_inquiries);
        var record = writer.Blank;
        if (_lane.LastError.Length > 0) record = record with { Lane = _lane = _lane with { LastError = "", NextAttemptAt = null } };
        if (IsOrdered && StateFor(PushSchedule.AfterSuccess(standing.Subscription.State, atHead: true)) is { } state) record = WithState(record, state);
        if ((record.Lane is not null || record.State is not null) && !await writer.WriteAsync(record, CancellationToken.None)) return LaneStep.Over;

        // What is on its way must not stay so for long once nothing follows.
        if (!await writer.FlushAsync()) return LaneStep.Over;
        tools.Metrics.Stands(writer.Id, _lane.Lane, 0);
        return new LaneStep(false, _inquireAt < _resendAt || _resendAt is null ? _inquireAt : _resendAt, frames.Place.At.Sequence);
    }

    private Frame Inquiry() => Frame.Of(standing.Subscription, _lane.Lane, _lane.Accepted.Sequence, _lane.Accepted, [], head: null);

    // Sends one of them a step, so that no new withdrawal waits behind many. False once the lease is lost, or when called off.
    private async Task<bool> ResendAsync(CancellationToken cancellationToken)
    {
        var (waiting, next) = standing.Rejected.WithdrawalsPast(_resentTo);
        tools.Metrics.Waits(writer.Id, waiting);
        if (waiting == 0)
        {
            (_resendAt, _resends, _resentTo) = (null, 0, 0);
            return true;
        }

        _resendAt ??= tools.Timing.Now + tools.Timing.WaitAfter(Lane.Withdrawals, ++_resends);
        if (_resendAt > tools.Timing.Now) return true;

        if (next is not { } sequence)
        {
            // Each had its turn, and some are rejected still.
            _resendAt = tools.Timing.Now + tools.Timing.WaitAfter(Lane.Withdrawals, ++_resends);
            _resentTo = 0;
            return true;
        }

        _resentTo = sequence;
        return await ((WithdrawalFrames)frames).OfOneAsync(sequence, cancellationToken) is not { } frame || await ResendAsync(frame, cancellationToken);
    }

    private async Task<bool> ResendAsync(Frame frame, CancellationToken cancellationToken)
    {
        var (answer, attempts) = await tools.Courier.SendAsync(writer.Id, link, frame.Request, cancellationToken);
        if (attempts.Count > 1) await PostAsync(attempts.SkipLast(1));
        var record = writer.Blank with { Attempt = attempts[^1] };
        if (answer.IsFailure)
        {
            // Not the lane's failure: a withdrawal that a receiver chokes on must not keep back those after it.
            _resendAt = tools.Timing.Now + tools.Timing.WaitAfter(Lane.Withdrawals, ++_resends, answer.RetryAfter);
            return await writer.WriteAsync(record, CancellationToken.None) && !cancellationToken.IsCancellationRequested;
        }

        // The receiver lacks what lies before it. The lane carries that, and this one with it, unless it is still on its way there.
        if (answer.Outcome == DeliveryOutcome.OutOfOrder)
        {
            return answer.Expected!.Sequence < _lane.Accepted.Sequence
                ? await ReorderAsync(_lane.PendingTo, answer, record)
                : await writer.WriteAsync(record, CancellationToken.None);
        }

        var rejected = RejectedBook.Read(frame.Request, answer, tools.Timing.Now);
        var settled = standing.Rejected.SettledBy(frame.Request, answer);
        if (!await writer.WriteAsync(record with { Rejected = rejected, Settled = settled }, CancellationToken.None)) return false;
        standing.Rejected.Enter(rejected, settled);
        GreetBack();
        return true;
    }

    private void Enter(IReadOnlyCollection<RejectedChange> rejected, IReadOnlyCollection<(Core.Listings.ListingId, long)> settled)
    {
        standing.Rejected.Enter(rejected, settled);
        if (rejected.Count == 0) return;
        tools.Logger.ChangesRejected(writer.Id, _lane.Lane, rejected.Count);
        standing.Tell();
    }

    private void GreetBack()
    {
        if (standing.Subscription.State != SubscriptionState.Suspended) return;

        standing.IsBack = true;
        standing.Tell();
    }

    // Null if it stays.
    private SubscriptionState? StateFor(SubscriptionState state) => state == standing.Subscription.State ? null : state;

    private DeliveryRecord WithState(DeliveryRecord record, SubscriptionState state)
    {
        var now = tools.Timing.Now;
        standing.Enter(state, now);
        tools.Logger.StateChanged(writer.Id, state);
        return record with { State = state, StateSince = now };
    }
}
