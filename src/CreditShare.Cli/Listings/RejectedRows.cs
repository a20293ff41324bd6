using System.Globalization;
using System.Text;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Writes the rows that were rejected, in the order of the file, each with what is wrong in front: correct the cells, and import this
/// file. It opens in spreadsheets: UTF-8 with a byte order mark, nothing in it is taken for a formula.
/// </summary>
/// <remarks>One thread may read rows while another takes answers.</remarks>
internal sealed class RejectedRows(string path, IReadOnlyList<string> header) : IDisposable
{
    private const string Joint = "; ";

    // A file that was rejected before has these columns already; they are written anew.
    private readonly int[] _kept =
    [
        .. header.Index().Where(c => !ImportColumns.Rejection.Contains(c.Item, StringComparer.OrdinalIgnoreCase)).Select(c => c.Index),
    ];

    private readonly Queue<(SourceRow Row, IReadOnlyList<RowProblem> Problems)> _waiting = new();
    private readonly Lock _gate = new();
    private StreamWriter? _writer;

    /// <summary>Rows rejected so far.</summary>
    internal long Count { get; private set; }

    /// <summary>Takes a row that was read: either it waits for its answer, or it was rejected already and waits for its turn.</summary>
    internal void Read(SourceRow row, IReadOnlyList<RowProblem> problems)
    {
        lock (_gate)
        {
            _waiting.Enqueue((row, problems));
            WriteThoseInTurn();
        }
    }

    /// <summary>Takes the answer to the first row that waits for one.</summary>
    /// <param name="refusal">Why it was refused; null if it was accepted.</param>
    internal void Answered(Refusal? refusal)
    {
        lock (_gate)
        {
            var (row, _) = _waiting.Dequeue();
            if (refusal is not null) Write(row, ProblemsOf(refusal));
            WriteThoseInTurn();
        }
    }

    public void Dispose() => _writer?.Dispose();

    private static IReadOnlyList<RowProblem> ProblemsOf(Refusal refusal)
    {
        if (refusal.Violations.Count == 0) return [new RowProblem("", FailureReport.NameOf(refusal), refusal.Message)];

        return [.. refusal.Violations.Select(v => new RowProblem(ImportColumns.ForField(v.Field), v.Reason, v.Message))];
    }

    private void WriteThoseInTurn()
    {
        while (_waiting.TryPeek(out var first) && first.Problems.Count > 0)
        {
            _waiting.Dequeue();
            Write(first.Row, first.Problems);
        }
    }

    private void Write(SourceRow row, IReadOnlyList<RowProblem> problems)
    {
        _writer ??= Open();
        Count++;
        CsvText.WriteField(_writer, row.Number.ToString(CultureInfo.InvariantCulture));
        WriteCell(string.Join(Joint, problems.Select(p => p.Field)));
        WriteCell(string.Join(Joint, problems.Select(p => p.Reason)));
        WriteCell(string.Join(Joint, problems.Select(p => p.Message)));
        foreach (var column in _kept)
        {
            WriteCell(row.Cells[column]);
        }

        _writer.WriteLine();
    }

    // Opened with the first rejected row: no rejection, no file.
    private StreamWriter Open()
    {
        var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        writer.WriteLine(string.Join(',', ImportColumns.Rejection.Concat(_kept.Select(i => header[i]))));
        return writer;
    }

    private void WriteCell(string text)
    {
        _writer!.Write(',');
        CsvText.WriteField(_writer, CsvText.Neutralise(text));
    }
}
