using System.Globalization;
using CreditShare.Core.Calendar;
using NUnit.Framework;

namespace CreditShare.Tests.Calendar;

internal sealed class LegalPeriodTests
{
    [TestCase("2024-02-29", 1, "2025-02-28")]
    [TestCase("2024-02-29", 4, "2028-02-29")]
    [TestCase("2023-02-28", 1, "2024-02-28")]
    [TestCase("2026-03-02", 2, "2028-03-02")]
    [TestCase("2026-03-02", 5, "2031-03-02")]
    public void Years_end_on_the_same_day_or_on_the_last_of_the_month(string from, int years, string expected) =>
        Assert.That(LegalPeriod.AddYears(Day(from), years), Is.EqualTo(Day(expected)));

    [TestCase("2025-12-31", 2, "2026-02-28")]
    [TestCase("2027-11-30", 3, "2028-02-29")]
    [TestCase("2026-08-31", 1, "2026-09-30")]
    [TestCase("2026-02-28", 1, "2026-03-28")]
    [TestCase("2026-01-15", 6, "2026-07-15")]
    public void Months_end_on_the_same_day_or_on_the_last_of_the_month(string from, int months, string expected) =>
        Assert.That(LegalPeriod.AddMonths(Day(from), months), Is.EqualTo(Day(expected)));

    [TestCase("2008-03-02", "2026-03-01", 17)]
    [TestCase("2008-03-02", "2026-03-02", 18)]
    [TestCase("2012-02-29", "2030-02-27", 17)]
    [TestCase("2012-02-29", "2030-02-28", 18)]
    [TestCase("2012-02-29", "2032-02-28", 19)]
    [TestCase("2012-02-29", "2032-02-29", 20)]
    [TestCase("2026-03-02", "2026-03-02", 0)]
    [TestCase("2026-03-02", "2026-03-01", -1)]
    [TestCase("2026-12-31", "2026-01-01", -1)]
    public void Age_counts_full_years(string birth, string day, int expected) =>
        Assert.That(LegalPeriod.AgeOn(Day(birth), Day(day)), Is.EqualTo(expected));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
