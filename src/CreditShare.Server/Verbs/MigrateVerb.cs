namespace CreditShare.Server.Verbs;

/// <summary>Brings the store's schema up to date, once, before the nodes of a new version are started.</summary>
internal static class MigrateVerb
{
    public static async Task<int> RunAsync(WebApplication app, TextWriter output, CancellationToken cancellationToken)
    {
        // Opening the store has done it.
        await output.WriteLineAsync("The schema is up to date.");
        return ExitCode.Done;
    }
}
