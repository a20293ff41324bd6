namespace CreditShare.Core.Calendar;

/// <summary>Calendar arithmetic of the law: a period of months or years ends on the day of the same number, or on the last day of a
/// month that has no such day (29 February).</summary>
public static class LegalPeriod
{
    /// <summary>The day a number of months after another; negative counts go back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The result is outside the years 1 to 9999.</exception>
    public static DateOnly AddMonths(DateOnly from, int months) => from.AddMonths(months);

    /// <summary>The day a number of years after another; negative counts go back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The result is outside the years 1 to 9999.</exception>
    public static DateOnly AddYears(DateOnly from, int years) => from.AddYears(years);

    /// <summary>Age in full years on a day. Who was born on 29 February grows a year older on 28 February where there is no 29th.</summary>
    /// <returns>Negative if the day is before the birth.</returns>
    public static int AgeOn(DateOnly birth, DateOnly day)
    {
        var years = day.Year - birth.Year;
        return AddYears(birth, years) > day ? years - 1 : years;
    }
}
