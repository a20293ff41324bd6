namespace CreditShare.Core.Calendar;

/// <summary>The days of the law, which begin at midnight in UTC+8. The offset is fixed: no time zone database is asked.</summary>
public static class ChinaTime
{
    /// <summary>What the clocks of the law are ahead of UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    extension(TimeProvider clock)
    {
        /// <summary>The present day in UTC+8.</summary>
        public DateOnly Today()
        {
            ArgumentNullException.ThrowIfNull(clock);
            return DateOf(clock.GetUtcNow());
        }
    }

    /// <summary>The day in UTC+8 on which an instant, given in any offset, falls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The instant is within eight hours of the end of the calendar.</exception>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime + Offset);

    /// <summary>The instant, in UTC, at which a day begins in UTC+8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day is 1 January of the year 1, which begins before the calendar does.</exception>
    public static DateTimeOffset StartOf(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - Offset);
}
