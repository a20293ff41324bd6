using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Lookup;
using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>When a check is answered at all: doubt is an error, and no answer is older than it says.</summary>
internal sealed class CheckFreshnessTests
{
    private readonly LookupWorld _world = new();

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task A_withdrawal_the_node_has_not_applied_shows_in_what_the_store_says()
    {
        var listing = _world.Publish(Sample.Person);
        _world.WithdrawUnseen(listing);

        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(answer.AsOf.Sequence, Is.EqualTo(1), "never newer than the node");
        }
    }

    [Test]
    public void A_store_that_is_down_is_an_error_and_never_an_answer()
    {
        _world.Publish(Sample.Person);
        _world.Store.IsDown = true;

        Assert.That(() => _world.CheckAsync(LookupWorld.AboutTheMan), Throws.TypeOf<StoreUnavailableException>());
    }

    [Test]
    public void What_cannot_be_recorded_is_not_answered()
    {
        _world.Publish(Sample.Person);
        _world.Store.LedgerIsDown = true;

        Assert.That(() => _world.CheckAsync(LookupWorld.AboutTheMan), Throws.TypeOf<StoreUnavailableException>());
    }

    [Test]
    public async Task With_the_store_down_whoever_is_absent_is_still_not_listed()
    {
        _world.Publish(Sample.Organisation);
        _world.Store.IsDown = _world.Store.LedgerIsDown = true;

        Assert.That((await _world.CheckAsync(LookupWorld.AboutTheMan)).Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public void A_node_without_a_lease_answers_nothing()
    {
        _world.Publish(Sample.Organisation);
        _world.Node.HasLease = false;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale), "absent");
            Assert.That(ReasonOf(LookupWorld.AboutTheCompany), Is.EqualTo(ErrorReason.NodeStale), "present");
        }
    }

    [Test]
    public void A_lease_lost_while_the_store_is_read_takes_the_answer_along()
    {
        _world.Publish(Sample.Person);
        _world.Store.WhileReading = () => _world.Node.HasLease = false;

        Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale));
    }

    [Test]
    public void A_change_of_history_while_the_store_is_read_takes_the_answer_along()
    {
        _world.Publish(Sample.Person);
        _world.Store.WhileReading = () =>
        {
            _world.Store.Epoch = 2;
            _world.Node.Move(new Server.Journal.JournalPosition(2, 1));
        };

        Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale));
    }

    [Test]
    public void An_absence_found_in_a_life_that_ended_meanwhile_is_not_given_out()
    {
        _world.Publish(Sample.Organisation);
        _world.Node.WhileChecking = check =>
        {
            if (check == 2) _world.Node.Move(new Server.Journal.JournalPosition(2, 1));
        };

        Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale));
    }

    [Test]
    public void The_time_of_an_absence_is_one_before_the_last_look_at_the_lease()
    {
        // A node that stands still just then: the lease says nothing of the time after.
        _world.Publish(Sample.Organisation);
        _world.Node.WhileChecking = check =>
        {
            if (check == 2) _world.Clock.Advance(TimeSpan.FromSeconds(3));
        };
        var before = _world.Clock.GetUtcNow();
        var key = new byte[CanonicalNumber.MaxKeyBytes];
        QueryMapping.TryReadPlain(LookupWorld.AboutTheMan, _world.NewCaller(), Sample.Today, key, out var written);

        var answered = _world.Lookup.TryAnswerAbsent(key.AsSpan(0, written), _world.Bank.Id, Core.Access.Purpose.Credit, out var times);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answered);
            Assert.That(times.Time, Is.EqualTo(before));
        }
    }

    [Test]
    public void A_store_that_is_older_than_the_node_is_not_believed()
    {
        _world.Publish(Sample.Person);
        _world.Publish(Sample.Organisation);
        _world.Store.Lag = 1;

        Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale));
    }

    [Test]
    public void The_lease_is_looked_at_before_the_position_is_taken()
    {
        // A node that was suspended: its index is old, its lease comes back while the lookup is under way.
        _world.Publish(Sample.Person);
        _world.Node.HasLease = false;
        _world.Store.WhileReading = () => _world.Node.HasLease = true;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReasonOf(LookupWorld.AboutTheMan), Is.EqualTo(ErrorReason.NodeStale));
            Assert.That(_world.Store.Reads, Is.Zero);
        }
    }

    [Test]
    public void A_hundred_listings_that_are_over_leave_doubt_about_the_next()
    {
        for (var i = 0; i < 100; i++) _world.Publish(Sample.Person.WithTerm(new DateOnly(2024, 1, 1), new DateOnly(2026, 1, 1)));

        Assert.That(() => _world.CheckAsync(LookupWorld.AboutTheMan), Throws.TypeOf<RefusedException>());
    }

    [Test, CancelAfter(10_000)]
    public async Task A_position_that_is_asked_for_is_waited_for()
    {
        _world.PublishUnseen(Sample.Person);
        var request = LookupWorld.AboutTheMan;
        request.AtLeast = new Position { Epoch = 1, Sequence = 1 };

        var answering = _world.CheckAsync(request);
        var early = answering.IsCompleted;
        _world.CatchUp();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That((await answering).Verdict, Is.EqualTo(Verdict.Listed));
        }
    }

    [Test, CancelAfter(10_000)]
    public void A_position_that_is_not_reached_in_time_is_refused()
    {
        var request = LookupWorld.AboutTheMan;
        request.AtLeast = new Position { Epoch = 1, Sequence = 1 };

        var answering = _world.Service.CheckSubject(
            request, _world.NewCall(_world.Clock.GetUtcNow().UtcDateTime.AddSeconds(2)));
        _world.Clock.Advance(TimeSpan.FromSeconds(1.9));

        Assert.That(() => answering, Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.PositionNotReached));
    }

    [Test]
    public void More_subjects_than_the_quota_holds_are_refused()
    {
        _world.Bank = _world.Bank with { SubjectsPerSecond = 1 };

        // A bucket holds a whole frame at least, and fills a little meanwhile.
        var spend = () =>
        {
            for (var i = 0; i < 2 * Server.Access.Quotas.MaxSubjectsAtOnce; i++) _world.CheckAsync(LookupWorld.AboutTheMan).GetAwaiter().GetResult();
        };

        Assert.That(spend, Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.QuotaExceeded));
    }

    private ErrorReason? ReasonOf(CheckSubjectRequest request)
    {
        try
        {
            _world.CheckAsync(request).GetAwaiter().GetResult();
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Reason;
        }
    }
}
