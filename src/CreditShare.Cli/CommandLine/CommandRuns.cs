using System.CommandLine;

namespace CreditShare.Cli.CommandLine;

/// <summary>Ties a verb to what it does.</summary>
internal static class CommandRuns
{
    extension(Command command)
    {
        /// <summary>Sets what the verb does; failures that were foreseen become sentences and exit codes.</summary>
        internal Command Runs(CliHost host, Func<Invocation, CancellationToken, Task<int>> body)
        {
            command.SetAction(async (parse, cancellationToken) =>
            {
                try
                {
                    return await body(new Invocation(parse, host), cancellationToken);
                }
                catch (Exception ex) when (FailureReport.Write(ex, host.Error) is { } code)
                {
                    return code;
                }
            });
            return command;
        }
    }
}
