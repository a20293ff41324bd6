using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Listings;

/// <summary><c>listing correct</c>: replaces parts of a listing.</summary>
internal static class CorrectCommand
{
    internal static Command Create(CliHost host)
    {
        var options = new CommandOptions();
        var set = new Option<string[]>("--set")
        {
            Description = "PATH=VALUE, such as performance.state=partial; the value is text, a word, a date or JSON. Once a path.",
            HelpName = "PATH=VALUE",
        };
        var file = Values.Text("--file", "A Listing in canonical JSON with the new values; - for standard input.", "FILE");
        var mask = Values.Text("--mask", "With --file: what to replace, paths joined by commas.", "PATHS");
        var command = new Command("correct", "Correct or complete a published listing (Art. 9).") { set, file, mask };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            var isBySet = result.GetResult(set) is not null;
            var isByFile = result.GetResult(file) is not null;
            if (isBySet == isByFile) result.AddError("Give either --set, or --file with --mask.");
            if (isByFile != (result.GetResult(mask) is not null)) result.AddError("--file and --mask belong together.");
        });
        return command.Runs(host, async (run, stop) =>
        {
            var fromFile = run.Get(file) is { } path ? await ListingFile.ReadAsync(run, path, stop) : null;
            return await options.SendAsync(
                run,
                async (client, head) =>
                {
                    var request = fromFile is null
                        ? await BySetAsync(client, head, run.Get(set)!, stop)
                        : ByFile(fromFile, run.Get(mask)!);
                    request.Name = head.Name;
                    request.ExpectedVersion = head.Version;
                    request.RequestId = head.RequestId;
                    request.Operator = head.Operator;
                    return await client.CorrectAsync(request, stop);
                },
                stop);
        });
    }

    // A path of the mask replaces a whole value, so a part of it is set on what stood in the version that the command names. Not on what
    // stands now: a command that is repeated after it was carried out must be the same again.
    private static async Task<CorrectListingRequest> BySetAsync(
        CreditShareClient client, CommandHead head, string[] assignments, CancellationToken cancellationToken)
    {
        var seen = await VersionAsync(client, head, cancellationToken);
        var paths = assignments.Select(assignment => ListingPath.Assign(seen, assignment)).Distinct().ToList();

        // Nothing but what is replaced: the rest is the service's to state, and it may state it differently tomorrow.
        var mask = new FieldMask { Paths = { paths } };
        var parts = new Listing();
        mask.Merge(seen, parts);
        return new CorrectListingRequest { Listing = parts, UpdateMask = mask };
    }

    private static async Task<Listing> VersionAsync(CreditShareClient client, CommandHead head, CancellationToken cancellationToken)
    {
        var present = await client.GetListingAsync(head.Name, cancellationToken);
        if (present.Version == head.Version) return present;

        await foreach (var version in client.ListVersionsAsync(head.Name, cancellationToken))
        {
            if (version.Listing.Version == head.Version) return version.Listing;
        }

        throw new CommandFailedException($"The listing has no version {head.Version}; it stands at {present.Version}.");
    }

    private static CorrectListingRequest ByFile(Listing listing, string mask) => new()
    {
        Listing = listing,
        UpdateMask = new FieldMask
        {
            Paths = { mask.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
        },
    };
}
