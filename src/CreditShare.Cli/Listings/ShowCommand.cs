using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing show</c>: the listing as it stands, for its court.</summary>
internal static class ShowCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "The listing: courts/{court_code}/listings/{uuid}." };
        var command = new Command("show", "Show a listing of the court, an ended one too.") { name };
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Court);
            var listing = await connection.Client.GetListingAsync(run.Get(name)!, stop);
            run.Print(listing, ListingText.Write);
            return ExitCodes.Done;
        });
    }
}
