using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;
using CreditShare.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

/// <summary>The parts of the batch writer that stand for themselves.</summary>
internal sealed class WritingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Recent_entries_are_handed_out_once_and_only_without_a_gap()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(1, 5, 6));
        recent.Add(Entries(1, 7));
        recent.Add(Entries(1, 9));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(recent.Take(3, epoch: 1), Is.Null, "the next one was committed elsewhere");
            Assert.That(Sequences(recent.Take(4, epoch: 1)), Is.EqualTo(new[] { 5L, 6, 7 }));
            Assert.That(recent.Take(7, epoch: 1), Is.Null);
            Assert.That(Sequences(recent.Take(8, epoch: 1)), Is.EqualTo(new[] { 9L }));
            Assert.That(recent.Take(8, epoch: 1), Is.Null);
        }
    }

    [Test]
    public void Recent_entries_may_be_taken_from_the_midst_of_a_commit()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(1, 5, 6, 7));

        Assert.That(Sequences(recent.Take(5, epoch: 1)), Is.EqualTo(new[] { 6L, 7 }));
    }

    [Test]
    public void Recent_entries_of_another_life_are_forgotten()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(1, 5, 6));
        recent.Add(Entries(2, 4));

        Assert.That(Sequences(recent.Take(3, epoch: 2)), Is.EqualTo(new[] { 4L }));
        Assert.That(recent.Take(4, epoch: 2), Is.Null);
    }

    [Test]
    public void Recent_entries_of_an_earlier_life_follow_nothing_of_a_later_one()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(1, 5, 6));

        // The store failed over and lost both; others have their numbers now.
        Assert.That(recent.Take(4, epoch: 2), Is.Null);
        Assert.That(recent.Take(5, epoch: 1), Is.Null, "they were kept");
    }

    [Test]
    public void Recent_entries_of_a_later_life_wait_until_the_reader_has_entered_it()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(2, 5, 6));

        Assert.That(recent.Take(4, epoch: 1), Is.Null);
        Assert.That(Sequences(recent.Take(4, epoch: 2)), Is.EqualTo(new[] { 5L, 6 }));
    }

    [Test]
    public void Recent_entries_are_bounded_in_bytes_too()
    {
        var recent = new RecentCommits();
        const int longText = (int)(RecentCommits.MaxBytes / 10);
        var entry = Entries(1, 1).Single() with { Operator = new string('长', longText) };
        for (var sequence = 1L; sequence <= 10; sequence++) recent.Add([entry with { Sequence = sequence }]);

        // At two bytes a character four have room.
        Assert.That(recent.Take(5, epoch: 1), Is.Null);
        Assert.That(Sequences(recent.Take(6, epoch: 1)), Is.EqualTo(new[] { 7L, 8, 9, 10 }));
    }

    [Test]
    public void Recent_entries_are_bounded_and_the_oldest_go_first()
    {
        var recent = new RecentCommits();
        recent.Add(Entries(1, [.. Enumerable.Range(1, RecentCommits.MaxEntries + 10).Select(i => (long)i)]));

        Assert.That(recent.Take(0, epoch: 1), Is.Null);
        Assert.That(recent.Take(10, epoch: 1), Has.Count.EqualTo(RecentCommits.MaxEntries));
    }

    [Test]
    public void A_head_wakes_who_waits_for_less_than_it_and_an_old_one_nobody()
    {
        var signal = new HeadSignal(_clock);
        signal.Advance(1, 5);
        var waiting = signal.WaitAsync(5, TimeSpan.FromMinutes(1), CancellationToken.None);

        signal.Advance(1, 4);
        Assert.That(waiting.IsCompleted, Is.False);

        signal.Advance(1, 6);
        Assert.That(() => waiting, Throws.Nothing);
        Assert.That(signal.WaitAsync(5, TimeSpan.FromMinutes(1), CancellationToken.None).IsCompleted, Is.True);
    }

    [Test]
    public void A_head_of_a_later_life_counts_although_its_number_is_lower()
    {
        var signal = new HeadSignal(_clock);
        signal.Advance(1, 500);
        var waiting = signal.WaitAsync(500, TimeSpan.FromMinutes(1), CancellationToken.None);

        signal.Advance(2, 3);

        Assert.That(() => waiting, Throws.Nothing);
    }

    [Test]
    public void Who_waits_looks_for_itself_when_the_time_is_over()
    {
        var signal = new HeadSignal(_clock);
        var waiting = signal.WaitAsync(0, TimeSpan.FromMilliseconds(250), CancellationToken.None);

        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.That(waiting.IsCompleted, Is.False);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(() => waiting, Throws.Nothing);
    }

    [Test]
    public void A_neighbour_is_another_listing_of_the_case_that_stands_and_names_the_document()
    {
        var mine = new ListingId(Guid.NewGuid());
        var other = new ListingId(Guid.NewGuid());
        var (document, caseKey, elsewhere) = (new LookupKey(1, 1), new LookupKey(2, 2), new LookupKey(3, 3));
        var table = new NeighbourTable([new NeighbourRow(document, caseKey, other, IsLive: true, BarredUntil: null)], expected: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Of(mine, caseKey, [elsewhere, document]).Active, Is.True);
            Assert.That(table.Of(other, caseKey, [document]).Active, Is.False);
            Assert.That(table.Of(mine, elsewhere, [document]).Active, Is.False);
            Assert.That(table.Of(mine, caseKey, [elsewhere]).Active, Is.False);
        }

        table.Set(new NeighbourRow(document, caseKey, other, IsLive: false, BarredUntil: new DateOnly(2026, 9, 1)));
        table.Set(new NeighbourRow(document, caseKey, new ListingId(Guid.NewGuid()), IsLive: false, BarredUntil: new DateOnly(2026, 8, 1)));
        Assert.That(table.Of(mine, caseKey, [document]), Is.EqualTo(new Neighbours(Active: false, new DateOnly(2026, 9, 1))));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_commit_takes_no_more_rows_than_it_should_unless_one_item_has_them(CancellationToken cancellationToken)
    {
        var release = new TaskCompletionSource();
        var groups = new List<int[]>();
        await using var commits = new GroupCommit<int>(
            async group =>
            {
                groups.Add([.. group]);
                await release.Task;
            },
            item => item);

        // The first is under way while the others come.
        var first = commits.WriteAsync(1, cancellationToken);
        while (groups.Count == 0) await Task.Yield();
        var others = new[] { 1_500, 500, 1, 9_000, 2, 3 }.Select(item => commits.WriteAsync(item, cancellationToken)).ToList();
        release.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.That(groups, Is.EqualTo(new int[][] { [1], [1_500, 500], [1], [9_000], [2, 3] }));
    }

    [Test, CancelAfter(10_000)]
    public async Task While_many_come_of_which_nobody_waits_for_any_a_commit_waits_for_more_of_them_until_somebody_does(CancellationToken cancellationToken)
    {
        var release = new TaskCompletionSource();
        var groups = new List<int[]>();
        await using var commits = new GroupCommit<int>(
            async group =>
            {
                groups.Add([.. group]);
                await release.Task;
            },
            _ => 1,
            _clock);

        // Whoever still waits when the time is up ends, or the writer would never close.
        await using var timeIsUp = cancellationToken.Register(() => _clock.Advance(TimeSpan.FromHours(1)));
        var first = commits.WriteLaterAsync(0, cancellationToken);
        while (groups.Count == 0) await Task.Yield();
        var busy = Enumerable.Range(1, 100).Select(item => commits.WriteLaterAsync(item, cancellationToken)).ToList();
        release.SetResult();
        var all = Task.WhenAll([first, .. busy]);
        await _clock.AdvanceUntilAsync(() => all.IsCompleted, TimeSpan.FromMilliseconds(1), cancellationToken);

        // The last group was large: the next one waits longer than for its pace, and no more once somebody is in a hurry.
        var later = commits.WriteLaterAsync(200, cancellationToken);
        for (var i = 0; i < 100; i++) await Task.Yield();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 100; i++) await Task.Yield();
        var alone = later.IsCompleted;
        await commits.WriteAsync(201, cancellationToken);
        await later;

        Assert.That(alone, Is.False);
        Assert.That(groups[^1], Is.EqualTo(new[] { 200, 201 }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_commit_keeps_its_pace_for_others_to_come_but_not_for_a_caller_that_is_alone(CancellationToken cancellationToken)
    {
        var clock = new WatchedClock();
        var groups = new List<int>();
        await using var commits = new GroupCommit<int>(
            group =>
            {
                groups.Add(group.Count);
                return Task.CompletedTask;
            },
            _ => 1,
            clock);

        // Whoever still waits when the time is up ends, or the writer would never close.
        await using var timeIsUp = cancellationToken.Register(() => clock.Advance(TimeSpan.FromHours(1)));

        // The first begins at once; the next waits, however many were with the one before.
        await commits.WriteAsync(0, cancellationToken);
        foreach (var size in new[] { 2, 100, 1 })
        {
            var written = Enumerable.Range(0, size).Select(item => commits.WriteAsync(item, cancellationToken)).ToList();
            await clock.Waits.WaitAsync(cancellationToken);
            Assert.That(written.Exists(write => write.IsCompleted), Is.False);
            clock.Advance(TimeSpan.FromMilliseconds(4));
            await Task.WhenAll(written);
        }

        Assert.That(groups, Is.EqualTo(new[] { 1, 2, 100, 1 }));

        // The last has waited in vain: the clock stands still, and 32 others are written. The one after them waits again.
        for (var item = 0; item < 32; item++) await commits.WriteAsync(item, cancellationToken);
        var last = commits.WriteAsync(32, cancellationToken);
        await clock.Waits.WaitAsync(cancellationToken);
        Assert.That(last.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(4));
        await last;
    }

    private static List<JournalEntry> Entries(uint epoch, params long[] sequences)
    {
        var entry = ListingSamples.Entry(ListingSamples.All.First().Listing, []);
        return [.. sequences.Select(sequence => entry with { Epoch = epoch, Sequence = sequence })];
    }

    private static IEnumerable<long>? Sequences(IReadOnlyList<JournalEntry>? entries) => entries?.Select(entry => entry.Sequence);

    /// <summary>Tells when somebody begins to wait.</summary>
    private sealed class WatchedClock : FakeTimeProvider
    {
        public SemaphoreSlim Waits { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Release();
            return timer;
        }
    }
}
