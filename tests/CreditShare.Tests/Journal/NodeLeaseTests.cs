using CreditShare.Core.Journal;
using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Journal;

internal sealed class NodeLeaseTests
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
    public void A_node_answers_for_less_than_two_seconds_after_a_heartbeat()
    {
        _node.Start();

        _clock.Advance(NodeLease.Length - s_moment);
        Assert.That(_node.Answers, Is.True);

        _clock.Advance(s_moment);
        Assert.That(_node.Answers, Is.False);
    }

    [Test]
    public void A_refusal_says_why_and_when_to_come_back()
    {
        var refused = Assert.Throws<RefusedException>(_node.Lease.EnsureFresh)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Reason, Is.EqualTo(ErrorReason.NodeStale));
            Assert.That(refused.RetryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
            Assert.That(_node.Lease.IsReady, Is.False);
        }
    }

    [Test]
    public async Task A_heartbeat_that_took_long_counts_from_its_sending()
    {
        _node.Step();
        var beat = SendHeld();

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.That(_node.Answers, Is.False);

        _store.Nodes.ReleaseAnswer();
        await beat;
        Assert.That(_node.Answers, Is.True);

        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(_node.Answers, Is.False);
    }

    [Test]
    public void A_heartbeat_whose_answer_was_lost_does_not_extend_the_lease()
    {
        _node.Start();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var beat = SendHeld();
        _store.Nodes.LoseAnswer();
        _clock.Advance(TimeSpan.FromSeconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await beat, Throws.TypeOf<StoreUnavailableException>());
            Assert.That(_node.Answers, Is.False);
        }
    }

    [Test]
    public void A_node_has_no_row_before_it_has_loaded()
    {
        _node.Beat();
        Assert.That(_store.Nodes.Written, Is.Empty);

        _node.Step();
        _node.Beat();
        Assert.That(_store.Nodes.Written, Is.EqualTo(new[] { (1u, 0L) }));
    }

    [Test]
    public void A_node_answers_once_it_has_applied_the_head_that_was_read_when_its_first_row_could_be_seen()
    {
        _node.Step();
        _store.Journal.Publish(People.Listed(1));

        _node.Beat();
        Assert.That(_node.Answers, Is.False);

        _node.Step();
        Assert.That(_node.Answers, Is.True);
    }

    [Test]
    public void A_node_that_was_silent_for_two_seconds_must_catch_up_first()
    {
        _node.Start();
        _clock.Advance(NodeLease.Length);
        _store.Journal.Publish(People.Listed(1));

        _node.Beat();
        Assert.That(_node.Answers, Is.False);

        _node.Step();
        Assert.That(_node.Answers, Is.True);
    }

    [Test]
    public void A_node_in_an_unbroken_series_answers_although_it_is_a_change_behind()
    {
        _node.Start();
        _clock.Advance(NodeLease.Length - s_moment);
        _store.Journal.Publish(People.Listed(1));

        _node.Beat();

        Assert.That(_node.Answers, Is.True);
    }

    [Test]
    public async Task A_series_is_broken_by_an_answer_that_came_two_seconds_after_the_sending_before()
    {
        _node.Start();
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        _store.Journal.Publish(People.Listed(1));
        var beat = SendHeld();
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        _store.Nodes.ReleaseAnswer();
        await beat;

        Assert.That(_node.Answers, Is.False);

        _node.Step();
        Assert.That(_node.Answers, Is.True);
    }

    [Test]
    public void A_node_does_not_renew_while_it_has_not_applied_the_head_of_the_renewal_before()
    {
        _node.Start();
        _store.Journal.Publish(People.Listed(1));
        _node.Beat();
        _clock.Advance(TimeSpan.FromSeconds(1));

        _node.Beat();
        Assert.That(_store.Nodes.Written, Has.Count.EqualTo(2), "it renewed");

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_node.Answers, Is.False);
    }

    [Test]
    public void A_row_says_what_was_applied_when_it_was_sent()
    {
        _node.Start();
        _store.Journal.Publish(People.Listed(1));
        _node.Step();
        _node.Beat();

        Assert.That(_store.Nodes.Written, Is.EqualTo(new[] { (1u, 0L), (1u, 1L) }));
    }

    [Test]
    public void A_node_whose_place_the_store_does_not_know_stops_answering_and_loads_anew()
    {
        var gone = _store.Journal.Publish(People.Listed(1)).Listing.IndexedDocuments[0];
        _node.Start();
        _store.Journal.FailOver(losing: 1);

        _node.Beat();
        Assert.That(_node.Answers, Is.False, "in an unknown history");

        var generation = _node.Tail.Generation;
        _node.Step();
        Assert.That(_node.Answers, Is.False, "before its row could be seen again");

        _node.Beat();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_node.Answers, Is.True);
            Assert.That(_node.Lease.Applied, Is.EqualTo(new JournalPosition(2, 0)));
            Assert.That(_node.Index.IsListed(gone), Is.False);
            Assert.That(_node.Tail.Generation, Is.GreaterThan(generation));
            Assert.That(_node.Log.Of(1004), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void A_node_does_not_answer_while_it_cannot_learn_whether_its_history_is_the_stores()
    {
        _store.Journal.Publish(People.Listed(1));
        _node.Start();
        _store.Journal.FailOver(losing: 0);
        _store.Nodes.HoldsAnswers = true;
        var beat = _node.Lease.BeatAsync(CancellationToken.None);
        _store.Journal.IsDown = true;
        _store.Nodes.ReleaseAnswer();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await beat, Throws.TypeOf<StoreUnavailableException>());
            Assert.That(_node.Answers, Is.False);
        }
    }

    [Test]
    public void A_node_goes_on_in_a_new_life_that_lost_nothing()
    {
        _store.Journal.Publish(People.Listed(1));
        _node.Start();
        _store.Journal.FailOver(losing: 0);
        _clock.Advance(NodeLease.Length);

        _node.Beat();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_node.Answers, Is.True);
            Assert.That(_node.Lease.Applied, Is.EqualTo(new JournalPosition(2, 1)));
            Assert.That(_node.Index.Loads, Is.EqualTo(1), "nothing was lost, so nothing need be loaded");
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_withdrawal_beats_at_once(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.WhenAll(_node.Tail.RunAsync(stop.Token), _node.Lease.RunAsync(stop.Token));
        await _clock.AdvanceUntilAsync(() => _node.Answers, s_moment, cancellationToken);
        _store.Journal.Withdraw(_store.Journal.Publish(People.Listed(1)));
        await _clock.AdvanceUntilAsync(() => _node.Tail.Applied.Sequence == 2, s_moment, cancellationToken);

        // From here on the clock stands still: no heartbeat falls due.
        await _clock.AdvanceUntilAsync(() => _store.Nodes.Written.Contains((1u, 2L)), TimeSpan.Zero, cancellationToken);

        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, CancelAfter(10_000)]
    public async Task A_node_that_stops_takes_its_row_away_and_answers_no_more(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = _node.Lease.RunAsync(stop.Token);
        _node.Step();
        await _clock.AdvanceUntilAsync(() => _node.Answers, s_moment, cancellationToken);

        await stop.CancelAsync();
        await running;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_store.Nodes.Count, Is.Zero);
            Assert.That(_node.Answers, Is.False);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task Heartbeats_go_on_when_the_store_comes_back(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _node.Start();
        var running = _node.Lease.RunAsync(stop.Token);
        _store.Journal.IsDown = true;
        await _clock.AdvanceUntilAsync(() => !_node.Answers, s_moment, cancellationToken);

        _store.Journal.IsDown = false;
        await _clock.AdvanceUntilAsync(() => _node.Answers, s_moment, cancellationToken);

        await stop.CancelAsync();
        await running;
        Assert.That(_node.Log.Of(1003), Is.Not.Empty);
    }

    private Task SendHeld()
    {
        _store.Nodes.HoldsAnswers = true;
        var beat = _node.Lease.BeatAsync(CancellationToken.None);
        _store.Nodes.HoldsAnswers = false;
        return beat;
    }
}
