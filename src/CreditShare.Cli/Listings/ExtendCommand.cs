using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing extend</c>: a longer term.</summary>
internal static class ExtendCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var end = Values.Date("--end", "The new last day: three to five years after the term's start.");
        end.Required = true;
        var reason = Values.Word<ExtensionReason>("--reason", "Why (Art. 2).");
        reason.Required = true;
        var acts = new Option<string[]>("--act") { Description = "An act of breach; give it once an act.", HelpName = "TEXT" };
        var command = new Command("extend", "Extend the term of a published listing by one to three years.") { end, reason, acts };
        options.AddTo(command);
        return command.Runs(host, (run, stop) => options.SendAsync(
            run,
            (client, head) => client.ExtendAsync(
                new ExtendListingRequest
                {
                    Name = head.Name,
                    ExpectedVersion = head.Version,
                    RequestId = head.RequestId,
                    Operator = head.Operator,
                    End = run.Get(end).ToContract(),
                    Extension = new Extension { Reason = run.Get(reason), Acts = { run.Get(acts) ?? [] } },
                },
                stop),
            stop));
    }
}
