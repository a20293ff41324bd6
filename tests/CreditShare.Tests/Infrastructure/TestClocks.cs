using CreditShare.Core.Calendar;
using CreditShare.Tests.Listings;
using Microsoft.Extensions.Time.Testing;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Clocks that stand still until they are moved.</summary>
internal static class TestClocks
{
    /// <summary>At noon of the day on which the samples play, in UTC+8.</summary>
    public static FakeTimeProvider AtNoon() => new(ChinaTime.StartOf(Sample.Today) + TimeSpan.FromHours(12));

    extension(FakeTimeProvider clock)
    {
        /// <summary>Lets time go by in small steps until something has happened that loops of the product do by this clock.</summary>
        public async Task AdvanceUntilAsync(Func<bool> happened, TimeSpan step, CancellationToken cancellationToken)
        {
            while (!happened())
            {
                cancellationToken.ThrowIfCancellationRequested();
                clock.Advance(step);

                // Whoever was woken goes on elsewhere.
                for (var i = 0; i < 10 && !happened(); i++) await Task.Yield();
            }
        }

        /// <summary>Moves to a day, at that hour in UTC+8.</summary>
        public void MoveTo(DateOnly day, int hour = 0) => clock.SetUtcNow(ChinaTime.StartOf(day) + TimeSpan.FromHours(hour));
    }
}
