using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Measures;

/// <summary>The verbs of <c>measure</c>.</summary>
internal static class MeasureCommands
{
    internal static IEnumerable<Command> Create(CliHost host) => [ReportCommand.Create(host), CreateList(host)];

    private static Command CreateList(CliHost host)
    {
        var listing = Values.Text("--listing", "Only because of this listing.", "NAME");
        var open = new Option<bool>("--open") { Description = "Only those that were not lifted." };
        return new Command("list", "List measures, newest first: your own; a court's, those because of its listings.") { listing, open }
            .Runs(host, async (run, stop) =>
            {
                var request = new ListMeasuresRequest { Listing = run.Get(listing) ?? "", OpenOnly = run.Get(open) };
                using var connection = run.Connect(Role.Department);
                await foreach (var measure in connection.Client.ListMeasuresAsync(request, stop))
                {
                    run.Print(measure, MeasureText.WriteLine);
                }

                return ExitCodes.Done;
            });
    }
}
