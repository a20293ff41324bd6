using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace CreditShare.Tests.Conventions;

/// <summary>One key of the settings: what the code says of it, and so what the operator's book must say.</summary>
internal sealed record DocumentedOption(string Key, string Default, string Bounds)
{
    public override string ToString() => $"| `{Key}` | {Default} | {Bounds} |";
}

/// <summary>Reads the options classes of an assembly, and the tables of the operator's book.</summary>
internal static class OptionCatalogue
{
    private const string None = "–";

    /// <summary>The classes that take settings.</summary>
    public static IEnumerable<Type> ClassesOf(Assembly assembly) =>
        Product.WrittenTypes(assembly).Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal));

    /// <summary>The section of the settings that a class reads; null if it names none.</summary>
    public static string? SectionOf(Type options) =>
        options.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() as string;

    /// <summary>Each key that a class reads.</summary>
    public static IEnumerable<DocumentedOption> KeysOf(Type options)
    {
        var defaults = Activator.CreateInstance(options, nonPublic: true)!;
        foreach (var property in options.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
        {
            var range = property.GetCustomAttribute<RangeAttribute>();
            yield return new($"{SectionOf(options)}:{property.Name}", Text(property.GetValue(defaults)), BoundsText(range));
        }
    }

    /// <summary>The rows of a Markdown file that begin with a key in code quotes, a colon in it.</summary>
    public static IReadOnlyList<DocumentedOption> RowsOf(IEnumerable<string> lines) =>
    [
        .. from line in lines
           where line.StartsWith("| `", StringComparison.Ordinal)
           let cells = line.Split('|').Select(cell => cell.Trim()).ToArray()
           where cells.Length >= 5 && cells[1].Contains(':', StringComparison.Ordinal)
           select new DocumentedOption(cells[1].Trim('`'), cells[2].Trim('`'), cells[3]),
    ];

    private static string BoundsText(RangeAttribute? range)
    {
        if (range is null) return None;
        return $"{Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}";

        static string Bound(RangeAttribute range, object value) =>
            range.OperandType == typeof(TimeSpan) ? Text(TimeSpan.Parse((string)value, CultureInfo.InvariantCulture)) : Text(value);
    }

    private static string Text(object? value) => value switch
    {
        null or "" => None,
        bool flag => flag ? "true" : "false",
        TimeSpan span => SpanText(span),
        string text => text,
        IEnumerable list => list.Cast<object>().Select(Text).ToList() is { Count: > 0 } items ? string.Join(", ", items) : None,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // The largest unit in which the span is a whole number, as an operator would say it; a day is "24 h".
    private static string SpanText(TimeSpan span)
    {
        var (number, unit) = span switch
        {
            { TotalMilliseconds: < 1_000 } => (span.TotalMilliseconds, "ms"),
            _ when span.Ticks % TimeSpan.TicksPerSecond != 0 => (span.TotalMilliseconds, "ms"),
            _ when span.Ticks % TimeSpan.TicksPerMinute != 0 => (span.TotalSeconds, "s"),
            _ when span.Ticks % TimeSpan.TicksPerHour != 0 => (span.TotalMinutes, "min"),
            _ when span.Ticks % TimeSpan.TicksPerDay != 0 || span.TotalDays < 2 => (span.TotalHours, "h"),
            _ => (span.TotalDays, "d"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
    }
}
