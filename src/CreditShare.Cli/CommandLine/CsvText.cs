using System.Buffers;

namespace CreditShare.Cli.CommandLine;

/// <summary>Fields of CSV (RFC 4180).</summary>
internal static class CsvText
{
    private const string FormulaStarts = "=+-@";
    private const char Apostrophe = '\'';

    /// <summary>From how many digits on spreadsheets do not keep them all.</summary>
    private const int SafeDigits = 12;

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    internal static void WriteField(TextWriter output, ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(NeedsQuotes) < 0)
        {
            output.Write(text);
            return;
        }

        output.Write('"');
        foreach (var c in text)
        {
            if (c == '"') output.Write('"');
            output.Write(c);
        }

        output.Write('"');
    }

    /// <summary>Makes a cell safe from a spreadsheet: one that would be taken for a formula is not run, and one that would be taken for a
    /// number keeps its digits when the table is saved.</summary>
    internal static string Neutralise(string text) =>
        text.Length > 0 && (StartsFormula(text[0]) || text[0] is '\t' or '\r' || LosesDigits(text)) ? Apostrophe + text : text;

    /// <summary>Takes back what <see cref="Neutralise"/> did, so that a file written by this tool can be read again.</summary>
    internal static string Restore(string text) =>
        text.Length > 1 && text[0] == Apostrophe && (StartsFormula(text[1]) || LosesDigits(text.AsSpan(1))) ? text[1..] : text;

    private static bool StartsFormula(char c) => FormulaStarts.Contains(c, StringComparison.Ordinal);

    // Of a longer number fifteen digits are kept, and from twelve on it is saved as 1.1E+17; zeros in front go; 1234567E8 is a power of ten.
    private static bool LosesDigits(ReadOnlySpan<char> text)
    {
        var exponent = text.IndexOfAny('E', 'e');
        if (exponent > 0) return IsDigits(text[..exponent]) && IsDigits(text[(exponent + 1)..]);

        return IsDigits(text) && (text.Length >= SafeDigits || (text.Length > 1 && text[0] == '0'));
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
