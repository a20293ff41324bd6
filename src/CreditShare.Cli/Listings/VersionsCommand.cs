using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing versions</c>: how a listing came to be what it is.</summary>
internal static class VersionsCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "The listing: courts/{court_code}/listings/{uuid}." };
        var command = new Command("versions", "Show every version of a listing, oldest first, with who changed it.") { name };
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Court);
            await foreach (var version in connection.Client.ListVersionsAsync(run.Get(name)!, stop))
            {
                run.Print(version, ListingText.Write);
            }

            return ExitCodes.Done;
        });
    }
}
