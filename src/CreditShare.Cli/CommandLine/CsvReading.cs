using Sylvan.Data.Csv;

namespace CreditShare.Cli.CommandLine;

/// <summary>How this tool reads CSV: with a header, separated by commas, without comments.</summary>
internal static class CsvReading
{
    /// <summary>How much longer than the first buffer one record may make it.</summary>
    private const int MaxGrowth = 8;

    /// <summary>A character that no file has. The library takes # for a comment unless told otherwise, and would pass over such rows.</summary>
    private const char NoComment = '\uFFFF';

    internal static CsvDataReader Open(TextReader reader, int bufferChars) => CsvDataReader.Create(reader, new CsvDataReaderOptions
    {
        BufferSize = bufferChars,
        MaxBufferSize = MaxGrowth * bufferChars,
        Delimiter = ',',
        Comment = NoComment,
        HeaderComparer = StringComparer.OrdinalIgnoreCase,
    });
}
