using System.Globalization;
using System.Text;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Lookup;

/// <summary>Writes the findings of a screening, and the rows that could not be asked about.</summary>
internal sealed class ScreenWriter : IDisposable
{
    private const string Header = "row,number,verdict,listing,case_number,court";
    private const string InvalidHeader = "row,reason";

    private readonly StreamWriter _output;
    private readonly StreamWriter? _invalid;

    /// <param name="outputPath">Where the findings go.</param>
    /// <param name="invalidPath">Where rows that could not be asked about go; null to only count them.</param>
    /// <param name="done">What of the files stands already; the rest of them is cut off.</param>
    internal ScreenWriter(string outputPath, string? invalidPath, ScreenProgress done)
    {
        _output = Open(outputPath, done.OutputBytes, Header);
        _invalid = invalidPath is null ? null : Open(invalidPath, done.InvalidBytes, InvalidHeader);
    }

    /// <summary>Writes a block and brings it to the files.</summary>
    /// <returns>How far the files and the counts are now.</returns>
    internal async Task<ScreenProgress> WriteAsync(ScreenBlock block, long firstRow, ScreenProgress before)
    {
        foreach (var finding in block.Findings)
        {
            // Rows are counted from 1; the first is the one after the header.
            Write(finding, firstRow + (finding.Index - block.FirstIndex) + 1);
        }

        await _output.FlushAsync();
        if (_invalid is not null) await _invalid.FlushAsync();
        return before with
        {
            Rows = before.Rows + block.SubjectCount,
            OutputBytes = _output.BaseStream.Position,
            InvalidBytes = _invalid?.BaseStream.Position ?? 0,
            Tally = new ScreenTally
            {
                Listed = before.Tally.Listed + block.Findings.Count(f => f.Verdict == Verdict.Listed),
                NameMismatch = before.Tally.NameMismatch + block.Findings.Count(f => f.Verdict == Verdict.NameMismatch),
                Invalid = before.Tally.Invalid + block.Findings.Count(f => f.Verdict == Verdict.Unspecified),
                NotListed = before.Tally.NotListed + block.NotListedCount,
            },
        };
    }

    public void Dispose()
    {
        _output.Dispose();
        _invalid?.Dispose();
    }

    private static StreamWriter Open(string path, long keepBytes, string header)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        try
        {
            file.SetLength(Math.Min(keepBytes, file.Length));
            if (file.Length < keepBytes) throw new CommandFailedException($"{path} is shorter than it was: it cannot be resumed.");

            file.Position = keepBytes;
            var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            if (keepBytes == 0) writer.WriteLine(header);
            return writer;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Write(ScreenFinding finding, long row)
    {
        switch (finding.Verdict)
        {
            case Verdict.Listed:
                var newest = finding.Listings is [var first, ..] ? first : null;
                Write(row, finding, newest?.Name, newest?.CaseNumber, newest?.Court is { } court ? CourtName(court) : "");
                break;
            case Verdict.NameMismatch:
                Write(row, finding, listing: "", caseNumber: "", string.Join("; ", finding.CourtsToAsk.Select(CourtName)));
                break;
            default:
                _invalid?.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{row},{ReasonNames.Of(finding.InvalidReason)}"));
                break;
        }
    }

    private void Write(long row, ScreenFinding finding, string? listing, string? caseNumber, string court)
    {
        _output.Write(row.ToString(CultureInfo.InvariantCulture));
        WriteField(finding.Subject.Number);
        WriteField(ContractWords<Verdict>.NameOf(finding.Verdict));
        WriteField(listing);
        WriteField(caseNumber);
        WriteField(court);
        _output.WriteLine();
    }

    private void WriteField(string? text)
    {
        _output.Write(',');
        CsvText.WriteField(_output, text);
    }

    private static string CourtName(CourtReference court) => court.Name.Length > 0 ? court.Name : court.Code;
}
