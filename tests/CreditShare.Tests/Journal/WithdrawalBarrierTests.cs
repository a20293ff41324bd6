using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Journal;

internal sealed class WithdrawalBarrierTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = TestClocks.AtNoon();
    private MemoryStore _store = null!;
    private TestNode _node = null!;
    private JournalPosition _withdrawal;

    [SetUp]
    public void StartStore()
    {
        _store = new MemoryStore(_clock);
        _node = new TestNode(_store, _clock);
        var ended = _store.Journal.Withdraw(_store.Journal.Publish(People.Listed(1)));
        _withdrawal = new JournalPosition(ended.Epoch, ended.Sequence);
    }

    [TearDown]
    public async Task StopNodeAsync()
    {
        _node.Dispose();
        await _store.DisposeAsync();
    }

    [Test, CancelAfter(10_000)]
    public async Task A_withdrawal_is_confirmed_at_once_when_all_nodes_have_applied_it(CancellationToken cancellationToken)
    {
        _node.Start();
        _store.Nodes.Beat(1, 2);

        await _node.Barrier.WaitAsync(_withdrawal, cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task This_node_must_have_applied_it_whatever_the_rows_say(CancellationToken cancellationToken)
    {
        _store.Nodes.Beat(1, 2);
        var waiting = _node.Barrier.WaitAsync(_withdrawal, cancellationToken);
        Assert.That(waiting.IsCompleted, Is.False);

        _node.Start();

        await waiting;
    }

    [Test, CancelAfter(10_000)]
    public async Task A_node_that_is_behind_is_waited_for(CancellationToken cancellationToken)
    {
        _node.Start();
        var other = _store.Nodes.Beat(1, 1);
        var waiting = _node.Barrier.WaitAsync(_withdrawal, cancellationToken);
        for (var i = 0; i < 20; i++)
        {
            _store.Nodes.Beat(1, 1, other);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(waiting.IsCompleted, Is.False);

        _store.Nodes.Beat(1, 2, other);
        await _clock.AdvanceUntilAsync(() => waiting.IsCompleted, s_moment, cancellationToken);
        await waiting;
    }

    [TestCase(2_499, false)]
    [TestCase(2_500, true)]
    public async Task A_row_is_passed_over_once_its_node_has_stopped_answering_for_sure(int silentMs, bool passedOver)
    {
        _store.Nodes.Beat(1, 1);
        _node.Start();
        Assert.That(await _node.Barrier.IsConfirmedAsync(_withdrawal, CancellationToken.None), Is.False);

        _clock.Advance(TimeSpan.FromMilliseconds(silentMs));

        Assert.That(await _node.Barrier.IsConfirmedAsync(_withdrawal, CancellationToken.None), Is.EqualTo(passedOver));
    }

    [Test]
    public async Task A_row_that_looks_old_when_it_is_first_seen_is_waited_for()
    {
        // The store's clock was set forward, or another machine's took over. The node answers all the while.
        _store.Nodes.Beat(1, 1);
        _node.Start();
        _store.Nodes.ClockIsAhead = TimeSpan.FromMinutes(10);

        Assert.That(await _node.Barrier.IsConfirmedAsync(_withdrawal, CancellationToken.None), Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_silent_row_is_passed_over_though_the_stores_clock_was_set_back(CancellationToken cancellationToken)
    {
        _store.Nodes.Beat(1, 1);
        _node.Start();
        _store.Nodes.ClockIsAhead = -TimeSpan.FromMinutes(10);
        var waiting = _node.Barrier.WaitAsync(_withdrawal, cancellationToken);

        await _clock.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromMilliseconds(100), cancellationToken);

        await waiting;
    }

    [Test]
    public async Task A_row_that_looks_an_hour_old_is_the_remains_of_a_node()
    {
        _store.Nodes.Beat(1, 1);
        _clock.Advance(NodeWatch.Remains);
        _node.Start();

        Assert.That(await _node.Barrier.IsConfirmedAsync(_withdrawal, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task A_row_that_changes_starts_to_be_silent_anew()
    {
        var other = _store.Nodes.Beat(1, 1);
        _node.Start();
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await _node.Barrier.IsConfirmedAsync(_withdrawal, CancellationToken.None), Is.False);
            _clock.Advance(TimeSpan.FromSeconds(2));
            _store.Nodes.Beat(1, 1, other);
        }
    }

    [Test]
    public async Task A_row_of_an_earlier_life_covers_nothing_of_this_one()
    {
        _store.Journal.FailOver(losing: 1);
        var again = _store.Journal.Withdraw(_store.Journal.Latest[0]);
        _node.Start();
        _store.Nodes.Beat(1, 100);

        Assert.That(await _node.Barrier.IsConfirmedAsync(new JournalPosition(again.Epoch, again.Sequence), CancellationToken.None), Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_court_is_told_when_a_node_does_not_confirm_in_time(CancellationToken cancellationToken)
    {
        _node.Start();
        var other = _store.Nodes.Beat(1, 1);
        var started = _clock.GetUtcNow();
        var waiting = _node.Barrier.WaitAsync(_withdrawal, cancellationToken);
        while (!waiting.IsCompleted)
        {
            _store.Nodes.Beat(1, 1, other);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var refused = (await Assert.ThrowsAsync<RefusedException>(async () => await waiting))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Reason, Is.EqualTo(ErrorReason.WithdrawalNotConfirmed));
            Assert.That(refused.RetryAfter, Is.Not.Null);
            Assert.That(_clock.GetUtcNow() - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));
        }
    }

    [Test]
    public void A_court_is_told_when_the_rows_cannot_be_read()
    {
        _node.Start();
        _store.Journal.IsDown = true;

        Assert.That(
            async () => await _node.Barrier.WaitAsync(_withdrawal, CancellationToken.None),
            Throws.TypeOf<RefusedException>().With.Property(nameof(RefusedException.Reason)).EqualTo(ErrorReason.WithdrawalNotConfirmed));
    }

    [Test]
    public async Task A_caller_that_leaves_is_not_told_anything()
    {
        using var leaving = new CancellationTokenSource();
        var waiting = _node.Barrier.WaitAsync(_withdrawal, leaving.Token);

        await leaving.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, CancelAfter(10_000)]
    public async Task One_look_serves_all_who_wait(CancellationToken cancellationToken)
    {
        _node.Start();
        var other = _store.Nodes.Beat(1, 1);
        Task[] waiting = [.. Enumerable.Range(0, 200).Select(_ => _node.Barrier.WaitAsync(_withdrawal, cancellationToken))];

        _store.Nodes.Beat(1, 2, other);
        await _clock.AdvanceUntilAsync(() => waiting.All(task => task.IsCompleted), s_moment, cancellationToken);

        await Task.WhenAll(waiting);
        Assert.That(_store.Nodes.Looks, Is.InRange(2, 10));
    }

    [Test]
    public async Task What_was_confirmed_needs_no_look()
    {
        _node.Start();
        await _node.Barrier.WaitAsync(_withdrawal, CancellationToken.None);
        var looks = _store.Nodes.Looks;

        await _node.Barrier.WaitAsync(_withdrawal with { Sequence = 1 }, CancellationToken.None);

        Assert.That(_store.Nodes.Looks, Is.EqualTo(looks));
    }
}
