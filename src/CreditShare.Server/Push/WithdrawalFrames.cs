using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Changes;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using ChangeKind = CreditShare.Core.Listings.ChangeKind;
using Lane = CreditShare.Core.Push.Lane;
using Subscription = CreditShare.Core.Push.Subscription;

namespace CreditShare.Server.Push;

/// <summary>Cuts the lane of withdrawals into frames: from memory where it reaches back, else from the store, which knows where they are.</summary>
internal sealed class WithdrawalFrames(
    Subscription subscription, JournalHead start, IStore store, ChangeSource source, JournalTail tail, PushOptions options, TimeProvider clock)
    : ILaneFrames
{
    private const int ScanLimit = 2_000;

    public LanePlace Place { get; } = new(start, source, tail);

    public async Task<Frame?> NextAsync(LaneState lane, CancellationToken cancellationToken)
    {
        await Place.EnsureAsync(lane.Accepted, cancellationToken);
        if (lane.FailedTo is { } to && await ReadAgainAsync(lane.Accepted, to, cancellationToken) is { } again) return again;

        while (true)
        {
            var before = Place.At.Sequence;
            var found = ReadFromMemory() ?? await ReadFromStoreAsync(cancellationToken);
            if (found.Count > 0) return FrameOf(lane.Accepted.Sequence, Place.At, found);
            if (Place.At.Sequence == before) return null;
        }
    }

    /// <summary>The frame that carries one withdrawal once more, because it was rejected.</summary>
    /// <returns>Null if the journal has no withdrawal of that number.</returns>
    public async Task<Frame?> OfOneAsync(long sequence, CancellationToken cancellationToken)
    {
        var entries = await store.Journal.ReadAsync(sequence - 1, 1, cancellationToken);
        return entries is [var entry] && IsWithdrawal(entry.Kind) ? FrameOf(sequence - 1, PlaceOf(entry), [entry]) : null;
    }

    private static bool IsWithdrawal(ChangeKind kind) => kind is ChangeKind.Withdrawn or ChangeKind.Revoked or ChangeKind.Expired;

    private static JournalHead PlaceOf(JournalEntry entry) => new(entry.Epoch, entry.Sequence, entry.Hash);

    private bool IsWanted(JournalEntry entry) => IsWithdrawal(entry.Kind) && subscription.Filter.Matches(entry.Listing);

    // Null if memory does not reach back so far, or if what it has is of a later life: then the store tells whether that follows.
    private List<JournalEntry>? ReadFromMemory()
    {
        List<JournalEntry> entries = [];
        if (!tail.TryRead(Place.At.Sequence, ScanLimit, clock.Today(), entries, [])) return null;
        if (entries is [var first, ..] && first.Epoch != Place.At.Epoch) return null;

        List<JournalEntry> found = [];
        foreach (var entry in entries)
        {
            if (found.Count == options.FrameChanges) break;
            if (IsWanted(entry)) found.Add(entry);
            Place.GoTo(PlaceOf(entry));
        }

        return found;
    }

    private async Task<List<JournalEntry>> ReadFromStoreAsync(CancellationToken cancellationToken)
    {
        // The head is read first: what is not found up to there is not there.
        var head = await store.Journal.ReadHeadAsync(cancellationToken);
        if (head.Epoch != Place.At.Epoch) await source.CheckAsync(Place.At.ToProto(), cancellationToken);
        var entries = await store.Journal.ReadWithdrawalsAsync(Place.At.Sequence, options.FrameChanges, cancellationToken);
        var isAll = entries.Count < options.FrameChanges;
        var last = entries.Count > 0 ? PlaceOf(entries[^1]) : Place.At;
        if (isAll && head.Sequence > last.Sequence) last = head;
        Place.GoTo(last);
        return [.. entries.Where(IsWanted)];
    }

    private async Task<Frame?> ReadAgainAsync(JournalHead from, long to, CancellationToken cancellationToken)
    {
        var end = await store.Journal.ReadAsync(to - 1, 1, cancellationToken);
        if (end is not [var last]) return null;

        // However many the filter leaves out in between.
        List<JournalEntry> found = [];
        for (var after = from.Sequence; after < to;)
        {
            var entries = await store.Journal.ReadWithdrawalsAsync(after, options.FrameChanges, cancellationToken);
            found.AddRange(entries.Where(entry => entry.Sequence <= to && IsWanted(entry)));
            after = entries.Count < options.FrameChanges ? to : entries[^1].Sequence;
        }

        Place.GoTo(PlaceOf(last));
        return FrameOf(from.Sequence, Place.At, found);
    }

    private Frame FrameOf(long from, JournalHead to, IEnumerable<JournalEntry> entries)
    {
        var changes = entries.Select(entry => source.CopyOf(entry, subscription.View, isOutdated: true));
        return Frame.Of(subscription, Lane.Withdrawals, from, to, changes, tail.AppliedHead);
    }
}
