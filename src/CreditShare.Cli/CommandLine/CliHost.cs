using System.Text;

namespace CreditShare.Cli.CommandLine;

/// <summary>What the tool needs of its surroundings, so that a test can stand in for them.</summary>
internal sealed class CliHost : IDisposable
{
    /// <summary>Bytes of output collected before they are written; a command flushes when somebody waits for what it said.</summary>
    private const int OutputBufferBytes = 64 * 1024;

    internal required TextWriter Output { get; init; }

    internal required TextWriter Error { get; init; }

    internal required TextReader Input { get; init; }

    internal required bool OutputIsTerminal { get; init; }

    internal required bool ErrorIsTerminal { get; init; }

    internal required string CurrentFolder { get; init; }

    internal required string? User { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal static CliHost OfThisProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = utf8;
        return new CliHost
        {
            Output = new StreamWriter(Console.OpenStandardOutput(), utf8, OutputBufferBytes) { AutoFlush = !Console.IsOutputRedirected },
            Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            Input = new StreamReader(Console.OpenStandardInput(), utf8),
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            CurrentFolder = Environment.CurrentDirectory,
            User = Environment.GetEnvironmentVariable("USER") ?? Environment.UserName,
        };
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
        Input.Dispose();
    }
}
