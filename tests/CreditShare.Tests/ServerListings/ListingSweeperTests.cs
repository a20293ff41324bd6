using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Listings;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CreditShare.Tests.ServerListings;

internal sealed class ListingSweeperTests
{
    private const int ExpiredEvent = 7001;
    private const int ReminderEvent = 7002;
    private const int FailedEvent = 7003;
    private const int NotExpiredEvent = 7005;
    private const int UnservedEvent = 7010;

    private CourtWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new CourtWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_term_is_recorded_as_over_when_the_day_after_its_last_begins_in_china()
    {
        _world.Journal.Publish(People.WithTerm(1));
        _world.Clock.SetUtcNow(ChinaTime.StartOf(Sample.TermEnd.AddDays(1)) - TimeSpan.FromSeconds(1));
        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.Zero);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.EqualTo(1));

        var last = _world.Journal.Entries[^1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_world.Clock.GetUtcNow(), Is.EqualTo(new DateTimeOffset(2028, 2, 2, 16, 0, 0, TimeSpan.Zero)));
            Assert.That((last.Kind, last.Partner, last.Listing.Ending!.EventDate), Is.EqualTo((ChangeKind.Expired, PartnerId.System, Sample.TermEnd)));
            Assert.That(_world.Log.Of(ExpiredEvent), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_listing_without_a_term_never_expires()
    {
        _world.Journal.Publish(People.Listed(1));
        _world.Clock.MoveTo(Sample.Today.AddYears(50));

        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task An_end_is_recorded_once_though_two_sweepers_meet()
    {
        for (var n = 0; n < 3; n++) _world.Journal.Publish(People.WithTerm(n));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        using var other = _world.SweeperOn(new LogBook());
        Task<int>? met = null;
        _world.Store.Listings.PageRead = () =>
        {
            // The other sweeps between this one's look and its commands.
            _world.Store.Listings.PageRead = null;
            met = other.SweepAsync(CancellationToken.None);
        };

        var recorded = await _world.Sweeper.SweepAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((recorded, await met!), Is.EqualTo((0, 3)));
            Assert.That(_world.Journal.Entries.Count(entry => entry.Kind == ChangeKind.Expired), Is.EqualTo(3));
        }
    }

    [Test]
    public async Task A_listing_that_was_extended_since_it_was_found_due_goes_on()
    {
        var listed = _world.Journal.Publish(People.WithTerm(1));
        _world.Clock.MoveTo(Sample.TermEnd, hour: 12);
        _world.Journal.Take(new ListingCommand.Extend(
            listed.Listing.Id, 1, Sample.TermEnd.AddYears(1), new TermExtension(ExtensionReason.MultipleActs, ["一", "二"])));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task More_than_a_page_is_recorded_in_one_sweep()
    {
        for (var n = 0; n <= 500; n++) _world.Journal.Publish(People.WithTerm(n));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.EqualTo(501));
    }

    [Test]
    public async Task A_court_is_reminded_of_grace_that_ran_out_once_a_day()
    {
        _world.Journal.Publish(People.InGrace(1));
        _world.Journal.Publish(People.InGrace(2));
        await _world.Sweeper.SweepAsync(CancellationToken.None);
        Assert.That(_world.Log.Of(ReminderEvent), Is.Empty, "the last day of grace is the debtor's");

        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1), hour: 8);
        await _world.Sweeper.SweepAsync(CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromHours(8));
        await _world.Sweeper.SweepAsync(CancellationToken.None);
        Assert.That(_world.Log.Of(ReminderEvent), Has.Count.EqualTo(1).And.One.Contains("测01").And.One.Contains(" 2 listings"));

        _world.Clock.Advance(TimeSpan.FromHours(8));
        await _world.Sweeper.SweepAsync(CancellationToken.None);
        Assert.That(_world.Log.Of(ReminderEvent), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_court_is_reminded_once_a_day_of_decisions_that_were_never_served()
    {
        _world.Journal.Publish(People.Listed(1) with { Service = null });
        _world.Journal.Publish(People.Listed(2) with { Service = null });
        _world.Journal.Publish(People.Listed(3) with { Service = new DecisionService(Sample.Decided, ServiceMethod.Direct) });
        _world.Journal.Publish(People.InGrace(4) with { Service = null });

        await _world.Sweeper.SweepAsync(CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.Sweeper.SweepAsync(CancellationToken.None);
        Assert.That(_world.Log.Of(UnservedEvent), Has.Count.EqualTo(1).And.One.Contains("测01").And.One.Contains(" 2 published").And.One.Contains("02/02/2026"));

        _world.Clock.MoveTo(Sample.Today.AddDays(1));
        await _world.Sweeper.SweepAsync(CancellationToken.None);

        Assert.That(_world.Log.Of(UnservedEvent), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Grace_that_ran_out_publishes_nothing()
    {
        _world.Journal.Publish(People.InGrace(1));
        _world.Clock.MoveTo(Sample.GraceUntil.AddYears(1));

        await _world.Sweeper.SweepAsync(CancellationToken.None);

        Assert.That(_world.Journal.Entries, Has.Count.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task Sweeping_goes_on_when_the_store_comes_back(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.WithTerm(1));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        _world.Journal.IsDown = true;
        await _world.Sweeper.StartAsync(cancellationToken);
        await _world.Clock.AdvanceUntilAsync(() => _world.Log.Of(FailedEvent).Count >= 2, TimeSpan.FromSeconds(1), cancellationToken);

        _world.Journal.IsDown = false;
        await _world.Clock.AdvanceUntilAsync(() => _world.Log.Of(ExpiredEvent).Count == 1, TimeSpan.FromSeconds(1), cancellationToken);

        await _world.Sweeper.StopAsync(cancellationToken);
        Assert.That(_world.Log.Lines.Select(line => line.Level), Has.None.EqualTo(LogLevel.Error));
    }

    [Test]
    public async Task A_listing_that_cannot_be_read_keeps_no_other_from_its_end()
    {
        for (var n = 0; n < 3; n++) _world.Journal.Publish(People.WithTerm(n));
        _world.Journal.Damaged = _world.Journal.Entries[1].Listing.Id;
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        Assert.That(await _world.Sweeper.SweepAsync(CancellationToken.None), Is.EqualTo(2));
        Assert.That(_world.Log.Of(NotExpiredEvent), Has.Count.EqualTo(1).And.One.Contains(_world.Journal.Damaged.ToString()));
    }

    [Test, CancelAfter(10_000)]
    public async Task Sweeping_goes_on_after_a_failure_that_nobody_thought_of(CancellationToken cancellationToken)
    {
        _world.Journal.Publish(People.WithTerm(1));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        _world.Store.Listings.PageRead = () => throw new InvalidDataException("A row is damaged.");
        await _world.Sweeper.StartAsync(cancellationToken);
        await _world.Clock.AdvanceUntilAsync(() => _world.Log.Of(FailedEvent).Count >= 2, TimeSpan.FromSeconds(1), cancellationToken);

        _world.Store.Listings.PageRead = null;
        await _world.Clock.AdvanceUntilAsync(() => _world.Log.Of(ExpiredEvent).Count == 1, TimeSpan.FromSeconds(1), cancellationToken);

        Assert.That(() => _world.Sweeper.StopAsync(cancellationToken), Throws.Nothing);
    }
}
