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
    public async Task RunAsync(FeedQuery query, IServerStreamWriter<EncodedFrame> responses, Caller caller, CancellationToken cancellationToken)
    {
        using var following = metrics.TryFollow(caller.Id, options.Value.MaxFollowers)
            ?? throw new RefusedException(ErrorReason.Overloaded) { RetryAfter = options.Value.IdleInterval };

        await using var writer = new PatientWriter<EncodedFrame>(responses, options.Value.WriteTimeout, clock, cancellationToken);

        // Step 1: prove that both sides mean the same history.
        var generation = tail.Generation;
        var at = await source.CheckAsync(query.From, cancellationToken);
        var sent = at;
        var lastWrite = clock.GetTimestamp();

        while (true)
        {
            // Step 2: if this node found its own history to be another one, the receiver's may be too.
            if (tail.Generation != generation)
            {
                generation = tail.Generation;
                at = await source.CheckAsync(
                    new Cursor { Epoch = at.Epoch, Sequence = at.Sequence, Hash = UnsafeByteOperations.UnsafeWrap(at.Hash) }, cancellationToken);
            }

            // Step 3: read on, unless the tail is known to have nothing more. What the filter leaves out is covered by the next frame that is sent.
            var run = IsBehind(at)
                ? await source.ReadAsync(at, query, options.Value.FrameChanges, options.Value.FrameBytes, cancellationToken)
                : new ChangeRun(at.Sequence, at.Sequence, at.Epoch, at.Hash, []);
            at = new JournalHead(run.Epoch, run.To, run.ToHash);

            // Step 4: send when there is something to say, when much was left out, or when the feed was silent for long.
            var idle = clock.GetElapsedTime(lastWrite) >= options.Value.IdleInterval;
            if (run.Copies.Count > 0 || idle || at.Sequence - sent.Sequence >= QuietCover)
            {
                await readers.NoteAsync(caller.Id, query.From.Sequence, run.To, cancellationToken);
                await WriteAsync(writer, FrameOf(sent, run));
                metrics.Sent(run.Copies.Count);
                (sent, lastWrite) = (at, clock.GetTimestamp());
            }

            // Step 5: at the head, wait for the tail or for the next sign of life.
            if (run.To == run.From) await WaitAsync(at, options.Value.IdleInterval - clock.GetElapsedTime(lastWrite), cancellationToken);
        }
    }

    /// <summary>Whether something follows a place, as far as this node knows; while it loads, it does not.</summary>
    private bool IsBehind(JournalHead at) => tail.AppliedHead is not { } head || head.Sequence > at.Sequence;

    private EncodedFrame FrameOf(JournalHead sent, ChangeRun run) => new(
        new FollowChangesResponse
        {
            FromSequence = sent.Sequence,
            ToSequence = run.To,
            Epoch = run.Epoch,
            ToHash = UnsafeByteOperations.UnsafeWrap(run.ToHash),
            Head = HeadFor(run),
        },
        run.Encoded);

    /// <summary>The head as this node knows it; never before what the frame itself covers.</summary>
    private Cursor HeadFor(ChangeRun run) => tail.AppliedHead is { } head && new JournalPosition(head.Epoch, head.Sequence).Covers(new JournalPosition(run.Epoch, run.To))
        ? head.ToProto()
        : new JournalHead(run.Epoch, run.To, run.ToHash).ToProto();

    private async ValueTask WriteAsync(PatientWriter<EncodedFrame> writer, EncodedFrame frame)
    {
        if (await writer.TryWriteAsync(frame)) return;

        metrics.CutOff();
        throw new RefusedException(ErrorReason.FollowerTooSlow);
    }

    private async Task WaitAsync(JournalHead at, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero) return;

        await tail.WaitPastAsync(at.Sequence, atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
