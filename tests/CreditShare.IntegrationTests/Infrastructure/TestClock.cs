namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A clock whose day a test can move on, while timers and elapsed times stay real: terms run out, leases do not.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    /// <summary>Moves the time of day.</summary>
    public void ShiftBy(TimeSpan span) => Interlocked.Add(ref _shift, span.Ticks);
}
