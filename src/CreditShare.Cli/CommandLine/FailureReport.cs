using System.Security.Cryptography;
using System.Text;
using CreditShare.Client;
using CreditShare.V1;
using Sylvan.Data.Csv;

namespace CreditShare.Cli.CommandLine;

/// <summary>Turns failures into sentences and exit codes.</summary>
internal static class FailureReport
{
    /// <summary>Tells what went wrong.</summary>
    /// <returns>The exit code; null for an exception that nobody foresaw and that must not be caught here.</returns>
    internal static int? Write(Exception failure, TextWriter error)
    {
        switch (failure)
        {
            case CommandFailedException failed:
                error.WriteLine($"creditshare: {failed.Message}");
                return failed.ExitCode;
            case CreditShareException refused:
                Write(refused.Refusal, error);
                return ExitCodeOf(refused);
            case OperationCanceledException:
                error.WriteLine("creditshare: Interrupted.");
                return ExitCodes.Failed;
            case DecoderFallbackException:
                error.WriteLine("creditshare: The file is not in the encoding that was expected (utf-8 if none was given). Name its own, such as --encoding gb18030.");
                return ExitCodes.Failed;
            case IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException or CsvFormatException:
                error.WriteLine($"creditshare: {failure.Message}");
                return ExitCodes.Failed;
            default:
                return null;
        }
    }

    /// <summary>Reason and message in one line, then a line a field.</summary>
    internal static void Write(Refusal refusal, TextWriter error)
    {
        error.WriteLine($"{NameOf(refusal)}: {refusal.Message}");
        foreach (var violation in refusal.Violations)
        {
            error.WriteLine($"  {violation.Field}: {ReasonNames.Of(violation.Reason)}: {violation.Message}");
        }
    }

    internal static string NameOf(Refusal refusal) =>
        refusal.Reason != ErrorReason.Unspecified ? ReasonNames.Of(refusal.Reason) : ContractWords.UpperSnake(refusal.Code.ToString());

    private static int ExitCodeOf(CreditShareException failure) => failure switch
    {
        ServiceUnavailableException => ExitCodes.Unreachable,
        // Nobody answered at all: to a script that is a service out of reach, not a refusal.
        TimedOutException { Reason: ErrorReason.Unspecified } => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };
}
