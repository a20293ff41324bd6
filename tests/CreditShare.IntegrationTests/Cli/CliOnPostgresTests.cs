using System.Globalization;
using CreditShare.Cli.Listings;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Cli;

/// <summary>The tool against a server on PostgreSQL with Redis, all as processes.</summary>
[Needs(RealServer.Postgres, RealServer.Redis), CancelAfter(300_000)]
internal sealed class CliOnPostgresTests
{
    private const int Rows = 10_000;
    private const int Customers = 6_000;

    private static readonly TemporaryFolder s_folder = new();
    private static Setting? s_setting;
    private static ServerProcess? s_server;

    [OneTimeSetUp]
    public static async Task StartServer()
    {
        s_setting = await Setting.CreateAsync("PostgreSQL and Redis", CancellationToken.None);
        string[] settings = ["--Postgres:Migrate=true", .. ServerSettings.WithoutSecrets(s_setting.Settings, s_folder.Path)];
        s_server = await ServerProcess.ServeAsync(s_folder.Path, "Development", settings, CancellationToken.None);
    }

    [OneTimeTearDown]
    public static async Task StopServer()
    {
        if (s_server is not null) await s_server.DisposeAsync();
        if (s_setting is not null) await s_setting.DisposeAsync();
        s_folder.Dispose();
    }

    [Test]
    public async Task Generated_data_are_imported_in_spite_of_a_kill_then_screened_and_followed(CancellationToken cancellationToken)
    {
        using var work = new TemporaryFolder();
        string Of(string file) => Path.Combine(work.Path, file);
        await RunAsync(
            cancellationToken,
            "generate", "--listings", $"{Rows}", "--customers", $"{Customers}", "--hits", "600", "--seed", "23", "--out", work.Path);
        var begin = await HeadAsync(cancellationToken);

        using (var first = CliProcess.Start(
            s_folder.Path, "--data", s_server!.DataFolder, "listing", "import", Of("listings.csv"), "--operator", "t"))
        {
            await Shell.WaitUntilAsync(
                async stop => first.HasEnded || await HeadAsync(stop) > begin, "the first rows to be published", cancellationToken);
            first.Kill();
            await first.WaitAsync(cancellationToken);
        }

        var interrupted = await HeadAsync(cancellationToken);
        var imported = await RunAsync(cancellationToken, "listing", "import", Of("listings.csv"), "--operator", "t");
        var end = await HeadAsync(cancellationToken);
        var screened = await RunAsync(
            cancellationToken, "screen", Of("customers.csv"), "--out", Of("hits.csv"), "--invalid", Of("invalid.csv"), "--operator", "t");
        var followed = await RunAsync(cancellationToken, "--json", "feed", "follow", "--from", "0", "--until-head", "--view", "full");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(interrupted - begin, Is.GreaterThan(0).And.LessThan(Rows), "the run was over before it could be interrupted");
            Assert.That(imported.Output, Does.StartWith($"{Rows} rows: {Rows} accepted, 0 rejected."), imported.Error);
            Assert.That(end - begin, Is.EqualTo(Rows), "every row was published once");
            Assert.That(screened.Code, Is.Zero, screened.Error);
            Assert.That(File.ReadAllLines(Of("invalid.csv")), Has.Length.EqualTo(1));
        }

        AssertFindings(work.Path);
        AssertFollowed(followed, begin, work.Path);
    }

    [Test]
    public async Task A_listing_goes_through_grace_to_publication_or_is_cancelled(CancellationToken cancellationToken)
    {
        var today = TimeProvider.System.Today();
        var over = today.AddDays(-45);
        var running = today.AddDays(-7);
        var kept = await PublishAsync(1, cancellationToken, InGrace(over));
        var dropped = await PublishAsync(2, cancellationToken, InGrace(running));

        var unseen = await RunAsync(cancellationToken, "check", Number(1), "--name", "测试甲");
        var early = await RunAsync(cancellationToken, "listing", "confirm", dropped);
        var confirmed = await RunAsync(cancellationToken, "--json", "listing", "confirm", kept);
        var seen = await RunAsync(cancellationToken, "check", Number(1), "--name", "测试甲");
        var cancelled = await RunAsync(cancellationToken, "--json", "listing", "cancel", dropped, "--reason", "performed-in-grace");
        var shown = await RunAsync(cancellationToken, "listing", "show", dropped);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unseen.Code, Is.Zero, unseen.Error);
            Assert.That(early.Error, Does.StartWith("GRACE_NOT_OVER"));
            Assert.That(JsonParser.Default.Parse<ListingReceipt>(confirmed.Output).Version, Is.EqualTo(1), confirmed.Error);
            Assert.That(seen.Code, Is.EqualTo(10), seen.Error);
            Assert.That(JsonParser.Default.Parse<ListingReceipt>(cancelled.Output).Version, Is.EqualTo(1), cancelled.Error);
            Assert.That(shown.Output, Does.Contain("CANCELLED").And.Contain("performed-in-grace"));
        }
    }

    [Test]
    public async Task A_term_is_extended_and_a_listing_that_should_not_have_been_revoked(CancellationToken cancellationToken)
    {
        var decision = TimeProvider.System.Today().AddDays(-7);
        var name = await PublishAsync(3, cancellationToken, "--ground", "evades", "--term", "--article3-checked", "false");
        var end = LegalPeriod.AddYears(decision, 3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        string[] extend = ["listing", "extend", name, "--end", end, "--reason", "multiple-acts", "--act", "第一次", "--act", "第二次", "--operator", "t"];
        string[] repeatable = [.. extend, "--request-id", Guid.NewGuid().ToString(), "--version", "1"];
        var extended = await RunAsync(cancellationToken, repeatable);
        var again = await RunAsync(cancellationToken, repeatable);
        var shown = await RunAsync(cancellationToken, "listing", "show", name);
        var revoked = await RunAsync(cancellationToken, "listing", "revoke", name, "--sub-reason", "错误");
        var cleared = await RunAsync(cancellationToken, "check", Number(3), "--name", "测试甲");
        var ended = await RunAsync(cancellationToken, "listing", "revoke", name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(extended.Code, Is.Zero, extended.Error);
            Assert.That((again.Output, again.Error), Is.EqualTo((extended.Output, "")));
            Assert.That(shown.Output, Does.Contain($"to {end}"));
            Assert.That(revoked.Code, Is.Zero, revoked.Error);
            Assert.That(cleared.Code, Is.Zero, cleared.Error);
            Assert.That(ended.Error, Does.StartWith("LISTING_ENDED"));
        }
    }

    [Test]
    public async Task Candidates_are_found_by_name_and_year_and_decide_nothing(CancellationToken cancellationToken)
    {
        const string name = "测试候选人";
        await PublishAsync(4, cancellationToken, "--name", name);

        var found = await RunAsync(cancellationToken, "--json", "candidates", name, "--birth-year", "1988");
        var text = await RunAsync(cancellationToken, "candidates", name, "--region", "测");
        var other = await RunAsync(cancellationToken, "--json", "candidates", name, "--birth-year", "1989");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonParser.Default.Parse<FindCandidatesResponse>(found.Output).Candidates, Has.Count.EqualTo(1), found.Error);
            Assert.That((found.Code, text.Code), Is.EqualTo((0, 0)), "a candidate is no verdict");
            Assert.That(text.Lines[^1], Does.StartWith("1 of that name."));
            Assert.That(text.Output, Does.Not.Contain(Number(4)));
            Assert.That(JsonParser.Default.Parse<FindCandidatesResponse>(other.Output).Candidates, Is.Empty, other.Error);
        }
    }

    [Test]
    public async Task A_partner_is_shown_with_its_keys_until_they_are_revoked(CancellationToken cancellationToken)
    {
        var certificate = Path.Combine(s_folder.Path, "partner.pem");
        await File.WriteAllTextAsync(
            certificate, TestIdentity.Issue(s_server!.DataFolder).Certificate!.ExportCertificatePem(), cancellationToken);
        await RunAsync(
            cancellationToken, "partner", "create", "bank-of-keys", "--kind", "bank", "--display-name", "测试银行", "--certificate", certificate);

        var shown = await RunAsync(cancellationToken, "partner", "show", "bank-of-keys");
        var key = shown.Lines.SingleOrDefault(line => line.StartsWith("key: ", StringComparison.Ordinal))?["key: ".Length..] ?? "";
        var revoked = await RunAsync(cancellationToken, "partner", "revoke-key", "bank-of-keys", key);
        var after = await RunAsync(cancellationToken, "--json", "partner", "show", "partners/bank-of-keys");
        var unknown = await RunAsync(cancellationToken, "partner", "show", "nobody-at-all");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(key, Does.Match("^[0-9a-f]{64}$"), shown.Output + shown.Error);
            Assert.That(revoked.Code, Is.Zero, revoked.Error);
            Assert.That(JsonParser.Default.Parse<Partner>(after.Output).Keys, Is.Empty);
            Assert.That(unknown.Error, Does.StartWith("PARTNER_NOT_FOUND"));
        }
    }

    [Test]
    public async Task An_export_to_the_standard_output_is_the_one_that_a_file_gets(CancellationToken cancellationToken)
    {
        await PublishAsync(5, cancellationToken);

        var printed = await RunAsync(cancellationToken, "feed", "export");
        var written = await RunAsync(cancellationToken, "feed", "export", "--out", "list.jsonl");

        var lines = await File.ReadAllLinesAsync(Path.Combine(s_folder.Path, "list.jsonl"), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(printed.Code, Is.Zero, printed.Error);
            Assert.That(printed.Lines, Is.Not.Empty.And.EqualTo(lines));
            Assert.That(printed.Lines.Select(line => JsonParser.Default.Parse<Listing>(line).Name), Is.Unique);
            Assert.That(printed.Error, Does.EndWith(written.Output), "both end with the cursor to follow from");
        }
    }

    /// <summary>Every column of the findings, against the files that they were made of.</summary>
    private static void AssertFindings(string folder)
    {
        var customers = File.ReadAllLines(Path.Combine(folder, "customers.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var listings = ReadListings(folder).ToDictionary(listing => listing.CaseNumber);
        var hits = File.ReadAllLines(Path.Combine(folder, "hits.csv"));
        var findings = hits.Skip(1).Select(line => line.Split(',')).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hits[0], Is.EqualTo("row,number,verdict,listing,case_number,court"));
            Assert.That(
                findings.Select(cells => $"{cells[0]},{cells[2]}"),
                Is.EqualTo(File.ReadAllLines(Path.Combine(folder, "expected-hits.csv")).Skip(1)));
            Assert.That(findings.Select(cells => cells[1]), Is.EqualTo(findings.Select(cells => NumberOf(cells))));
            foreach (var cells in findings.Where(cells => cells[2] == "LISTED"))
            {
                var listing = listings[cells[4]];
                Assert.That(cells[3], Does.Match($"^courts/{listing.CourtCode}/listings/[0-9a-f-]{{36}}$"));
                Assert.That(cells[5], Is.EqualTo(CourtName(listing.CourtCode)));
                Assert.That(customers[RowOf(cells)][2], Is.Empty.Or.EqualTo(listing.Subject.Name));
            }

            foreach (var cells in findings.Where(cells => cells[2] == "NAME_MISMATCH"))
            {
                Assert.That(cells[3..5], Is.All.Empty);
                Assert.That(cells[5].Split("; "), Is.SubsetOf(listings.Values.Select(listing => CourtName(listing.CourtCode))));
            }
        }

        string NumberOf(string[] cells) => customers[RowOf(cells)][1];
        static int RowOf(string[] cells) => int.Parse(cells[0], CultureInfo.InvariantCulture) - 1;
    }

    private static void AssertFollowed(CliProcessResult followed, long begin, string folder)
    {
        var changes = followed.Lines.Select(line => JsonParser.Default.Parse<Change>(line)).Where(change => change.Sequence > begin).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(followed.Code, Is.Zero, followed.Error);
            Assert.That(changes.Select(change => change.Sequence), Is.EqualTo(Enumerable.Range(1, Rows).Select(i => begin + i)));
            Assert.That(
                changes.Select(change => change.Listing?.CaseNumber).Order(),
                Is.EqualTo(ReadListings(folder).Select(listing => listing.CaseNumber).Order()));
            Assert.That(followed.Error, Does.Match($"cursor 1:{begin + Rows}:[0-9a-f]{{64}}"));
        }
    }

    private static List<Listing> ReadListings(string folder)
    {
        using var reader = new ImportReader(new StreamReader(Path.Combine(folder, "listings.csv")));
        var listings = new List<Listing>();
        while (reader.TryRead(out var row))
        {
            listings.Add(ListingRow.Read(reader.FieldsOf(row), TimeProvider.System.Today()));
        }

        return listings;
    }

    private static string CourtName(string code) =>
        CourtCode.TryParse(code, out var known) && CourtTable.Seed.TryFind(known, out var court) ? court.Name : "";

    private static string[] InGrace(DateOnly decision)
    {
        var day = decision.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var until = LegalPeriod.AddMonths(decision, 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return ["--decision-date", day, "--service-date", day, "--grace-until", until];
    }

    /// <summary>Publishes the template under a number and a case of its own.</summary>
    private static async Task<string> PublishAsync(int number, CancellationToken cancellationToken, params string[] options)
    {
        var template = (await RunAsync(cancellationToken, "listing", "publish", "--template")).Output;
        var run = await CliProcess.RunAsync(
            s_folder.Path,
            template,
            [
                "--data", s_server!.DataFolder, "--json", "listing", "publish", "--file", "-", "--document", $"resident-id:{Number(number)}",
                "--case", $"（2026）测0101执8000{number}号", .. options,
            ],
            cancellationToken);
        Assert.That(run.Code, Is.Zero, run.Error);
        return JsonParser.Default.Parse<ListingReceipt>(run.Output).Name;
    }

    private static string Number(int number)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"35000019880808{number:D3}");
        return body + Core.Numbers.CheckDigits.Citizen(body);
    }

    private static async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        using var channel = TestIdentity.Of(s_server!.DataFolder, "department").Connect(s_server.Address);
        var response = await new FeedService.FeedServiceClient(channel).GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken);
        return response.Head.Sequence;
    }

    private static Task<CliProcessResult> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        CliProcess.RunAsync(s_folder.Path, input: "", ["--data", s_server!.DataFolder, .. args], cancellationToken);
}
