using System.CommandLine;
using System.Globalization;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing import</c>: publishes the rows of a CSV file, each on its own.</summary>
internal static class ImportCommand
{
    internal static Command Create(CliHost host)
    {
        var file = new Argument<string?>("FILE") { Description = "CSV with a header; see --template.", Arity = ArgumentArity.ZeroOrOne };
        var encoding = Values.Text("--encoding", "The file's encoding, such as gb18030. Left out: utf-8.", "NAME");
        var dryRun = new Option<bool>("--dry-run") { Description = "Have every row checked by the service, and write nothing." };
        var template = new Option<bool>("--template") { Description = "Print a file to start from, and import nothing." };
        var operatorName = CommandOptions.OperatorOption();
        var command = new Command("import", "Publish the rows of a CSV file. Rejected rows go to FILE.rejected.csv.")
        {
            file, encoding, dryRun, template, operatorName,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is null && !result.GetValue(template)) result.AddError("FILE is needed.");
        });
        return command.Runs(host, async (run, stop) =>
        {
            if (run.Get(template))
            {
                ImportTemplate.Write(run.Output, host.Clock);
                return ExitCodes.Done;
            }

            var options = new ImportOptions
            {
                Operator = run.OperatorOf(operatorName),
                Mode = run.Get(dryRun) ? ImportMode.CheckOnly : ImportMode.Publish,
            };
            var job = new ImportJob(host, run.PathOf(run.Get(file)!), options) { Encoding = run.Get(encoding) ?? "utf-8" };
            using var connection = run.Connect(Role.Court);
            var summary = await job.RunAsync(connection.Client, stop);
            Report(run, summary, job.RejectedPath, options.Mode);
            return summary.Rejected == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static void Report(Invocation run, ImportSummary summary, string rejectedPath, ImportMode mode)
    {
        if (summary.DoubtfulAges.Count > 0)
        {
            run.Host.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"creditshare: In {summary.DoubtfulAges.Count} rows the age does not fit the birth date: {summary.DoubtfulAges.Named}. Is it the right number?"));
        }

        if (run.IsJson)
        {
            run.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"rows\":{summary.Rows},\"accepted\":{summary.Accepted},\"rejected\":{summary.Rejected},\"doubtfulAges\":{summary.DoubtfulAges.Count}}}"));
            return;
        }

        var verb = mode == ImportMode.CheckOnly ? "would be accepted" : "accepted";
        run.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{summary.Rows} rows: {summary.Accepted} {verb}, {summary.Rejected} rejected."));
        if (summary.Rejected > 0) run.Output.WriteLine($"Rejected rows with their reasons: {rejectedPath}");
    }
}
