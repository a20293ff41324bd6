using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Listings;

/// <summary>The request id when it matters: after a failure that leaves open whether the command was carried out.</summary>
internal static class RequestIds
{
    /// <summary>Sends, and on doubt tells with which options the very same request is sent again.</summary>
    /// <param name="run">Where to tell.</param>
    /// <param name="repeat">What the same command line lacks to be the same request.</param>
    /// <param name="send">The call.</param>
    internal static async Task<T> TellOnDoubtAsync<T>(Invocation run, string repeat, Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (CreditShareException ex) when (ex is OutcomeUnknownException or TimedOutException or ServiceUnavailableException)
        {
            run.Host.Error.WriteLine($"creditshare: It may have been carried out. To settle it, repeat the command with {repeat}");
            throw;
        }
    }

    /// <summary>The options that make a repeated publication the same request.</summary>
    internal static string RepeatOf(string requestId, string operatorName) =>
        $"--request-id {requestId} --operator {Quote(operatorName)}";

    /// <summary>The options that make a repeated command on a listing the same request: the version and the operator belong to it.</summary>
    internal static string RepeatOf(CommandHead head) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"--request-id {head.RequestId} --version {head.Version} --operator {Quote(head.Operator)}");

    // As a POSIX shell takes it. A name of letters, digits and the like needs no quotes.
    private static string Quote(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '@')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
