using System.Globalization;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using ChangeKind = CreditShare.Core.Listings.ChangeKind;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Changes;

/// <summary>Reads changes for receivers: from memory where it reaches back, else from the store; what has ended, or was corrected since, is redacted.</summary>
internal sealed class ChangeSource(IStore store, JournalTail tail, CourtDirectory courts, TimeProvider clock)
{
    private readonly ChangeCache _copies = new(courts);
    private readonly RunCache _runs = new();

    /// <summary>Checks a cursor against the journal.</summary>
    /// <returns>The cursor complete: life, number and hash.</returns>
    /// <exception cref="RefusedException">It lies past the head, or is of another history.</exception>
    public async Task<JournalHead> CheckAsync(Cursor cursor, CancellationToken cancellationToken)
    {
        var head = await store.Journal.ReadHeadAsync(cancellationToken);
        var epochs = await store.Journal.ReadEpochsAsync(cancellationToken);
        // A cursor of a life that this journal does not know, and of a later one: how much of it is common nobody can say.
        if (cursor.Epoch > head.Epoch) throw new RefusedException(ErrorReason.FeedDiverged);

        // A cursor of an earlier life is good up to where a later one began; there lies the last point in common.
        var later = epochs.Where(epoch => cursor.Epoch != 0 && epoch.Epoch > cursor.Epoch).MinBy(epoch => epoch.FirstSequence);
        if (later is not null && cursor.Sequence >= later.FirstSequence) throw Diverged(epochs, later.FirstSequence - 1);

        if (cursor.Sequence > head.Sequence)
        {
            throw new RefusedException(ErrorReason.CursorAhead) { Metadata = PlaceOf(head.Epoch, head.Sequence) };
        }

        var hash = await store.Journal.ReadHashAsync(cursor.Sequence, cancellationToken)
            ?? throw new RefusedException(ErrorReason.CursorAhead);
        if (cursor.Hash.Length > 0 && cursor.Sequence > 0 && !cursor.Hash.Span.SequenceEqual(hash.Span))
        {
            // Without a life, the cursor is of one before that to which its number belongs now. With the right one, the histories
            // differ where no life ends: then no point in common is known.
            var began = LifeAt(epochs, cursor.Sequence)?.FirstSequence ?? 1;
            throw cursor.Epoch == 0 && began > 1 ? Diverged(epochs, began - 1) : new RefusedException(ErrorReason.FeedDiverged);
        }

        return new JournalHead(cursor.Epoch == 0 ? head.Epoch : cursor.Epoch, cursor.Sequence, hash);
    }

    /// <summary>A change as receivers with a view may see it; nobody may change it.</summary>
    /// <param name="entry">One that is shared.</param>
    /// <param name="view">The receivers' view.</param>
    /// <param name="isOutdated">Whether it must name nobody any more, as the listing stands now.</param>
    public Change CopyOf(JournalEntry entry, View view, bool isOutdated) => _copies.Of(entry, view, isOutdated, clock.GetUtcNow()).Change;

    /// <summary>Reads the next run after a place; its <c>To</c> equals its <c>From</c> at the head.</summary>
    /// <param name="after">The place.</param>
    /// <param name="query">What the receiver wants.</param>
    /// <param name="limit">Numbers covered at most.</param>
    /// <param name="bytes">Bytes of changes at most, unless one change alone is larger.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RefusedException">FEED_DIVERGED: what follows the number is another history than that of the place.</exception>
    public async Task<ChangeRun> ReadAsync(
        JournalHead after, FeedQuery query, int limit, int bytes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();

        // Before the entries: if one comes in between that puts another in the wrong, the run counts as old at once.
        var state = new RunState(tail.Revision, ChinaTime.DateOf(now), courts.Table);
        var key = new RunKey(query.View, query.Filter, limit, bytes);
        if (_runs.Find(after, key, state, tail.Applied.Sequence) is { } shared) return shared;

        List<JournalEntry> fromMemory = [];
        HashSet<long> outdated = [];
        IReadOnlyList<JournalEntry> entries = fromMemory;
        var isFromMemory = tail.TryRead(after.Sequence, limit, state.Today, fromMemory, outdated);
        if (!isFromMemory)
        {
            entries = await store.Journal.ReadAsync(after.Sequence, limit, cancellationToken);
            outdated = await FindOutdatedAsync(entries, query, state.Today, cancellationToken);
        }

        // Numbers go on across lives without a gap even where changes were lost in between.
        if (entries.Count > 0 && entries[0].Epoch != after.Epoch) await CheckAsync(after.ToProto(), cancellationToken);

        var run = RunOf(entries, outdated, after, query, bytes, now);

        // What was read from the store, the tail does not watch; and what a correction tells depends on the time.
        if (isFromMemory && run.Copies.Count > 0 && !fromMemory.Exists(entry => entry.Kind == ChangeKind.Corrected))
        {
            _runs.Keep(after, key, state, run, isWhole: run.To < entries[^1].Sequence || entries.Count == limit);
        }

        return run;
    }

    // As the listings stand now, which is later than the entries: what ends or is corrected in between is redacted, too.
    private async Task<HashSet<long>> FindOutdatedAsync(
        IReadOnlyList<JournalEntry> entries, FeedQuery query, DateOnly today, CancellationToken cancellationToken)
    {
        var asked = entries.Where(entry => entry.IsShared() && entry.Listing.Ending is null && query.Filter.Matches(entry.Listing))
            .Select(entry => entry.Listing.Id).ToHashSet();
        if (asked.Count == 0) return [];

        var ended = await store.Listings.FindEndedAsync(asked, today, cancellationToken);
        var corrected = await store.Listings.FindCorrectedAsync(asked, cancellationToken);
        return
        [
            .. entries.Where(entry => ended.Contains(entry.Listing.Id)
                    || (corrected.TryGetValue(entry.Listing.Id, out var correction) && entry.Sequence < correction))
                .Select(entry => entry.Sequence),
        ];
    }

    private static RefusedException Diverged(IReadOnlyList<JournalEpoch> epochs, long common) =>
        new(ErrorReason.FeedDiverged) { Metadata = PlaceOf(LifeAt(epochs, common)?.Epoch ?? epochs[0].Epoch, common) };

    /// <summary>The life in which a number was written; null before the first.</summary>
    private static JournalEpoch? LifeAt(IReadOnlyList<JournalEpoch> epochs, long sequence) =>
        epochs.Where(epoch => epoch.FirstSequence <= sequence).MaxBy(epoch => epoch.Epoch);

    private static Dictionary<string, string> PlaceOf(uint epoch, long sequence) => new()
    {
        ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        ["sequence"] = sequence.ToString(CultureInfo.InvariantCulture),
    };

    private ChangeRun RunOf(
        IReadOnlyList<JournalEntry> entries, HashSet<long> outdated, JournalHead after, FeedQuery query, int maxBytes, DateTimeOffset now)
    {
        List<ChangeCopy> copies = [];
        var (to, epoch, hash) = (after.Sequence, after.Epoch, after.Hash);
        var bytes = 0;
        foreach (var entry in entries)
        {
            if (entry.IsShared() && query.Filter.Matches(entry.Listing))
            {
                var copy = _copies.Of(entry, query.View, outdated.Contains(entry.Sequence), now);
                bytes += copy.Bytes + 4;
                if (copies.Count > 0 && bytes > maxBytes) break;
                copies.Add(copy);
            }

            (to, epoch, hash) = (entry.Sequence, entry.Epoch, entry.Hash);
        }

        return new ChangeRun(after.Sequence, to, epoch, hash, copies);
    }
}
