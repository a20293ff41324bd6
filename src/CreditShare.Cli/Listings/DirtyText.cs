using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace CreditShare.Cli.Listings;

/// <summary>The known dirt of listing data, and how it is cleaned. What is not known is left as it is, for the service to refuse.</summary>
internal static partial class DirtyText
{
    /// <summary>What courts write where there is nothing to write.</summary>
    private const string NothingYet = "暂无";

    private static readonly SearchValues<char> Suspicious = SearchValues.Create('<', '&', '\r', '\n', '\t', '\u00A0');

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日"];

    /// <summary>Text without mark-up, on one line; empty for 暂无.</summary>
    internal static string Clean(string text)
    {
        if (text.AsSpan().ContainsAny(Suspicious))
        {
            text = WebUtility.HtmlDecode(Tags().Replace(text, " "));
            text = Spaces().Replace(text, " ");
        }

        text = text.Trim();
        return text == NothingYet ? "" : text;
    }

    /// <summary>Reads a date in any of the forms that occur; the time of day that some exports append is not accepted.</summary>
    internal static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    internal static bool? ParseBoolean(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" or "是" => true,
        "false" or "no" or "0" or "否" => false,
        _ => null,
    };

    // Only what looks like a tag: a name right after the bracket. "a < b" stays.
    [GeneratedRegex("</?[A-Za-z][^<>]*>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u00A0]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Spaces();
}
