using System.Globalization;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>How many calls were answered, and what one cost.</summary>
/// <param name="PerSecond">Of all callers together.</param>
/// <param name="Microseconds">Of processor time, a call, of the process that is looked at.</param>
internal readonly record struct CallRate(double PerSecond, double Microseconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0}/s at {Microseconds:N1} µs");
}
