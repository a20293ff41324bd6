using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Feed;

/// <summary>Streams the journal to one receiver, frame after frame, until it leaves.</summary>
internal sealed class Follower(
    ChangeSource source, JournalTail tail, FeedReaders readers, FeedMetrics metrics, IOptions<FeedOptions> options, TimeProvider clock)
{
    /// <summary>Numbers that a frame may cover when the filter leaves everything out.</summary>
    private const int QuietCover = 100_000;

    /// <summary>Follows until the call ends.</summary>
    public async Task RunAsync(FeedQuery query, IServerStreamWriter<FollowChangesResponse> responses, Caller caller, CancellationToken cancellationToken)
    {
        if (metrics.Following >= options.Value.MaxFollowers)
        {
            throw new RefusedException(ErrorReason.Overloaded) { RetryAfter = options.Value.IdleInterval };
        }

        // Step 1: prove that both sides mean the same history.
        var generation = tail.Generation;
        var at = await source.CheckAsync(query.From, cancellationToken);
        var sent = at;
        var lastWrite = clock.GetTimestamp();
        using var following = metrics.Follow(caller.Id);

        while (true)
        {
            // Step 2: if this node found its own history to be another one, the receiver's may be too.
            if (tail.Generation != generation)
            {
                generation = tail.Generation;
                at = await source.CheckAsync(
                    new Cursor { Epoch = at.Epoch, Sequence = at.Sequence, Hash = UnsafeByteOperations.UnsafeWrap(at.Hash) }, cancellationToken);
            }

            // Step 3: read on. What the filter leaves out is covered by the next frame that is sent.
            var run = await source.ReadAsync(at, query, options.Value.FrameChanges, options.Value.FrameBytes, cancellationToken);
            at = new JournalHead(run.Epoch, run.To, run.ToHash);

            // Step 4: send when there is something to say, when much was left out, or when the feed was silent for long.
            var idle = clock.GetElapsedTime(lastWrite) >= options.Value.IdleInterval;
            if (run.Changes.Count > 0 || idle || at.Sequence - sent.Sequence >= QuietCover)
            {
                await readers.NoteAsync(caller.Id, query.From.Sequence, run.To, cancellationToken);
                await WriteAsync(responses, FrameOf(sent, run), cancellationToken);
                metrics.Sent(run.Changes.Count);
                (sent, lastWrite) = (at, clock.GetTimestamp());
            }

            // Step 5: at the head, wait for the tail or for the next sign of life.
            if (run.To == run.From) await WaitAsync(at, options.Value.IdleInterval - clock.GetElapsedTime(lastWrite), cancellationToken);
        }
    }

    private FollowChangesResponse FrameOf(JournalHead sent, ChangeRun run)
    {
        var frame = new FollowChangesResponse
        {
            FromSequence = sent.Sequence,
            ToSequence = run.To,
            Epoch = run.Epoch,
            ToHash = UnsafeByteOperations.UnsafeWrap(run.ToHash),
            Head = HeadFor(run),
        };
        frame.Changes.AddRange(run.Changes);
        return frame;
    }

    /// <summary>The head as this node knows it; never before what the frame itself covers.</summary>
    private Cursor HeadFor(ChangeRun run) => tail.AppliedHead is { } head && new JournalPosition(head.Epoch, head.Sequence).Covers(new JournalPosition(run.Epoch, run.To))
        ? head.ToProto()
        : new JournalHead(run.Epoch, run.To, run.ToHash).ToProto();

    private async Task WriteAsync(IServerStreamWriter<FollowChangesResponse> responses, FollowChangesResponse frame, CancellationToken cancellationToken)
    {
        // A stalled reader would hold WriteAsync for ever: only cancelling ends it.
        using var timeout = new CancellationTokenSource(options.Value.WriteTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await responses.WriteAsync(frame, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            metrics.CutOff();
            throw new RefusedException(ErrorReason.FollowerTooSlow);
        }
    }

    private async Task WaitAsync(JournalHead at, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero) return;

        using var timeout = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await tail.WaitPastAsync(at.Sequence, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
