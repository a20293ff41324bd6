using System.Globalization;
using CreditShare.Core.Calendar;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Cli;

/// <summary>A period of grace as a clerk sees it; on a server of its own, since feeds leave its changes out.</summary>
internal sealed class GraceTests
{
    [Test, CancelAfter(240_000)]
    public async Task A_grace_that_is_over_is_listed_and_confirmed_with_what_came_about_in_it(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken);
        var today = TimeProvider.System.Today();
        var listing = JsonParser.Default.Parse<Listing>((await RunAsync("", ["listing", "publish", "--template"])).Output);
        listing.Service = null;
        var published = await RunAsync(
            JsonFormatter.Default.Format(listing),
            [
                "--json", "listing", "publish", "--file", "-", "--filing-date", Day(today.AddDays(-90)),
                "--decision-date", Day(today.AddDays(-50)), "--grace-until", Day(today.AddDays(-1)),
            ]);
        Assert.That(published.Code, Is.Zero, published.Error);
        var name = JsonParser.Default.Parse<ListingReceipt>(published.Output).Name;

        var over = await RunAsync("", ["listing", "list", "测0101", "--task", "confirm-or-cancel"]);
        var confirmed = await RunAsync("", ["listing", "confirm", name, "--performance", "partial", "--performed", "100元"]);
        var unserved = await RunAsync("", ["listing", "list", "测0101", "--task", "record-service"]);
        var corrected = await RunAsync(
            "", ["listing", "correct", name, "--set", $$"""service={"date":{{DateJson(today)}},"method":"SERVICE_METHOD_POST"}"""]);
        var served = await RunAsync("", ["listing", "list", "测0101", "--task", "record-service"]);
        var shown = await RunAsync("", ["--json", "listing", "show", name]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(over.Lines, Has.One.StartWith($"{name}  v0  GRACE  "), over.Error);
            Assert.That(confirmed.Code, Is.Zero, confirmed.Error);
            Assert.That(unserved.Lines, Has.One.StartWith($"{name}  v1  PUBLISHED  "));
            Assert.That(corrected.Code, Is.Zero, corrected.Error);
            Assert.That(served.Lines, Has.None.StartWith(name));
            Assert.That(
                JsonParser.Default.Parse<Listing>(shown.Output).Performance,
                Is.EqualTo(new Performance { State = PerformanceState.Partial, PerformedPart = "100元" }));
        }

        Task<CliProcessResult> RunAsync(string input, string[] args) =>
            CliProcess.RunAsync(folder.Path, input, ["--data", server.DataFolder, .. args], cancellationToken);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string DateJson(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"year":{{day.Year}},"month":{{day.Month}},"day":{{day.Day}}}""");
}
