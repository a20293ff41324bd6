using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Core.Calendar;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing publish</c>: puts a subject on the list.</summary>
internal static class PublishCommand
{
    internal static Command Create(CliHost host)
    {
        var fields = new ListingOptions();
        var file = Values.Text("--file", "A Listing in canonical JSON; - for standard input. Options replace its fields.", "FILE");
        var template = new Option<bool>("--template") { Description = "Print a listing to start from, and publish nothing." };
        var court = Values.Text("--court", "The court's code. Left out: the one in the case number.", "CODE");
        var operatorName = CommandOptions.OperatorOption();
        var requestId = CommandOptions.RequestIdOption();
        var command = new Command("publish", "Put a person or an organisation on the list, or start the period of grace.")
        {
            file, template, court, operatorName, requestId,
        };
        fields.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            if (run.Get(template))
            {
                run.Output.WriteLine(JsonText.Readable(ListingFile.Template(host.Clock.Today())));
                return ExitCodes.Done;
            }

            var listing = run.Get(file) is { } path ? await ListingFile.ReadAsync(run, path, stop) : new Listing();
            fields.ApplyTo(listing, run);
            var request = new PublishListingRequest
            {
                Parent = CourtParent.Of(run.Get(court) ?? listing.CourtCode, listing.CaseNumber)
                    ?? throw CommandFailedException.Usage("--court is needed: the case number does not name one."),
                Listing = listing,
                RequestId = run.Get(requestId) ?? Guid.NewGuid().ToString(),
                Operator = run.OperatorOf(operatorName),
            };
            using var connection = run.Connect(Role.Court);
            var receipt = await RequestIds.TellOnDoubtAsync(
                run, RequestIds.RepeatOf(request.RequestId, request.Operator), () => connection.Client.PublishAsync(request, stop));
            run.Print(receipt, ListingText.Write);
            return ExitCodes.Done;
        });
    }
}
