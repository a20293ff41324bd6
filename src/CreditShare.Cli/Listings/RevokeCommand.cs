using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing revoke</c>: ends a listing that should never have been.</summary>
internal static class RevokeCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var subReason = Values.Text("--sub-reason", "Why, in words.");
        var command = new Command("revoke", "End a listing that should never have been (Art. 9).") { subReason };
        options.AddTo(command);
        return command.Runs(host, (run, stop) => options.SendAsync(
            run,
            (client, head) => client.RevokeAsync(
                new RevokeListingRequest
                {
                    Name = head.Name,
                    ExpectedVersion = head.Version,
                    RequestId = head.RequestId,
                    Operator = head.Operator,
                    SubReason = run.Get(subReason) ?? "",
                },
                stop),
            stop));
    }
}
