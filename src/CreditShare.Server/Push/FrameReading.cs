using CreditShare.Core.Journal;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Server.Push;

/// <summary>What deliveries read of the journal.</summary>
internal sealed class FrameReading(
    IStore store, ChangeSource source, JournalTail tail, IOptions<PushOptions> options, TimeProvider clock)
{
    public OrderedFrames Ordered(Subscription subscription, JournalHead start) => new(subscription, start, source, tail, options.Value);

    public WithdrawalFrames Withdrawals(Subscription subscription, JournalHead start) =>
        new(subscription, start, store, source, tail, options.Value, clock);

    /// <summary>The last number that this node has applied; 0 while it loads.</summary>
    public long Applied => tail.Applied.Sequence;

    /// <summary>Whether nothing is known to follow a place; not while this node loads, since then it knows nothing.</summary>
    public bool IsAtHead(JournalHead place) => tail.AppliedHead is { } head && place.Sequence >= head.Sequence;

    /// <summary>Completes once something past a number is there.</summary>
    public Task WaitPastAsync(long sequence, CancellationToken cancellationToken) => tail.WaitPastAsync(sequence, cancellationToken);

    /// <summary>The place at a number within a frame, with the life and the hash that the journal has there.</summary>
    public async Task<JournalHead> PlaceAtAsync(long sequence, CancellationToken cancellationToken)
    {
        var epochs = await store.Journal.ReadEpochsAsync(cancellationToken);
        var hash = await store.Journal.ReadHashAsync(sequence, cancellationToken);
        var epoch = epochs.Where(life => life.FirstSequence <= sequence).Select(life => life.Epoch).DefaultIfEmpty(1u).Max();
        return new JournalHead(epoch, sequence, hash ?? ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>The place that a receiver expects; null if this journal knows no such place.</summary>
    public async Task<JournalHead?> FindAsync(Cursor expected, CancellationToken cancellationToken)
    {
        try
        {
            return await source.CheckAsync(expected, cancellationToken);
        }
        catch (RefusedException e) when (e.Reason is ErrorReason.FeedDiverged or ErrorReason.CursorAhead)
        {
            return null;
        }
    }
}
