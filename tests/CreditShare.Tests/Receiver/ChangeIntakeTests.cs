using CreditShare.Receiver;
using CreditShare.V1;
using NUnit.Framework;
using static CreditShare.Tests.Receiver.Department;

namespace CreditShare.Tests.Receiver;

[CancelAfter(20_000)]
internal sealed class ChangeIntakeTests
{
    private const string A = "listings/a";
    private const string B = "listings/b";

    private readonly Department _department = new();

    [Test]
    public async Task A_frame_is_handed_over_in_order_and_answered_as_accepted_and_applied(CancellationToken cancellationToken)
    {
        var answer = await _department.SendAsync(Frame(10, 20, Listed(12, A, 1), Listed(15, B, 1), Listed(16, A, 2)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 20, AppliedSequence = 20 }));
            Assert.That(_department.Handler.Versions, Is.EqualTo([(A, 1L), (B, 1L), (A, 2L)]));
        }
    }

    [Test]
    public async Task The_same_frame_again_is_accepted_and_hands_nothing_over(CancellationToken cancellationToken)
    {
        var frame = Frame(0, 5, Listed(1, A, 1), Withdrawn(5, A, 2));
        await _department.SendAsync(frame, cancellationToken);
        await _department.SendAsync(Frame(5, 9, Listed(9, B, 1)), cancellationToken);

        var again = await _department.SendAsync(frame, cancellationToken);
        var cursor = await _department.State.FindCursorAsync(Wish, Lane.Ordered, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 5, AppliedSequence = 5 }));
            Assert.That(_department.Handler.Handed, Has.Count.EqualTo(3));
            Assert.That(cursor!.Sequence, Is.EqualTo(9), "the lane went back");
        }
    }

    [Test]
    public async Task A_frame_that_begins_later_is_refused_with_what_is_expected_and_nothing_of_it_is_taken(CancellationToken cancellationToken)
    {
        var first = Frame(0, 5, Listed(1, A, 1));
        await _department.SendAsync(first, cancellationToken);

        var answer = await _department.SendAsync(Frame(6, 9, Listed(9, B, 1)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Expected, Is.EqualTo(new Cursor { Epoch = 1, Sequence = 5, Hash = first.ToHash }));
            Assert.That(_department.Handler.Versions, Is.EqualTo([(A, 1L)]));
        }
    }

    [Test]
    public async Task Each_lane_has_a_place_of_its_own(CancellationToken cancellationToken)
    {
        await _department.SendAsync(Frame(0, 5), cancellationToken);

        var atOnce = await _department.SendAsync(AtOnce(100, 120, Withdrawn(120, A, 2)), cancellationToken);
        var inOrder = await _department.SendAsync(Frame(5, 6, Listed(6, B, 1)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(atOnce, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 120, AppliedSequence = 120 }));
            Assert.That(inOrder, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 6, AppliedSequence = 6 }));
        }
    }

    [Test]
    public async Task What_a_withdrawal_has_ended_an_older_change_does_not_bring_back(CancellationToken cancellationToken)
    {
        await _department.SendAsync(AtOnce(0, 9, Withdrawn(9, A, 3)), cancellationToken);

        await _department.SendAsync(Frame(0, 9, Listed(1, A, 1), Listed(2, A, 2), Withdrawn(9, A, 3)), cancellationToken);

        Assert.That(_department.Handler.Handed.Select(each => (each.Change.Version, each.HasEnded)), Is.EqualTo([(3L, true)]));
    }

    [Test]
    public async Task A_later_life_of_the_journal_counts_more_than_a_higher_version(CancellationToken cancellationToken)
    {
        await _department.SendAsync(Frame(0, 9, Listed(9, A, 7)), cancellationToken);
        var frame = Frame(5, 7, Listed(6, A, 7), Listed(7, A, 4, epoch: 2));
        frame.Epoch = 2;

        var answer = await _department.SendAsync(frame, cancellationToken);
        var old = await _department.TrySendAsync(Frame(5, 10, Listed(10, B, 1)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.AcceptedSequence, Is.EqualTo(7));
            Assert.That(_department.Handler.Versions, Is.EqualTo([(A, 7L), (A, 4L)]));
            Assert.That(old, Is.TypeOf<IntakeAnswer.Failed>(), "a sender of the life before");
        }
    }

    [Test]
    public async Task A_rejected_change_is_told_and_tried_again_when_it_comes_again(CancellationToken cancellationToken)
    {
        var frame = Frame(0, 3, Listed(1, A, 1), Listed(3, B, 1));
        _department.Handler.Answer = change => Task.FromResult(change.ListingName == A ? ChangeOutcome.Rejected(new string('x', 600)) : ChangeOutcome.Applied);
        var rejected = await _department.SendAsync(frame, cancellationToken);

        _department.Handler.Answer = _ => Task.FromResult(ChangeOutcome.Applied);
        var taken = await _department.SendAsync(frame, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rejected.AcceptedSequence, Is.EqualTo(3));
            Assert.That(
                rejected.Rejections,
                Is.EqualTo([new Rejection { Sequence = 1, ListingName = A, Version = 1, Reason = new string('x', 500) }]));
            Assert.That(taken.Rejections, Is.Empty);
            Assert.That(_department.Handler.Versions, Is.EqualTo([(A, 1L), (B, 1L), (A, 1L)]));
        }
    }

    [Test]
    public async Task What_came_before_a_failure_is_accepted_and_the_rest_comes_again(CancellationToken cancellationToken)
    {
        _department.Handler.Answer = change => change.ListingName == B ? throw new InvalidOperationException("no database") : Task.FromResult(ChangeOutcome.Applied);

        var part = await _department.SendAsync(Frame(0, 9, Listed(4, A, 1), Listed(6, B, 1), Listed(8, A, 2)), cancellationToken);
        var nothing = await _department.TrySendAsync(Frame(4, 9, Listed(6, B, 1), Listed(8, A, 2)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(part, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 4, AppliedSequence = 4 }));
            Assert.That(nothing, Is.TypeOf<IntakeAnswer.Failed>());
        }
    }

    [Test]
    public async Task A_replay_that_fails_within_what_was_accepted_long_ago_is_not_answered_as_accepted(CancellationToken cancellationToken)
    {
        _department.Handler.Answer = change => Task.FromResult(change.ListingName == B ? ChangeOutcome.Rejected("no") : ChangeOutcome.Applied);
        var frame = Frame(0, 9, Listed(4, A, 1), Listed(6, B, 1), Listed(8, A, 2));
        await _department.SendAsync(frame, cancellationToken);

        _department.Handler.Answer = _ => throw new InvalidOperationException("no database");
        var again = await _department.SendAsync(frame, cancellationToken);

        Assert.That(again, Is.EqualTo(new ReceiveChangesResponse { AcceptedSequence = 4, AppliedSequence = 4 }));
    }

    [Test]
    public async Task A_slow_frame_is_answered_in_time_with_how_far_it_came(CancellationToken cancellationToken)
    {
        _department.Handler.Answer = _ =>
        {
            _department.Clock.Advance(TimeSpan.FromSeconds(4));
            return Task.FromResult(ChangeOutcome.Applied);
        };

        var answer = await _department.SendAsync(Frame(0, 9, Listed(1, A, 1), Listed(2, A, 2), Listed(3, A, 3), Listed(9, A, 4)), cancellationToken);

        Assert.That(answer.AcceptedSequence, Is.EqualTo(2), "eight seconds are over six, four are not");
    }

    [Test]
    public async Task A_withdrawal_does_not_wait_behind_a_change_of_another_listing_that_hangs(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource();
        var hanging = new TaskCompletionSource<ChangeOutcome>();
        _department.Handler.Answer = change =>
        {
            if (change.ListingName != A) return Task.FromResult(ChangeOutcome.Applied);
            reached.TrySetResult();
            return hanging.Task;
        };
        var slow = _department.SendAsync(Frame(0, 1, Listed(1, A, 1)), cancellationToken);
        await reached.Task.WaitAsync(cancellationToken);

        var atOnce = await _department.SendAsync(AtOnce(0, 2, Withdrawn(2, B, 2)), cancellationToken);
        hanging.SetResult(ChangeOutcome.Applied);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(atOnce.AppliedSequence, Is.EqualTo(2));
            Assert.That((await slow).AppliedSequence, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Changes_of_one_listing_are_handed_over_one_at_a_time_and_the_newer_one_stays(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource();
        var hanging = new TaskCompletionSource<ChangeOutcome>();
        var present = 0;
        var most = 0;
        _department.Handler.Answer = async change =>
        {
            most = Math.Max(most, Interlocked.Increment(ref present));
            reached.TrySetResult();
            if (change.Change.Version == 1) await hanging.Task;
            Interlocked.Decrement(ref present);
            return ChangeOutcome.Applied;
        };
        var slow = _department.SendAsync(Frame(0, 1, Listed(1, A, 1)), cancellationToken);
        await reached.Task.WaitAsync(cancellationToken);

        var atOnce = _department.SendAsync(AtOnce(0, 2, Withdrawn(2, A, 2)), cancellationToken);
        Assert.That(atOnce.IsCompleted, Is.False);
        hanging.SetResult(ChangeOutcome.Applied);
        await Task.WhenAll(slow, atOnce);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(most, Is.EqualTo(1));
            Assert.That(_department.Handler.Versions, Is.EqualTo([(A, 1L), (A, 2L)]));
            Assert.That(await _department.State.FindMarkAsync(Wish, A, cancellationToken), Is.EqualTo(new ListingMark(1, 2, HasEnded: true)));
        }
    }

    [Test]
    public async Task The_challenge_is_repeated_and_a_test_is_answered_and_neither_hands_anything_over(CancellationToken cancellationToken)
    {
        var verified = await _department.SendAsync(
            new ReceiveChangesRequest { Subscription = Wish, Purpose = DeliveryPurpose.Verification, Challenge = "say this" }, cancellationToken);
        var tested = await _department.SendAsync(
            new ReceiveChangesRequest { Subscription = Wish, Purpose = DeliveryPurpose.Test }, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.Challenge, Is.EqualTo("say this"));
            Assert.That(tested, Is.EqualTo(new ReceiveChangesResponse()));
            Assert.That(_department.Handler.Handed, Is.Empty);
        }
    }

    [Test]
    public async Task After_a_purge_nothing_is_known_and_what_comes_late_is_not_stored_again(CancellationToken cancellationToken)
    {
        var purge = new ReceiveChangesRequest { Subscription = Wish, Purpose = DeliveryPurpose.Purge };
        await _department.SendAsync(Frame(0, 1, Listed(1, A, 1)), cancellationToken);
        _department.Handler.CanPurge = false;
        var refused = await _department.SendAsync(purge, cancellationToken);
        _department.Handler.CanPurge = true;
        var purged = await _department.SendAsync(purge, cancellationToken);
        var again = await _department.SendAsync(purge, cancellationToken);
        var late = await _department.TrySendAsync(Frame(1, 2, Listed(2, B, 1)), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Purged, purged.Purged, again.Purged), Is.EqualTo((false, true, true)));
            Assert.That(late, Is.TypeOf<IntakeAnswer.Gone>());
            Assert.That(await _department.State.FindMarkAsync(Wish, A, cancellationToken), Is.Null);
            Assert.That(_department.Handler.Handed, Has.Count.EqualTo(1));
        }
    }

    [TestCaseSource(nameof(Malformed))]
    public async Task What_is_no_frame_is_refused_and_leaves_nothing(ReceiveChangesRequest frame, CancellationToken cancellationToken)
    {
        var answer = await _department.TrySendAsync(frame, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.TypeOf<IntakeAnswer.Malformed>());
            Assert.That(_department.Handler.Handed, Is.Empty);
            Assert.That(await _department.State.FindCursorAsync(frame.Subscription, frame.Lane, cancellationToken), Is.Null);
        }
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        yield return Case("no subscription", frame => frame.Subscription = "");
        yield return Case("no purpose", frame => frame.Purpose = DeliveryPurpose.Unspecified);
        yield return Case("no lane", frame => frame.Lane = Lane.Unspecified);
        yield return Case("no epoch", frame => frame.Epoch = 0);
        yield return Case("an end before its beginning", frame => frame.ToSequence = -1);
        yield return Case("a change behind its end", frame => frame.Changes.Add(Listed(11, B, 1)));
        yield return Case("a change at its beginning", frame => frame.Changes[0].Sequence = 0);
        yield return Case("changes out of order", frame => frame.Changes.Add(Listed(1, B, 1)));
        yield return Case("a change of a later life", frame => frame.Changes.Add(Listed(9, B, 1, epoch: 2)));
        yield return Case("a change of no listing", frame => frame.Changes[0].ListingName = "");

        static TestCaseData Case(string name, Action<ReceiveChangesRequest> spoil)
        {
            var frame = Frame(0, 10, Listed(1, A, 1));
            spoil(frame);
            return new TestCaseData(frame).SetArgDisplayNames(name);
        }
    }
}
