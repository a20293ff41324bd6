using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing cancel</c>: ends a listing in its grace.</summary>
internal static class CancelCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var reason = new Option<EndReason>("--reason")
        {
            Description = "performed-in-grace (the debtor has performed) or decision-recalled.",
            HelpName = "WORD",
            Required = true,
            CustomParser = result =>
            {
                if (ContractWords<EndReason>.TryParse(result.Tokens[0].Value, out var value)) return value;
                result.AddError($"'{result.Tokens[0].Value}' is neither performed-in-grace nor decision-recalled.");
                return default;
            },
        };
        var command = new Command("cancel", "End a listing in its period of grace without publication.") { reason };
        options.AddTo(command);
        return command.Runs(host, (run, stop) => options.SendAsync(
            run,
            (client, head) => client.CancelAsync(
                new CancelListingRequest
                {
                    Name = head.Name,
                    ExpectedVersion = head.Version,
                    RequestId = head.RequestId,
                    Operator = head.Operator,
                    Reason = run.Get(reason),
                },
                stop),
            stop));
    }
}
