using CreditShare.Core.Journal;
using CreditShare.Server.Feed;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Feed;

internal sealed class FollowerTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

    private readonly FrameLog<FollowChangesResponse> _frames = new();
    private readonly CancellationTokenSource _stop = new();
    private FeedWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new FeedWorld();

    [TearDown]
    public async Task EndWorldAsync()
    {
        _stop.Dispose();
        await _world.DisposeAsync();
    }

    [Test, CancelAfter(10_000)]
    public async Task A_follower_gets_what_is_there_and_then_what_comes(CancellationToken cancellationToken)
    {
        _world.Node.Start();
        _world.Journal.Publish(People.Listed(1));
        _world.Journal.Publish(People.Listed(2));
        _world.CatchUp();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);

        var first = await _frames.NextAsync(cancellationToken);
        _world.Journal.Publish(People.Listed(3));
        _world.CatchUp();
        var second = await _frames.NextAsync(cancellationToken);

        await StopAsync(following);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.FromSequence, first.ToSequence, first.Changes.Count), Is.EqualTo((0L, 2L, 2)));
            Assert.That((second.FromSequence, second.ToSequence, second.Changes.Count), Is.EqualTo((2L, 3L, 1)));
            Assert.That(second.ToHash.ToByteArray(), Is.EqualTo(_world.Journal.Head.Hash.ToArray()));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task An_idle_feed_sends_an_empty_frame_every_five_seconds(CancellationToken cancellationToken)
    {
        _world.Node.Start();
        var started = _world.Clock.GetUtcNow();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);

        await _world.Clock.AdvanceUntilAsync(() => _frames.Frames.Count == 1, s_step, cancellationToken);
        var first = _world.Clock.GetUtcNow();
        await _world.Clock.AdvanceUntilAsync(() => _frames.Frames.Count == 2, s_step, cancellationToken);
        var second = _world.Clock.GetUtcNow();

        await StopAsync(following);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(second - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(_frames.Frames, Has.All.Property(nameof(FollowChangesResponse.ToSequence)).EqualTo(0));
            Assert.That(_frames.Frames.Select(frame => frame.Changes.Count), Is.All.Zero);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task What_the_filter_leaves_out_is_covered_by_the_next_sign_of_life(CancellationToken cancellationToken)
    {
        for (var n = 0; n < 3; n++) _world.Journal.Publish(People.Listed(n));
        _world.Node.Start();
        var following = _world.FollowAsync(FeedWorld.Query(filter: Only("测02")), _frames, _stop.Token);

        await _world.Clock.AdvanceUntilAsync(() => _frames.Frames.Count == 1, s_step, cancellationToken);

        await StopAsync(following);
        var frame = _frames.Frames[0];
        Assert.That((frame.FromSequence, frame.ToSequence, frame.Changes.Count), Is.EqualTo((0L, 3L, 0)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Frames_join_up_and_leave_nothing_out_whatever_is_filtered(CancellationToken cancellationToken)
    {
        await _world.DisposeAsync();
        _world = new FeedWorld(new FeedOptions { FrameChanges = 3 });
        var random = new Random(20260302);
        _world.Journal.Publish(People.Listed(0));
        _world.Node.Start();
        var following = _world.FollowAsync(FeedWorld.Query(filter: Only("测02")), _frames, _stop.Token);
        for (var n = 1; n < 60; n++)
        {
            var listed = _world.Journal.Publish(People.Listed(n, random.Next(3) == 0 ? "测02" : "测01"));
            if (random.Next(4) == 0) _world.Journal.Withdraw(listed);
            if (random.Next(3) == 0) _world.CatchUp();
            await Task.Yield();
        }

        _world.CatchUp();
        await _world.Clock.AdvanceUntilAsync(() => _frames.Frames is [.., var last] && last.ToSequence == _world.Journal.Head.Sequence, s_step, cancellationToken);

        await StopAsync(following);
        var expected = _world.Journal.Entries.Where(entry => entry.Listing.Content.Court.Value == "测02").Select(entry => entry.Sequence);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_frames.Frames.Select(frame => frame.FromSequence), Is.EqualTo(_frames.Frames.Select(frame => frame.ToSequence).Prepend(0).SkipLast(1)));
            Assert.That(_frames.Frames.SelectMany(frame => frame.Changes).Select(change => change.Sequence), Is.EqualTo(expected));
            Assert.That(_frames.Frames.Select(frame => frame.Changes.Count), Is.All.LessThanOrEqualTo(3));
            Assert.That(_frames.Frames.Where(frame => !HasHeadAtOrBehindItsEnd(frame)), Is.Empty);
            Assert.That(_frames.Frames.Where(frame => !CoversItsChanges(frame)), Is.Empty);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_head_that_the_node_has_not_applied_yet_is_not_told_as_one_before_the_frame(CancellationToken cancellationToken)
    {
        _world.Node.Start();
        _world.Journal.Publish(People.Listed(1));
        _world.CatchUp();
        _world.Journal.Publish(People.Listed(2));
        var following = _world.FollowAsync(FeedWorld.Query(after: 2), _frames, _stop.Token);

        await _world.Clock.AdvanceUntilAsync(() => _frames.Frames.Count == 1, s_step, cancellationToken);

        await StopAsync(following);
        Assert.That((_frames.Frames[0].ToSequence, _frames.Frames[0].Head.Sequence), Is.EqualTo((2L, 2L)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_follower_that_does_not_read_is_cut_off_after_thirty_seconds(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.Listed(1));
        _world.Node.Start();
        _frames.IsStalled = true;
        var started = _world.Clock.GetUtcNow();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);

        await _world.Clock.AdvanceUntilAsync(() => following.IsCompleted, TimeSpan.FromSeconds(1), cancellationToken);

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await following);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.FollowerTooSlow));
            Assert.That(_world.Clock.GetUtcNow() - started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(_world.Metrics.Following, Is.Zero);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_stalled_follower_holds_up_no_other(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.Listed(1));
        _world.Node.Start();
        var stalled = new FrameLog<FollowChangesResponse> { IsStalled = true };
        var hanging = _world.FollowAsync(FeedWorld.Query(), stalled, _stop.Token);
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);

        Assert.That((await _frames.NextAsync(cancellationToken)).ToSequence, Is.EqualTo(1));

        await StopAsync(following);
        Assert.That(async () => await hanging, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, CancelAfter(10_000)]
    public async Task A_follower_learns_when_the_history_it_follows_was_lost(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.Listed(1));
        _world.Journal.Publish(People.Listed(2));
        _world.Node.Start();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);
        await _frames.NextAsync(cancellationToken);

        _world.Journal.FailOver(losing: 1);
        _world.Node.Beat();
        _world.Node.Step();
        await _world.Clock.AdvanceUntilAsync(() => following.IsCompleted, s_step, cancellationToken);

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await following);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.FeedDiverged));
            Assert.That((refused.Metadata["epoch"], refused.Metadata["sequence"]), Is.EqualTo(("1", "1")));
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task A_follower_goes_on_when_the_store_failed_over_and_lost_nothing(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.Listed(1));
        _world.Node.Start();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);
        await _frames.NextAsync(cancellationToken);

        _world.Journal.FailOver(losing: 0);
        _world.Journal.Publish(People.Listed(2));
        _world.CatchUp();
        var frame = await _frames.NextAsync(cancellationToken);

        await StopAsync(following);
        Assert.That((frame.FromSequence, frame.ToSequence, frame.Epoch), Is.EqualTo((1L, 2L, 2u)));
    }

    [Test]
    public async Task A_node_takes_no_more_followers_than_it_may()
    {
        await _world.DisposeAsync();
        _world = new FeedWorld(new FeedOptions { MaxFollowers = 1 });
        _world.Node.Start();
        var following = _world.FollowAsync(FeedWorld.Query(), _frames, _stop.Token);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            async () => await _world.FollowAsync(FeedWorld.Query(), new FrameLog<FollowChangesResponse>(), _stop.Token));

        await StopAsync(following);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.Overloaded));
            Assert.That(refused.RetryAfter, Is.Not.Null);
            Assert.That(_world.Metrics.Following, Is.Zero);
        }
    }

    [Test]
    public void Of_many_that_come_at_once_no_more_than_the_most_may_follow()
    {
        using var meters = new Meters();
        var metrics = new Server.Feed.FeedMetrics(meters);
        var partner = Core.Access.PartnerId.System;

        var taken = 0;
        Parallel.For(0, 10_000, _ =>
        {
            if (metrics.TryFollow(partner, most: 100) is not null) Interlocked.Increment(ref taken);
        });

        Assert.That((taken, metrics.Following), Is.EqualTo((100, 100L)));
    }

    private static ListingFilter Only(string court) => new() { Courts = [Sample.Court(court)] };

    private static bool HasHeadAtOrBehindItsEnd(FollowChangesResponse frame) =>
        frame.Head.Epoch > frame.Epoch || (frame.Head.Epoch == frame.Epoch && frame.Head.Sequence >= frame.ToSequence);

    private static bool CoversItsChanges(FollowChangesResponse frame) =>
        frame.Changes.All(change => change.Sequence > frame.FromSequence && change.Sequence <= frame.ToSequence);

    private async Task StopAsync(Task following)
    {
        await _stop.CancelAsync();
        Assert.That(async () => await following, Throws.InstanceOf<OperationCanceledException>());
    }
}
