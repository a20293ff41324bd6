using System.Globalization;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>What callers got who send their next as soon as the last was answered.</summary>
/// <param name="Rate">Answers a second, of all together.</param>
/// <param name="P50">Half were answered within so many milliseconds.</param>
/// <param name="P99">All but a hundredth were.</param>
internal sealed record Load(double Rate, double P50, double P99)
{
    /// <param name="elapsed">From the first request to the last answer.</param>
    /// <param name="latencies">In milliseconds, one an answer; are sorted.</param>
    public static Load Of(TimeSpan elapsed, double[] latencies)
    {
        Array.Sort(latencies);
        return new Load(
            latencies.Length / elapsed.TotalSeconds, Figures.Percentile(latencies, 0.5), Figures.Percentile(latencies, 0.99));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:N0}/s, p50 {P50:N1} ms, p99 {P99:N1} ms");
}
