using CreditShare.Core.Journal;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace CreditShare.Tests.Measures;

internal sealed class MeasureServiceTests
{
    private SharingWorld _world = null!;
    private JournalEntry _listed = null!;
    private DateTimeOffset _applied;

    [SetUp]
    public void StartWorld()
    {
        _world = new SharingWorld();
        _listed = _world.Journal.Publish(People.Listed(1));
        _world.Clock.Advance(TimeSpan.FromMinutes(10));
        _applied = _world.Clock.GetUtcNow();
    }

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_report_is_stored_once_however_often_it_comes()
    {
        var first = await ReportAsync(Blocked());
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await ReportAsync(Blocked());

        var expected = Blocked();
        expected.Partner = "partners/dep";
        expected.CreateTime = Timestamp.FromDateTimeOffset(_applied);
        Assert.That(first, Is.EqualTo(expected));
        Assert.That((again, _world.Store.Measures.Count), Is.EqualTo((first, 1)));
    }

    [Test]
    public async Task Another_measure_under_a_taken_reference_is_refused_but_another_partner_may_use_it()
    {
        await ReportAsync(Blocked());
        var other = Blocked();
        other.Code = "5.3";

        var refused = await SharingWorld.RefusedAsync(() => ReportAsync(other));
        var theirs = await ReportAsync(other, "other");

        Assert.That((refused.Reason, theirs.Code), Is.EqualTo((ErrorReason.MeasureReferenceUsed, "5.3")));
    }

    [Test]
    public async Task Lifting_closes_it_once_and_keeps_what_it_was()
    {
        await ReportAsync(Blocked());
        var lifting = new Measure { Reference = "m-1", Outcome = MeasureOutcome.Lifted, LiftTime = Now() };

        var lifted = await ReportAsync(lifting);
        var again = await ReportAsync(lifting);
        var original = await ReportAsync(Blocked());
        var later = await SharingWorld.RefusedAsync(() => ReportAsync(new Measure(lifting) { LiftTime = Now(1) }));
        var unknown = await SharingWorld.RefusedAsync(() => ReportAsync(new Measure(lifting) { Reference = "m-2" }));
        var other = await SharingWorld.RefusedAsync(() => ReportAsync(new Measure(lifting) { Code = "5.3" }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((lifted.Outcome, lifted.LiftTime, lifted.Code), Is.EqualTo((MeasureOutcome.Lifted, lifting.LiftTime, "7.1")));
            Assert.That((again, original), Is.EqualTo((lifted, lifted)));
            Assert.That((later.Reason, unknown.Reason), Is.EqualTo((ErrorReason.MeasureNotFound, ErrorReason.MeasureNotFound)));
            Assert.That(other.Reason, Is.EqualTo(ErrorReason.MeasureReferenceUsed));
        }
    }

    [Test]
    public async Task A_measure_after_the_end_acted_on_a_stale_copy()
    {
        _world.Journal.Withdraw(_listed);
        var before = Blocked();
        before.ApplyTime = Now(-1);
        var after = Blocked();
        (after.Reference, after.ApplyTime) = ("m-2", Now(1));

        Assert.That(((await ReportAsync(before)).StaleCopy, (await ReportAsync(after)).StaleCopy), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_measure_after_the_term_acted_on_a_stale_copy_although_no_end_is_recorded_yet()
    {
        _listed = _world.Journal.Publish(People.WithTerm(2));
        _world.Clock.Advance(Core.Calendar.ChinaTime.StartOf(_listed.Listing.LastDay!.Value.AddDays(1)) - _world.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        _applied = _world.Clock.GetUtcNow();

        Assert.That((await ReportAsync(Blocked())).StaleCopy, Is.True);
    }

    [Test]
    public async Task Everything_that_is_wrong_is_told_at_once_and_nothing_is_stored()
    {
        var refused = await SharingWorld.RefusedAsync(() => ReportAsync(new Measure
        {
            Listing = "nonsense",
            Code = "12.1",
            ApplyTime = Now(60),
            LiftTime = Now(),
            Note = new string('x', 1_001),
        }));

        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EquivalentTo([
                ("measure.reference", ErrorReason.FieldRequired),
                ("measure.listing", ErrorReason.NameForm),
                ("measure.listing_version", ErrorReason.FieldInvalid),
                ("measure.code", ErrorReason.MeasureCodeUnknown),
                ("measure.outcome", ErrorReason.FieldRequired),
                ("measure.legal_basis", ErrorReason.FieldRequired),
                ("measure.apply_time", ErrorReason.FieldInvalid),
                ("measure.lift_time", ErrorReason.FieldInvalid),
                ("measure.operator", ErrorReason.FieldRequired),
                ("measure.note", ErrorReason.FieldTooLong),
            ]));
        Assert.That(_world.Store.Measures.Count, Is.Zero);
    }

    [Test]
    public async Task A_listing_that_is_unknown_of_another_court_or_in_grace_is_not_found()
    {
        var unknown = Blocked();
        unknown.Listing = $"courts/测01/listings/{Guid.NewGuid():D}";
        var elsewhere = Blocked();
        elsewhere.Listing = elsewhere.Listing.Replace("测01", "测02", StringComparison.Ordinal);
        var grace = Blocked();
        grace.Listing = SharingWorld.NameOf(_world.Journal.Publish(People.InGrace(3)));
        List<ErrorReason> reasons = [];
        foreach (var measure in new[] { unknown, elsewhere, grace })
        {
            reasons.Add((await SharingWorld.RefusedAsync(() => ReportAsync(measure))).Reason);
        }

        Assert.That(reasons, Is.All.EqualTo(ErrorReason.ListingNotFound));
        Assert.That(_world.Store.Measures.Count, Is.Zero);
    }

    [Test]
    public async Task A_version_that_does_not_exist_is_refused()
    {
        var ahead = Blocked();
        ahead.ListingVersion = 2;

        var refused = await SharingWorld.RefusedAsync(() => ReportAsync(ahead));

        Assert.That(refused.Violations.Select(violation => violation.Field), Is.EqualTo(["measure.listing_version"]));
    }

    [Test]
    public async Task A_partner_sees_its_own_a_court_its_listings_and_an_operator_all()
    {
        await ReportAsync(Blocked());
        await ReportAsync(Blocked(), "other");
        var mine = await _world.Measures.ListMeasures(new ListMeasuresRequest(), _world.Call());
        var court = await _world.Measures.ListMeasures(new ListMeasuresRequest { PageSize = 1 }, _world.CourtCall());
        var rest = await _world.Measures.ListMeasures(
            new ListMeasuresRequest { PageSize = 1, PageToken = court.NextPageToken }, _world.CourtCall());
        var otherCourt = await _world.Measures.ListMeasures(new ListMeasuresRequest(), _world.CourtCall("测02"));
        var all = await _world.Measures.ListMeasures(new ListMeasuresRequest { Listing = SharingWorld.NameOf(_listed) }, _world.OperatorCall());
        var refused = await SharingWorld.RefusedAsync(() => _world.Measures.ListMeasures(
            new ListMeasuresRequest { Listing = SharingWorld.NameOf(_listed) }, _world.CourtCall("测02")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(mine.Measures.Select(measure => measure.Partner), Is.EqualTo(["partners/dep"]));
            Assert.That(
                court.Measures.Concat(rest.Measures).Select(measure => measure.Partner), Is.EqualTo(["partners/other", "partners/dep"]));
            Assert.That((otherCourt.Measures.Count, all.Measures.Count), Is.EqualTo((0, 2)));
            Assert.That(refused.Reason, Is.EqualTo(ErrorReason.CourtNotYours));
        }
    }

    [Test]
    public async Task The_court_sees_measures_that_were_not_lifted_beside_who_knows()
    {
        await ReportAsync(Blocked());
        var open = await _world.PropagationOfAsync(_listed);
        await ReportAsync(new Measure { Reference = "m-1", Outcome = MeasureOutcome.Lifted, LiftTime = Now() });
        var lifted = await _world.PropagationOfAsync(_listed);

        Assert.That((open.OpenMeasures.Count, lifted.OpenMeasures.Count), Is.EqualTo((1, 0)));
    }

    private Timestamp Now(int minutes = 0) => Timestamp.FromDateTimeOffset(_world.Clock.GetUtcNow().AddMinutes(minutes));

    private Measure Blocked() => new()
    {
        Reference = "m-1",
        Listing = SharingWorld.NameOf(_listed),
        ListingVersion = 1,
        Code = "7.1",
        Outcome = MeasureOutcome.Blocked,
        LegalBasis = "法释〔2017〕7号第八条",
        ApplyTime = Timestamp.FromDateTimeOffset(_applied),
        Operator = "clerk-1",
    };

    private async Task<Measure> ReportAsync(Measure measure, string partner = "dep") =>
        (await _world.Measures.ReportMeasure(new ReportMeasureRequest { Measure = measure }, _world.Call(partner))).Measure;
}
