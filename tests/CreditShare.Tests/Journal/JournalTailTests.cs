using CreditShare.Core.Journal;
using CreditShare.Server.Journal;
using CreditShare.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Journal;

internal sealed class JournalTailTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = TestClocks.AtNoon();
    private MemoryStore _store = null!;
    private TestNode _node = null!;

    [SetUp]
    public void StartStore()
    {
        _store = new MemoryStore(_clock);
        _node = new TestNode(_store, _clock);
    }

    [TearDown]
    public async Task StopNodeAsync()
    {
        _node.Dispose();
        await _store.DisposeAsync();
    }

    [Test]
    public void Nothing_counts_as_applied_before_the_load()
    {
        _store.Journal.Publish(People.Listed(1));

        Assert.That(_node.Tail.Applied, Is.EqualTo(default(JournalPosition)));
    }

    [Test]
    public void A_change_is_applied_to_the_readers_before_the_position_moves()
    {
        _node.Step();
        var document = _store.Journal.Publish(People.Listed(1)).Listing.IndexedDocuments[0];
        var seen = new List<(long Applied, bool IsListed)>();
        _node.Index.WhileLoading = null;
        _node.Tail.TellSoon += () => seen.Add((_node.Tail.Applied.Sequence, _node.Index.IsListed(document)));

        _node.Step();
        _store.Journal.Withdraw(_store.Journal.Latest[0]);
        _node.Step();

        Assert.That(seen, Is.EqualTo(new[] { (2L, false) }));
    }

    [Test]
    public async Task Each_reader_goes_on_from_its_own_snapshot()
    {
        var first = new CountingReader(_store, () => _store.Journal.Publish(People.Listed(1)));
        var second = new CountingReader(_store, () => _store.Journal.Publish(People.Listed(2)));
        var tail = new JournalTail(_store, [first, second], TestNode.Options, _clock, TestNode.Metrics, new LogBook().For<JournalTail>());

        await tail.StepAsync(CancellationToken.None);
        await tail.StepAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tail.Applied.Sequence, Is.EqualTo(2));
            Assert.That(first.Applied, Is.EqualTo(new[] { 1L, 2L }));
            Assert.That(second.Applied, Is.EqualTo(new[] { 2L }));
        }
    }

    [Test]
    public async Task Readers_that_loaded_from_different_lives_load_again()
    {
        _store.Journal.Publish(People.Listed(1));
        var lost = 1;
        var first = new CountingReader(_store, () =>
        {
            if (lost > 0) _store.Journal.FailOver(lost--);
        });
        var second = new CountingReader(_store, () => { });
        var tail = new JournalTail(_store, [first, second], TestNode.Options, _clock, TestNode.Metrics, new LogBook().For<JournalTail>());

        await tail.StepAsync(CancellationToken.None);
        Assert.That(tail.AppliedHead, Is.Null);

        await tail.StepAsync(CancellationToken.None);
        Assert.That(tail.Applied, Is.EqualTo(new JournalPosition(2, 0)));
    }

    [Test]
    public void Changes_of_a_new_life_are_taken_where_nothing_was_lost()
    {
        _store.Journal.Publish(People.Listed(1));
        _node.Step();
        _store.Journal.FailOver(losing: 0);
        var document = _store.Journal.Publish(People.Listed(2)).Listing.IndexedDocuments[0];

        _node.Step();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_node.Tail.Applied, Is.EqualTo(new JournalPosition(2, 2)));
            Assert.That(_node.Index.IsListed(document), Is.True);
            Assert.That(_node.Index.Loads, Is.EqualTo(1));
        }
    }

    [Test]
    public void Changes_that_follow_another_history_by_number_alone_are_not_taken()
    {
        _store.Journal.Publish(People.Listed(1));
        var lost = _store.Journal.Publish(People.Listed(2)).Listing.IndexedDocuments[0];
        _node.Step();
        _store.Journal.FailOver(losing: 1);
        var unseen = _store.Journal.Publish(People.Listed(3)).Listing.IndexedDocuments[0];
        _store.Journal.Publish(People.Listed(4));

        _node.Step();
        _node.Step();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_node.Tail.Applied, Is.EqualTo(new JournalPosition(2, 3)));
            Assert.That(_node.Index.IsListed(lost), Is.False);
            Assert.That(_node.Index.IsListed(unseen), Is.True);
            Assert.That(_node.Index.Loads, Is.EqualTo(2));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_load_that_fails_is_tried_again(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _store.Journal.Publish(People.Listed(1));
        _node.Start();
        _store.Journal.FailOver(losing: 1);
        _node.Beat();
        _store.Journal.IsDown = true;
        var running = _node.Tail.RunAsync(stop.Token);
        await _clock.AdvanceUntilAsync(() => _node.Log.Of(1002).Count >= 2, s_moment, cancellationToken);

        _store.Journal.IsDown = false;
        await _clock.AdvanceUntilAsync(() => _node.Tail.Applied == new JournalPosition(2, 0), s_moment, cancellationToken);

        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_waits_for_a_position_is_woken_once_it_was_applied(CancellationToken cancellationToken)
    {
        _node.Step();
        var waiting = _node.Tail.WaitForAsync(new JournalPosition(1, 2), cancellationToken);
        _store.Journal.Publish(People.Listed(1));
        _node.Step();
        Assert.That(waiting.IsCompleted, Is.False);

        _store.Journal.Publish(People.Listed(2));
        _node.Step();

        await waiting;
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_waits_for_more_is_woken_by_a_load_too(CancellationToken cancellationToken)
    {
        var waiting = _node.Tail.WaitPastAsync(5, cancellationToken);

        _node.Step();

        await waiting;
    }

    private sealed class CountingReader(MemoryStore store, Action afterLoad) : IJournalReader
    {
        public List<long> Applied { get; } = [];

        public async Task<JournalHead> LoadAsync(CancellationToken cancellationToken)
        {
            var head = await ((IJournal)store.Journal).ReadHeadAsync(cancellationToken);
            afterLoad();
            return head;
        }

        public void Apply(JournalEntry entry) => Applied.Add(entry.Sequence);
    }
}
