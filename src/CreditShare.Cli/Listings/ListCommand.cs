using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing list</c>: a court's listings, also only those that wait for it.</summary>
internal static class ListCommand
{
    internal static Command Create(CliHost host)
    {
        var court = new Argument<string>("COURT") { Description = "The court's code, such as 测0101." };
        var number = Values.Text("--case", "Only listings of this case.", "NUMBER");
        var states = Values.Words<ListingState>("--state", "Only listings in these states.");
        var task = Values.Word<ListingTask>(
            "--task", "Only listings that wait for this: their grace is over, or their decision is not known to be served.");
        var command = new Command("list", "List the listings of a court, ended ones too.") { court, number, states, task };
        return command.Runs(host, async (run, stop) =>
        {
            var request = new ListListingsRequest
            {
                Parent = $"courts/{run.Get(court)}",
                CaseNumber = run.Get(number) ?? "",
                States = { run.Get(states) ?? [] },
                Task = run.Get(task),
            };
            using var connection = run.Connect(Role.Court);
            await foreach (var listing in connection.Client.ListListingsAsync(request, stop))
            {
                run.Print(listing, ListingText.WriteLine);
            }

            return ExitCodes.Done;
        });
    }
}
