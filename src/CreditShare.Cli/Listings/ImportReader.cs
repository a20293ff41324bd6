using CreditShare.Cli.CommandLine;
using Sylvan.Data.Csv;

namespace CreditShare.Cli.Listings;

/// <summary>One row of the file as it stands there.</summary>
/// <param name="Number">From 1; the first row after the header.</param>
/// <param name="Cells">In the order of the file's columns.</param>
internal sealed record SourceRow(long Number, string[] Cells);

/// <summary>Reads the rows of an import.</summary>
internal sealed class ImportReader : IDisposable
{
    private const int BufferChars = 256 * 1024;

    private readonly CsvDataReader _csv;
    private readonly Dictionary<string, int> _columns;
    private long _row;

    /// <exception cref="CommandFailedException">The file is no table of listings.</exception>
    internal ImportReader(TextReader reader)
    {
        _csv = CsvReading.Open(reader, BufferChars);
        Header = [.. Enumerable.Range(0, _csv.FieldCount).Select(i => _csv.GetName(i).Trim())];
        _columns = Header.Index()
            .GroupBy(column => column.Item, column => column.Index, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        var missing = ImportColumns.Required.Where(name => !_columns.ContainsKey(name)).ToList();
        if (missing.Count > 0) throw new CommandFailedException($"The file has no column {string.Join(", ", missing)}.");

        // A misspelt column would be passed over, and its content lost in silence.
        var unknown = Header.Except(ImportColumns.All, StringComparer.OrdinalIgnoreCase)
            .Except(ImportColumns.Rejection, StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (unknown.Count > 0) throw new CommandFailedException($"The file has unknown columns: {string.Join(", ", unknown)}.");
    }

    internal IReadOnlyList<string> Header { get; }

    internal bool TryRead(out SourceRow row)
    {
        row = new SourceRow(0, []);
        if (!_csv.Read()) return false;

        var cells = new string[Header.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = i < _csv.RowFieldCount ? _csv.GetString(i) : "";
        }

        row = new SourceRow(++_row, cells);
        return true;
    }

    internal RowFields FieldsOf(SourceRow row) =>
        new(column => _columns.TryGetValue(column, out var index) ? row.Cells[index] : "");

    public void Dispose() => _csv.Dispose();
}
