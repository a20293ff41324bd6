using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using GoogleDate = Google.Type.Date;

namespace CreditShare.Cli.Listings;

/// <summary>The cells of one row by column, with the readings that several columns share. What cannot be read becomes a problem.</summary>
internal sealed class RowFields(Func<string, string> cell)
{
    private readonly List<RowProblem> _problems = [];

    internal IReadOnlyList<RowProblem> Problems => _problems;

    /// <summary>The cell, trimmed; empty if the file has no such column.</summary>
    internal string Raw(string column) => CsvText.Restore(cell(column).Trim());

    /// <summary>The cell without mark-up and line breaks; empty for 暂无.</summary>
    internal string Text(string column) => DirtyText.Clean(Raw(column));

    internal void Refuse(string column, ErrorReason reason, string message) => _problems.Add(new RowProblem(column, reason, message));

    internal GoogleDate? Date(string column)
    {
        var text = Text(column);
        if (text.Length == 0) return null;
        if (DirtyText.TryParseDate(text, out var date)) return date.ToContract();

        Refuse(column, ErrorReason.DateInvalid, $"'{text}' is not a date like 2026-01-31, 20260131 or 2026年01月31日.");
        return null;
    }

    /// <summary>A word of the contract; unspecified if the cell is empty or was refused.</summary>
    internal T Word<T>(string column)
        where T : struct, Enum
    {
        var text = Text(column);
        if (text.Length == 0) return default;
        if (ContractWords<T>.TryParse(text, out var value)) return value;

        Refuse(column, ErrorReason.FieldInvalid, $"'{text}' is none of {string.Join(", ", ContractWords<T>.All)}.");
        return default;
    }

    /// <summary>A word of a closed vocabulary of the source data, or of the contract.</summary>
    internal T Word<T>(string column, IReadOnlyDictionary<string, T> vocabulary)
        where T : struct, Enum
    {
        var text = Text(column);
        return text.Length > 0 && vocabulary.TryGetValue(text, out var value) ? value : Word<T>(column);
    }
}
