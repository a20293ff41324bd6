using System.Globalization;
using System.Text;

namespace CreditShare.Core.Courts;

/// <summary>Courts read from text, and what was wrong with the rest.</summary>
/// <param name="Courts">The courts of the rows without fault, in their order. The row numbers of <see cref="CourtTable.Validate"/> are those
/// of the text only if there are no faults.</param>
/// <param name="Faults">The faults by row.</param>
public sealed record CourtCsvResult(IReadOnlyList<Court> Courts, IReadOnlyList<CourtFault> Faults);

/// <summary>
/// Courts as comma-separated text: a header, then one court a line: code, name, level (BASIC, INTERMEDIATE, HIGH, SUPREME), parent,
/// valid_from, valid_to (yyyy-MM-dd). The last three may be empty; a field with a comma stands in quotation marks; a line break within
/// a field is not taken.
/// </summary>
public static class CourtCsv
{
    /// <summary>The header line.</summary>
    public const string Header = "code,name,level,parent,valid_from,valid_to";

    private const int Columns = 6;

    /// <summary>Reads to the end. Empty lines are skipped but counted.</summary>
    /// <exception cref="FormatException">The first line is not <see cref="Header"/>.</exception>
    /// <exception cref="IOException">The reader failed.</exception>
    public static CourtCsvResult Parse(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadLine()?.Trim('\uFEFF', ' ') != Header) throw new FormatException($"The first line must be {Header}");

        var courts = new List<Court>();
        var faults = new List<CourtFault>();
        for (var row = 0; reader.ReadLine() is { } line; row++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;

            var before = faults.Count;
            var court = ParseRow(row, line, faults);
            if (faults.Count == before && court is not null) courts.Add(court);
        }

        return new(courts, faults);
    }

    private static Court? ParseRow(int row, string line, List<CourtFault> faults)
    {
        var fields = Split(line);
        if (fields is not { Count: Columns })
        {
            faults.Add(new(row, CourtFaultKind.BadColumns, line));
            return null;
        }

        if (!CourtCode.TryParse(fields[0], out var code)) faults.Add(new(row, CourtFaultKind.BadCode, fields[0]));

        var level = LevelOf(fields[2]);
        if (level == CourtLevel.Unspecified) faults.Add(new(row, CourtFaultKind.WrongLevel, fields[2]));

        CourtCode? parent = null;
        if (fields[3].Length > 0)
        {
            if (!CourtCode.TryParse(fields[3], out var parentCode)) faults.Add(new(row, CourtFaultKind.UnknownParent, fields[3]));
            parent = parentCode;
        }

        if (!TryReadDate(fields[4], out var validFrom)) faults.Add(new(row, CourtFaultKind.BadValidity, fields[4]));
        if (!TryReadDate(fields[5], out var validTo)) faults.Add(new(row, CourtFaultKind.BadValidity, fields[5]));

        return new()
        {
            Code = code,
            Name = fields[1],
            Level = level,
            Parent = parent,
            ValidFrom = validFrom,
            ValidTo = validTo,
        };
    }

    private static CourtLevel LevelOf(string text) => text switch
    {
        "BASIC" => CourtLevel.Basic,
        "INTERMEDIATE" => CourtLevel.Intermediate,
        "HIGH" => CourtLevel.High,
        "SUPREME" => CourtLevel.Supreme,
        _ => CourtLevel.Unspecified,
    };

    private static bool TryReadDate(string text, out DateOnly? date)
    {
        date = null;
        if (text.Length == 0) return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;

        date = day;
        return true;
    }

    // Null if a quotation mark is not closed.
    private static List<string>? Split(string line)
    {
        var fields = new List<string>(Columns);
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString().Trim());
        return quoted ? null : fields;
    }
}
