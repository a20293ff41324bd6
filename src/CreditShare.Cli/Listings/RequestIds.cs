using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Listings;

/// <summary>The request id when it matters: after a failure that leaves open whether the command was carried out.</summary>
internal static class RequestIds
{
    internal static async Task<T> TellOnDoubtAsync<T>(Invocation run, string requestId, Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (CreditShareException ex) when (ex is OutcomeUnknownException or TimedOutException or ServiceUnavailableException)
        {
            run.Host.Error.WriteLine($"creditshare: It may have been carried out. To settle it, repeat it with --request-id {requestId}");
            throw;
        }
    }
}
