using System.Globalization;

namespace CreditShare.Benchmarks;

/// <summary>What the command line says, and what a run of numbers comes to.</summary>
internal static class Figures
{
    /// <summary>The number behind an option, or <paramref name="fallback"/>.</summary>
    public static int Option(string[] arguments, string name, int fallback) =>
        Option(arguments, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>The text behind an option; null without it.</summary>
    public static string? Option(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value in the middle; between the two there, if their number is even.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value below which a share lies, of values in ascending order; NaN if there are none.</summary>
    public static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    /// <summary>The median with the least and the most of the runs.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string format = "N0") => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(values).ToString(format, CultureInfo.InvariantCulture)} ({values.Min().ToString(format, CultureInfo.InvariantCulture)} to {values.Max().ToString(format, CultureInfo.InvariantCulture)})");
}
