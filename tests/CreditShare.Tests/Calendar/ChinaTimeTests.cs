using CreditShare.Core.Calendar;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Calendar;

internal sealed class ChinaTimeTests
{
    [TestCase("2026-03-01T15:59:59.9999999Z", "2026-03-01")]
    [TestCase("2026-03-01T16:00:00Z", "2026-03-02")]
    [TestCase("2026-03-02T00:00:00+08:00", "2026-03-02")]
    [TestCase("2026-03-01T23:30:00-05:00", "2026-03-02")]
    [TestCase("2025-12-31T16:00:00Z", "2026-01-01")]
    [TestCase("1988-07-01T15:30:00Z", "1988-07-01", Description = "Summer time was in force then; the days of the law ignore it")]
    public void A_day_begins_at_midnight_in_utc_plus_8(string instant, string expected)
    {
        var day = ChinaTime.DateOf(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));

        Assert.That(day.ToString("yyyy-MM-dd"), Is.EqualTo(expected));
    }

    [Test]
    public void The_start_of_a_day_is_its_first_instant()
    {
        var start = ChinaTime.StartOf(new DateOnly(2026, 3, 2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(start, Is.EqualTo(new DateTimeOffset(2026, 3, 1, 16, 0, 0, TimeSpan.Zero)));
            Assert.That(start.Offset, Is.EqualTo(TimeSpan.Zero));
            Assert.That(ChinaTime.DateOf(start), Is.EqualTo(new DateOnly(2026, 3, 2)));
            Assert.That(ChinaTime.DateOf(start.AddTicks(-1)), Is.EqualTo(new DateOnly(2026, 3, 1)));
        }
    }

    [Test]
    public void Today_changes_when_the_clock_passes_midnight_in_utc_plus_8()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 15, 59, 59, TimeSpan.Zero));
        var before = clock.Today();

        clock.Advance(TimeSpan.FromSeconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.EqualTo(new DateOnly(2026, 3, 1)));
            Assert.That(clock.Today(), Is.EqualTo(new DateOnly(2026, 3, 2)));
        }
    }
}
