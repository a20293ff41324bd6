namespace CreditShare.Cli.CommandLine;

/// <summary>A command that cannot go on, with the sentence for the user and the exit code.</summary>
internal sealed class CommandFailedException(string message, int exitCode = ExitCodes.Failed, Exception? inner = null)
    : Exception(message, inner)
{
    internal int ExitCode { get; } = exitCode;

    internal static CommandFailedException Usage(string message) => new(message, ExitCodes.Usage);
}
