using CreditShare.Cli.CommandLine;

using var host = CliHost.OfThisProcess();
try
{
    return await CreditShareTool.RunAsync(args, host);
}
catch (Exception ex)
{
    // What no command foresaw is told in one sentence as well; the type helps whoever reports it.
    host.Error.WriteLine($"creditshare: {ex.Message} ({ex.GetType().Name})");
    return ExitCodes.Failed;
}
