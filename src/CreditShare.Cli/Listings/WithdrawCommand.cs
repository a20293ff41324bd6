using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing withdraw</c>: ends a listing that was right while it stood.</summary>
internal static class WithdrawCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var reason = Values.Word<EndReason>("--reason", "The item of Art. 10(1); early-deletion (Art. 2(2)) for a listing with a term.");
        reason.Required = true;
        var subReason = Values.Text("--sub-reason", "A finer reason by local rules.");
        var eventDate = Values.Date("--event-date", "The day of the event. Left out: today.");
        var command = new Command("withdraw", "End a listing: once this returns, no answer says LISTED because of it.")
        {
            reason, subReason, eventDate,
        };
        options.AddTo(command);
        return command.Runs(host, (run, stop) => options.SendAsync(
            run,
            (client, head) => client.WithdrawAsync(
                new WithdrawListingRequest
                {
                    Name = head.Name,
                    ExpectedVersion = head.Version,
                    RequestId = head.RequestId,
                    Operator = head.Operator,
                    Reason = run.Get(reason),
                    SubReason = run.Get(subReason) ?? "",
                    EventDate = run.Get(eventDate).ToContract(),
                },
                stop),
            stop));
    }
}
