using System.Globalization;

namespace CreditShare.Benchmarks.Bench;

/// <summary>What a figure should come to.</summary>
internal sealed class Goal
{
    private readonly Func<Finding, double> _of;
    private readonly bool _isMost;
    private readonly double _bound;

    private Goal(string text, Func<Finding, double> of, double bound, bool isMost) =>
        (Text, _of, _bound, _isMost) = (text, of, bound, isMost);

    /// <summary>A figure that is told for what it is.</summary>
    public static Goal None { get; } = new("–", _ => 0, 0, isMost: false);

    /// <summary>As the table has it.</summary>
    public string Text { get; }

    public static Goal RatioAtLeast(double bound) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≥ {bound:0.##} ×"), finding => finding.Ratio, bound, isMost: false);

    public static Goal RatioAtMost(double bound) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≤ {bound:0.##} ×"), finding => finding.Ratio, bound, isMost: true);

    public static Goal AtLeast(double bound) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≥ {bound:#,0.##}"), finding => finding.Median, bound, isMost: false);

    public static Goal AtMost(double bound) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≤ {bound:#,0.##}"), finding => finding.Median, bound, isMost: true);

    /// <summary>Whether the median, or the median ratio, reaches it; null where there is nothing to reach.</summary>
    public bool? IsReachedBy(Finding finding)
    {
        if (ReferenceEquals(this, None)) return null;
        return _isMost ? _of(finding) <= _bound : _of(finding) >= _bound;
    }
}
