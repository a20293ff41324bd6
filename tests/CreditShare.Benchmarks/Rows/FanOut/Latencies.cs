using System.Diagnostics;
using System.Globalization;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>From sending a change to having it, over all receivers, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly double[] _sorted;

    /// <param name="sent">When each change was sent.</param>
    /// <param name="tallies">When it arrived.</param>
    /// <param name="warmUp">Changes at the beginning that do not count.</param>
    public Latencies(IReadOnlyList<long> sent, IReadOnlyList<Tally> tallies, int warmUp)
    {
        _sorted =
        [
            .. from tally in tallies
               from i in Enumerable.Range(warmUp, sent.Count - warmUp)
               select Stopwatch.GetElapsedTime(sent[i], tally.Arrivals[i]).TotalMilliseconds,
        ];
        Array.Sort(_sorted);
    }

    public double At(double share) => Percentile(_sorted, share);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {At(0.5):0.00} p90 {At(0.9):0.00} p99 {At(0.99):0.00} p99.9 {At(0.999):0.00} ms");
}
