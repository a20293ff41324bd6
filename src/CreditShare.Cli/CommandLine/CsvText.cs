using System.Buffers;

namespace CreditShare.Cli.CommandLine;

/// <summary>Fields of CSV (RFC 4180).</summary>
internal static class CsvText
{
    private const string FormulaStarts = "=+-@";

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

    /// <summary>Makes a cell harmless that a spreadsheet would take for a formula.</summary>
    internal static string Neutralise(string text) =>
        text.Length > 0 && (FormulaStarts.Contains(text[0], StringComparison.Ordinal) || text[0] is '\t' or '\r') ? "'" + text : text;

    /// <summary>Takes back what <see cref="Neutralise"/> did, so that a file written by this tool can be read again.</summary>
    internal static string Restore(string text) =>
        text.Length > 1 && text[0] == '\'' && FormulaStarts.Contains(text[1], StringComparison.Ordinal) ? text[1..] : text;
}
