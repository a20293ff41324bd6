using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CreditShare.Cli.CommandLine;

/// <summary>Makes options whose values are dates or words of the contract.</summary>
internal static class Values
{
    private const string DateForm = "yyyy-MM-dd";

    internal static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = ParseDate,
    };

    internal static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = ParseInstant,
    };

    internal static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SPAN",
        CustomParser = ParseSpan,
    };

    internal static Option<T> Word<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T>(name)
        {
            Description = $"{description} One of: {string.Join(", ", ContractWords<T>.All)}.",
            HelpName = "WORD",
            CustomParser = ParseWord<T>,
        };
        option.CompletionSources.Add(_ => ContractWords<T>.All.Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        return option;
    }

    internal static Option<T[]> Words<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = $"{description} Of: {string.Join(", ", ContractWords<T>.All)}.",
            HelpName = "WORD",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',')).Select(word => ParseWord<T>(result, word))],
        };

    internal static Option<string?> Text(string name, string description, string helpName = "TEXT") =>
        new(name) { Description = description, HelpName = helpName };

    internal static string Form(this DateOnly date) => date.ToString(DateForm, CultureInfo.InvariantCulture);

    internal static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static DateOnly? ParseDate(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (TryParseDate(text, out var date)) return date;

        result.AddError($"'{text}' is not a date like 2026-01-31.");
        return null;
    }

    private static DateTimeOffset? ParseInstant(ArgumentResult result)
    {
        // Without an offset nobody could tell whose clock is meant.
        var text = result.Tokens[0].Value;
        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal)))
        {
            return instant;
        }

        result.AddError($"'{text}' is not a time like 2026-01-31T09:00:00+08:00.");
        return null;
    }

    private static TimeSpan? ParseSpan(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        TimeSpan? unit = text.Length < 2 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is { } one && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            return one * count;
        }

        result.AddError($"'{text}' is not a span like 30s, 15m, 24h or 7d.");
        return null;
    }

    private static T ParseWord<T>(ArgumentResult result)
        where T : struct, Enum => ParseWord<T>(result, result.Tokens[0].Value);

    private static T ParseWord<T>(ArgumentResult result, string word)
        where T : struct, Enum
    {
        if (ContractWords<T>.TryParse(word, out var value)) return value;

        result.AddError($"'{word}' is none of {string.Join(", ", ContractWords<T>.All)}.");
        return default;
    }
}
