using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing confirm</c>: publishes after the grace.</summary>
internal static class ConfirmCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var command = new Command("confirm", "Publish a listing whose period of grace is over.");
        options.AddTo(command);
        return command.Runs(host, (run, stop) => options.SendAsync(
            run,
            (client, head) => client.ConfirmAsync(
                new ConfirmListingRequest
                {
                    Name = head.Name,
                    ExpectedVersion = head.Version,
                    RequestId = head.RequestId,
                    Operator = head.Operator,
                },
                stop),
            stop));
    }
}
