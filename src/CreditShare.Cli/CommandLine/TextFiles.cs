using System.Text;

namespace CreditShare.Cli.CommandLine;

/// <summary>Text files in the encodings that courts and banks use.</summary>
internal static class TextFiles
{
    private const int BufferBytes = 256 * 1024;

    static TextFiles() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Opens a file for reading. Text that is not of the encoding is an error, not a row of question marks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encodingName">Such as utf-8 or gb18030. A byte order mark is recognised and passed over.</param>
    internal static StreamReader OpenText(string path, string encodingName) => new(
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan),
        Find(encodingName),
        detectEncodingFromByteOrderMarks: true,
        BufferBytes);

    private static Encoding Find(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException ex)
        {
            throw new CommandFailedException($"There is no encoding '{name}'.", ExitCodes.Usage, ex);
        }
    }
}
