using System.CommandLine;
using System.Globalization;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Lookup;

/// <summary><c>screen</c>: asks about all customers of a bank in one call.</summary>
internal static class ScreenCommand
{
    internal static Command Create(CliHost host)
    {
        var input = new Argument<string>("FILE") { Description = "CSV: document_type,number,name[,country,birth_date]." };
        var output = Values.Text("--out", "The file for LISTED and NAME_MISMATCH rows.", "FILE");
        output.Required = true;
        var invalid = Values.Text("--invalid", "The file for rows that could not be asked about. Left out: they are counted only.", "FILE");
        var encoding = Values.Text("--encoding", "The input's encoding. Left out: utf-8.", "NAME");
        var resume = new Option<bool>("--resume") { Description = "Go on where an interrupted run of the same input ended." };
        var query = new QueryOptions();
        var command = new Command("screen", "Ask about any number of customers in one call.") { input, output, invalid, encoding, resume };
        query.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var job = new ScreenJob
            {
                Input = run.PathOf(run.Get(input)!),
                Output = run.PathOf(run.Get(output)!),
                Invalid = run.Get(invalid) is { } path ? run.PathOf(path) : null,
                Encoding = run.Get(encoding) ?? "utf-8",
                Resume = run.Get(resume),
                Options = new ScreenOptions
                {
                    Purpose = query.Purpose(run),
                    Reference = query.Reference(run),
                    Operator = query.Operator(run),
                },
            };
            if (job.Output == job.Input || job.Invalid == job.Input || job.Invalid == job.Output)
            {
                throw CommandFailedException.Usage("FILE, --out and --invalid must be different files.");
            }

            using var connection = run.Connect(Role.Bank);
            return Report(run, await job.RunAsync(host, connection.Client, stop));
        });
    }

    private static int Report(Invocation run, ScreenProgress end)
    {
        var tally = end.Tally;
        run.Output.WriteLine(run.IsJson
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"rows\":{end.Rows},\"listed\":{tally.Listed},\"nameMismatch\":{tally.NameMismatch},\"notListed\":{tally.NotListed},\"invalid\":{tally.Invalid}}}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{end.Rows} rows: {tally.Listed} LISTED, {tally.NameMismatch} NAME_MISMATCH, {tally.NotListed} NOT_LISTED, {tally.Invalid} could not be asked about."));
        if (tally.Invalid > 0)
        {
            run.Host.Error.WriteLine("creditshare: Rows that could not be asked about are not cleared; --invalid FILE says which and why.");
        }

        return ExitCodes.Done;
    }
}
