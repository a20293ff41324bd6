using CreditShare.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CreditShare.Receiver;

/// <summary>Takes messages, however they came: proves that nothing is missing, hands each new change to the handler once, and says how far it is.</summary>
/// <remarks>
/// Safe for concurrent callers. The messages of one lane are taken one after the other. The two lanes are taken at once, and only changes of
/// the same listing wait for each other, so that a withdrawal does not wait behind a slow frame.
/// </remarks>
internal sealed class ChangeIntake(
    IChangeHandler handler, IReceiverState state, IOptions<ReceiverOptions> options, TimeProvider clock, ILogger<ChangeIntake> logger)
{
    /// <summary>Kept under the lane that carries no changes once a subscription was purged: nothing that comes late may be stored again.</summary>
    private const Lane Ended = Lane.Unspecified;

    private readonly Gates<(string Subscription, Lane Lane)> _lanes = new();
    private readonly Gates<(string Subscription, string Listing)> _listings = new();

    /// <summary>Takes a message.</summary>
    public async Task<IntakeAnswer> TakeAsync(ReceiveChangesRequest request, CancellationToken cancellationToken)
    {
        if (request.Subscription.Length == 0) return new IntakeAnswer.Malformed("The message names no subscription.");

        try
        {
            return request.Purpose switch
            {
                DeliveryPurpose.Changes => await TakeChangesAsync(request, cancellationToken),
                DeliveryPurpose.Verification => Answer(request, new ReceiveChangesResponse { Challenge = request.Challenge }),
                DeliveryPurpose.Test => Answer(request, new ReceiveChangesResponse()),
                DeliveryPurpose.Purge => await PurgeAsync(request.Subscription, cancellationToken),
                _ => new IntakeAnswer.Malformed($"The purpose {request.Purpose} is not known here."),
            };
        }
        catch (Exception ex) when (ex is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.Failed(request.Subscription, ex);
            return new IntakeAnswer.Failed("The receiver cannot take the message now.");
        }
    }

    private IntakeAnswer.Answered Answer(ReceiveChangesRequest request, ReceiveChangesResponse response)
    {
        logger.AnsweredOther(request.Subscription, request.Purpose);
        return new IntakeAnswer.Answered(response);
    }

    private async Task<IntakeAnswer> TakeChangesAsync(ReceiveChangesRequest frame, CancellationToken cancellationToken)
    {
        if (FrameChecks.FaultOf(frame) is { } fault) return new IntakeAnswer.Malformed(fault);

        using var turn = await _lanes.EnterAsync((frame.Subscription, frame.Lane), cancellationToken);
        if (await state.FindCursorAsync(frame.Subscription, Ended, cancellationToken) is not null)
        {
            return new IntakeAnswer.Gone("The subscription has ended.");
        }

        // Step 1: the frame must begin where the lane stands, or before it. The first one says where the lane begins.
        var cursor = await state.FindCursorAsync(frame.Subscription, frame.Lane, cancellationToken);
        if (cursor is null)
        {
            logger.FirstFrame(frame.Subscription, frame.Lane, frame.Epoch, frame.FromSequence);
            cursor = new Cursor { Epoch = frame.Epoch, Sequence = frame.FromSequence };
        }
        else if (frame.Epoch < cursor.Epoch)
        {
            // A node that does not know yet that its journal's life is over: with a cursor it could do nothing.
            return new IntakeAnswer.Failed("The message is of an earlier life of the journal than what was received.");
        }
        else if (frame.FromSequence > cursor.Sequence)
        {
            logger.OutOfOrder(frame.Subscription, frame.Lane, $"{frame.Epoch}:{frame.FromSequence}", cursor.Epoch, cursor.Sequence);
            return new IntakeAnswer.Answered(new ReceiveChangesResponse
            {
                AcceptedSequence = cursor.Sequence,
                AppliedSequence = cursor.Sequence,
                Expected = cursor,
            });
        }

        if (frame.Epoch > cursor.Epoch) logger.NewLife(frame.Subscription, frame.Epoch, cursor.Epoch, frame.FromSequence);

        // Step 2: each change, also one of a frame that was received before: it may have been rejected then.
        var (done, rejections) = await ApplyAsync(frame, cancellationToken);
        if (done == frame.FromSequence && done < frame.ToSequence) return new IntakeAnswer.Failed("The receiver cannot take the first change now.");

        // Step 3: the lane moves on, never back within a life of the journal. Durable before it is answered.
        var reached = frame.Epoch == cursor.Epoch && done < cursor.Sequence
            ? cursor
            : new Cursor { Epoch = frame.Epoch, Sequence = done, Hash = done == frame.ToSequence ? frame.ToHash : ByteString.Empty };
        await state.SaveAsync(frame.Subscription, frame.Lane, reached, cancellationToken);
        logger.TookFrame(frame.Subscription, frame.Changes.Count, frame.Lane, frame.Epoch, frame.FromSequence, done);
        // Not more than this frame, though more may be stored: on a replay what was rejected further on is still to come.
        var response = new ReceiveChangesResponse { AcceptedSequence = done, AppliedSequence = done };
        response.Rejections.AddRange(rejections);
        return new IntakeAnswer.Answered(response);
    }

    private async Task<(long Done, List<Rejection> Rejections)> ApplyAsync(ReceiveChangesRequest frame, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var rejections = new List<Rejection>();
        var done = frame.FromSequence;
        foreach (var change in frame.Changes)
        {
            if (done > frame.FromSequence && clock.GetElapsedTime(started) > options.Value.AnswerWithin) return (done, rejections);

            var received = new ReceivedChange(frame.Subscription, frame.Lane, change);
            try
            {
                if (await ApplyAsync(received, cancellationToken) is ChangeOutcome.Refused refused)
                {
                    logger.ChangeRejected(frame.Subscription, received.ToString(), refused.Reason);
                    rejections.Add(new Rejection
                    {
                        Sequence = change.Sequence,
                        ListingName = change.ListingName,
                        Version = change.Version,
                        Reason = refused.Reason,
                    });
                }
            }
            catch (Exception ex) when (ex is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // What came before it is answered as taken, if there is anything; it and the rest come again.
                logger.ChangeFailed(frame.Subscription, received.ToString(), ex);
                return (done, rejections);
            }

            done = change.Sequence;
        }

        return (frame.ToSequence, rejections);
    }

    private async Task<ChangeOutcome> ApplyAsync(ReceivedChange received, CancellationToken cancellationToken)
    {
        var (subscription, _, change) = received;
        using var turn = await _listings.EnterAsync((subscription, change.ListingName), cancellationToken);
        var mark = await state.FindMarkAsync(subscription, change.ListingName, cancellationToken);
        if (mark is { } known && !known.IsBefore(change)) return ChangeOutcome.Applied;

        var outcome = await handler.ApplyAsync(received, cancellationToken);
        if (outcome is ChangeOutcome.Taken)
        {
            // Not to be called off: what the handler has done must be known.
            await state.MarkAsync(
                subscription, change.ListingName, new ListingMark(change.Epoch, change.Version, received.HasEnded), CancellationToken.None);
        }

        return outcome;
    }

    private async Task<IntakeAnswer> PurgeAsync(string subscription, CancellationToken cancellationToken)
    {
        // Both lanes stand still, so that nothing is stored behind the purge.
        using var ordered = await _lanes.EnterAsync((subscription, Lane.Ordered), cancellationToken);
        using var withdrawals = await _lanes.EnterAsync((subscription, Lane.Withdrawals), cancellationToken);
        if (!await handler.PurgeAsync(subscription, cancellationToken)) return new IntakeAnswer.Answered(new ReceiveChangesResponse());

        await state.ForgetAsync(subscription, CancellationToken.None);
        await state.SaveAsync(subscription, Ended, new Cursor(), CancellationToken.None);
        logger.Purged(subscription);
        return new IntakeAnswer.Answered(new ReceiveChangesResponse { Purged = true });
    }
}
