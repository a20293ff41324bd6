using System.Globalization;
using CreditShare.Benchmarks.Bench;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.Core.Access;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Listings;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>Made-up listings as courts send them: the rows that <c>creditshare generate</c> writes and <c>listing import</c> reads.</summary>
internal static class SampleListings
{
    public const string Operator = "书记员";

    private const int CommandsAMillisecond = 20;

    /// <summary>Makes a file of listings.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> MakeFileAsync(BenchScene scene, int count)
    {
        var folder = scene.NewFolder("listings");
        await Tools.RunAsync(
            Tools.Cli, folder, "generate", "--listings", Figures.Text(count), "--customers", "1", "--hits", "0",
            "--out", Path.Combine(folder, "data"), "--seed", "1");
        return Path.Combine(folder, "data", "listings.csv");
    }

    /// <summary>Makes several files of as many listings each, of which none is in two.</summary>
    /// <returns>Their paths.</returns>
    public static async Task<string[]> MakeFilesAsync(BenchScene scene, int listings, int count)
    {
        // No value in them has a line break.
        var lines = await File.ReadAllLinesAsync(await MakeFileAsync(scene, listings * count));
        var paths = new string[count];
        for (var file = 0; file < count; file++)
        {
            paths[file] = Path.Combine(scene.NewFolder("listings"), "listings.csv");
            await File.WriteAllLinesAsync(paths[file], lines.Skip(1 + (file * listings)).Take(listings).Prepend(lines[0]));
        }

        return paths;
    }

    /// <summary>Reads the rows of a file, each with a request id of its own.</summary>
    public static List<PublishListingRequest> Read(string file)
    {
        List<PublishListingRequest> rows = [];
        var today = TimeProvider.System.Today();
        using var text = TextFiles.OpenText(file, "utf-8");
        using var reader = new ImportReader(text);
        while (reader.TryRead(out var row))
        {
            var listing = ListingRow.Read(reader.FieldsOf(row), today);
            rows.Add(new PublishListingRequest
            {
                Parent = CourtParent.Of(listing.CourtCode, listing.CaseNumber),
                RequestId = Guid.CreateVersion7().ToString("D", CultureInfo.InvariantCulture),
                Operator = Operator,
                Listing = listing,
            });
        }

        return rows;
    }

    /// <summary>Makes of each row what the service makes of it: a command for the journal, under an id as it comes in time.</summary>
    public static AppendRequest[] ToCommands(IReadOnlyList<PublishListingRequest> rows)
    {
        var now = TimeProvider.System.GetUtcNow();
        var today = ChinaTime.DateOf(now);
        var partner = PartnerId.Restore("dev-court");
        return [.. rows.Select((row, i) =>
        {
            var problems = new Problems();
            var court = ResourceNames.ReadCourt(row.Parent, "parent", problems)!.Value;
            var content = ListingReading.ReadContent(row.Listing, court, "listing", today, problems);
            problems.ThrowIfAny();
            return new AppendRequest
            {
                Partner = partner,
                RequestId = Guid.Parse(row.RequestId),
                Operator = Operator,
                Digest = CommandOrigin.DigestOf("publish", row.Parent, row.Listing),
                Court = court,
                Command = new ListingCommand.Publish(
                    new ListingId(Guid.CreateVersion7(now.AddMilliseconds((double)i / CommandsAMillisecond))), content),
            };
        })];
    }
}
