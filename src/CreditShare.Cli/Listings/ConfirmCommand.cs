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
        var command = new Command("confirm", "Publish a listing whose period of grace is over, with what came about in it.");
        var progress = new ProgressOptions();
        options.AddTo(command);
        progress.AddTo(command);
        return command.Runs(host, (run, stop) =>
        {
            var sinceGrace = new Listing();
            progress.ApplyTo(sinceGrace, run);
            return options.SendAsync(
                run,
                (client, head) => client.ConfirmAsync(
                    new ConfirmListingRequest
                    {
                        Name = head.Name,
                        ExpectedVersion = head.Version,
                        RequestId = head.RequestId,
                        Operator = head.Operator,
                        Service = sinceGrace.Service,
                        Performance = sinceGrace.Performance,
                    },
                    stop),
                stop);
        });
    }
}
