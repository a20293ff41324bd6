using System.Runtime.CompilerServices;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;
using Sylvan.Data.Csv;

namespace CreditShare.Cli.Lookup;

/// <summary>Reads customers from CSV: <c>document_type,number,name[,country,birth_date]</c>, in any order, with a header.</summary>
internal sealed class CustomerReader : IDisposable
{
    private const int BufferChars = 256 * 1024;

    // A column of nonsense must not fill the memory.
    private const int MaxTypes = 1_000;

    private readonly CsvDataReader _csv;
    private readonly int _typeColumn;
    private readonly int _numberColumn;
    private readonly int _nameColumn;
    private readonly int _countryColumn;
    private readonly int _birthColumn;
    private readonly Dictionary<string, DocumentType> _types = new(StringComparer.Ordinal);

    internal CustomerReader(TextReader reader)
    {
        _csv = CsvReading.Open(reader, BufferChars);
        var columns = Enumerable.Range(0, _csv.FieldCount)
            .GroupBy(i => _csv.GetName(i).Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        _typeColumn = Required("document_type");
        _numberColumn = Required("number");
        _nameColumn = Required("name");
        _countryColumn = columns.GetValueOrDefault("country", -1);
        _birthColumn = columns.GetValueOrDefault("birth_date", -1);

        int Required(string name) => columns.TryGetValue(name, out var column)
            ? column
            : throw new CommandFailedException($"The file has no column '{name}'; it needs document_type,number,name.");
    }

    /// <summary>Passes over rows that an earlier run has dealt with.</summary>
    /// <exception cref="CommandFailedException">The file has fewer rows.</exception>
    internal void Skip(long rows)
    {
        for (var i = 0L; i < rows; i++)
        {
            if (!_csv.Read()) throw new CommandFailedException($"The file has fewer than the {rows} rows that were done already.");
        }
    }

    /// <summary>The customers. A type that is none of the contract comes out as unspecified, which the screening reports as invalid.</summary>
    internal async IAsyncEnumerable<ScreenSubject> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _csv.ReadAsync(cancellationToken))
        {
            yield return Current();
        }
    }

    public void Dispose() => _csv.Dispose();

    private ScreenSubject Current()
    {
        var type = TypeOf(Field(_typeColumn));
        var number = Field(_numberColumn).Trim().ToString();
        var name = Field(_nameColumn).ToString();
        if (type != DocumentType.Passport) return new ScreenSubject(type, number, name);

        var birth = Values.TryParseDate(Field(_birthColumn).Trim(), out var date) ? date : (DateOnly?)null;
        return new ScreenSubject(type, number, name, Field(_countryColumn).Trim().ToString(), birth);
    }

    // A row may be shorter than the header.
    private ReadOnlySpan<char> Field(int column) => column >= 0 && column < _csv.RowFieldCount ? _csv.GetFieldSpan(column) : [];

    // A file has a handful of texts for its types; each is read once.
    private DocumentType TypeOf(ReadOnlySpan<char> text)
    {
        if (_types.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known)) return known;

        var type = ContractWords<DocumentType>.TryParse(text.ToString(), out var read) ? read : DocumentType.Unspecified;
        if (_types.Count < MaxTypes) _types.Add(text.ToString(), type);
        return type;
    }
}
