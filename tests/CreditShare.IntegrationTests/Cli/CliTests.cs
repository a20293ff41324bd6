using System.Globalization;
using System.Text.Json;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Cli;

/// <summary>The tool against a development server, both as processes.</summary>
[CancelAfter(240_000)]
internal sealed class CliTests
{
    private static readonly TemporaryFolder s_folder = new();
    private static ServerProcess? s_server;

    [OneTimeSetUp]
    public static async Task StartServer() =>
        s_server = await ServerProcess.ServeAsync(s_folder.Path, "Development", [], CancellationToken.None);

    [OneTimeTearDown]
    public static async Task StopServer()
    {
        if (s_server is not null) await s_server.DisposeAsync();
        s_folder.Dispose();
    }

    [Test]
    public async Task Doctor_finds_nothing_wrong(CancellationToken cancellationToken)
    {
        var run = await RunAsync(cancellationToken, "doctor");
        var json = await RunAsync(cancellationToken, "doctor", "--json");

        Assert.That(run.Code, Is.Zero, run.Output + run.Error);
        Assert.That(run.Lines, Has.Length.GreaterThanOrEqualTo(7).And.All.StartsWith("ok "));
        Assert.That(
            json.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("ok").GetBoolean()),
            Has.Exactly(run.Lines.Length).Items.And.All.True);
    }

    [Test]
    public async Task Doctor_names_a_key_that_is_not_registered(CancellationToken cancellationToken)
    {
        // The server's own certificate comes from the right authority, and is registered to nobody.
        var server = Directory.GetDirectories(s_server!.DataFolder, "*", SearchOption.AllDirectories)
            .Single(f => Path.GetFileName(f) == "server" && File.Exists(Path.Combine(f, "cert.pem")));
        using var identity = new TemporaryFolder();
        File.Copy(Path.Combine(server, "cert.pem"), Path.Combine(identity.Path, "cert.pem"));
        File.Copy(Path.Combine(server, "key.pem"), Path.Combine(identity.Path, "key.pem"));
        File.Copy(Path.Combine(s_server.DataFolder, "identities", "bank", "ca.pem"), Path.Combine(identity.Path, "ca.pem"));

        var run = await RunAsync(cancellationToken, "doctor", "--identity", identity.Path);

        Assert.That(run.Code, Is.EqualTo(1), run.Output + run.Error);
        Assert.That(run.Lines[^1], Does.StartWith("BAD  registration"));
    }

    [Test]
    public async Task The_demonstration_tells_its_story_to_the_end(CancellationToken cancellationToken)
    {
        var run = await RunAsync(cancellationToken, "demo");
        var json = await RunAsync(cancellationToken, "demo", "--json");

        Assert.That(run.Code, Is.Zero, run.Output + run.Error);
        Assert.That(run.Lines[^1], Is.EqualTo("All as it should be."));
        Assert.That(json.Code, Is.Zero, json.Output + json.Error);
        Assert.That(json.Lines.Select(line => JsonDocument.Parse(line).RootElement.ValueKind), Is.All.EqualTo(JsonValueKind.Object));
        Assert.That(json.Error, Does.Contain("All as it should be."));
    }

    [Test]
    public async Task A_listing_lives_from_publication_to_withdrawal(CancellationToken cancellationToken)
    {
        var template = (await RunAsync(cancellationToken, "listing", "publish", "--template")).Output;
        var number = Resident(1);
        var published = await RunAsync(
            template,
            ["--json", "listing", "publish", "--file", "-", "--document", $"resident-id:{number}", "--case", "（2026）测0101执90001号"],
            cancellationToken);
        Assert.That(published.Code, Is.Zero, published.Error);
        var name = JsonParser.Default.Parse<ListingReceipt>(published.Output).Name;

        var listed = await RunAsync(cancellationToken, "check", number, "--name", "测试甲", "--json");
        var mismatch = await RunAsync(cancellationToken, "check", number, "--name", "测试乙");
        var corrected = await RunAsync(
            cancellationToken, "listing", "correct", name, "--set", "performance.state=partial", "--set", "performance.performed_part=100元");
        var shown = await RunAsync(cancellationToken, "--json", "listing", "show", name);
        var stale = await RunAsync(cancellationToken, "listing", "withdraw", name, "--reason", "performed", "--version", "1");
        var withdrawn = await RunAsync(cancellationToken, "listing", "withdraw", name, "--reason", "performed");
        var cleared = await RunAsync(cancellationToken, "check", number, "--name", "测试甲");
        var versions = await RunAsync(cancellationToken, "--json", "listing", "versions", name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed.Code, Is.EqualTo(10), listed.Error);
            Assert.That(JsonParser.Default.Parse<CheckSubjectResponse>(listed.Output).Listings[0].Name, Is.EqualTo(name));
            Assert.That(mismatch.Code, Is.EqualTo(11), mismatch.Error);
            Assert.That(corrected.Code, Is.Zero, corrected.Error);
            Assert.That(
                JsonParser.Default.Parse<Listing>(shown.Output).Performance,
                Is.EqualTo(new Performance { State = PerformanceState.Partial, PerformedPart = "100元" }));
            Assert.That(stale.Code, Is.EqualTo(1));
            Assert.That(stale.Error, Does.StartWith("VERSION_MISMATCH"));
            Assert.That(withdrawn.Code, Is.Zero, withdrawn.Error);
            Assert.That(cleared.Code, Is.Zero, cleared.Error);
            Assert.That(
                versions.Lines.Select(l => JsonParser.Default.Parse<ListingVersion>(l).Kind),
                Is.EqualTo(new[] { ChangeKind.Published, ChangeKind.Corrected, ChangeKind.Withdrawn }));
        }
    }

    [Test]
    public async Task A_command_that_is_repeated_as_the_advice_says_is_answered_and_not_done_again(CancellationToken cancellationToken)
    {
        string[] publish =
        [
            "--json", "listing", "publish", "--file", "-", "--document", $"resident-id:{Resident(2)}", "--case", "（2026）测0101执90002号",
            "--request-id", Guid.NewGuid().ToString(), "--operator", "书记员",
        ];
        var template = (await RunAsync(cancellationToken, "listing", "publish", "--template")).Output;
        var published = await RunAsync(template, publish, cancellationToken);
        var publishedAgain = await RunAsync(template, publish, cancellationToken);
        var name = JsonParser.Default.Parse<ListingReceipt>(published.Output).Name;

        // The version is the one that the first attempt named; the listing has gone on since.
        string[] correct =
        [
            "--json", "listing", "correct", name, "--set", "performance.state=partial", "--set", "decision.signer=测试副院长",
            "--request-id", Guid.NewGuid().ToString(), "--version", "1", "--operator", "书记员",
        ];
        string[] withdraw =
        [
            "--json", "listing", "withdraw", name, "--reason", "performed",
            "--request-id", Guid.NewGuid().ToString(), "--version", "2", "--operator", "书记员",
        ];
        var corrected = await RunAsync(cancellationToken, correct);
        var correctedAgain = await RunAsync(cancellationToken, correct);
        var withdrawn = await RunAsync(cancellationToken, withdraw);
        var withdrawnAgain = await RunAsync(cancellationToken, withdraw);
        var correctedLate = await RunAsync(cancellationToken, correct);
        var versions = await RunAsync(cancellationToken, "listing", "versions", name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(corrected.Code, Is.Zero, corrected.Error);
            Assert.That(withdrawn.Code, Is.Zero, withdrawn.Error);
            Assert.That((publishedAgain.Output, publishedAgain.Error), Is.EqualTo((published.Output, "")));
            Assert.That((correctedAgain.Output, correctedAgain.Error), Is.EqualTo((corrected.Output, "")));
            Assert.That((withdrawnAgain.Output, withdrawnAgain.Error), Is.EqualTo((withdrawn.Output, "")));
            Assert.That((correctedLate.Output, correctedLate.Error), Is.EqualTo((corrected.Output, "")));
            Assert.That(versions.Lines, Has.Length.EqualTo(3));
        }
    }

    [Test]
    public async Task After_a_failure_that_leaves_a_doubt_it_says_how_to_repeat_the_same_request(CancellationToken cancellationToken)
    {
        var nobody = $"https://localhost:{Shell.FreePort()}";
        var withdraw = await RunAsync(
            cancellationToken,
            "listing", "withdraw", "courts/测0101/listings/x", "--reason", "performed", "--version", "7", "--operator", "书记员 一", "--server", nobody);
        var publish = await RunAsync(
            cancellationToken, "listing", "publish", "--case", "（2026）测0101执9号", "--operator", "clerk-1", "--server", nobody);

        const string uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
        Assert.That(withdraw.Error, Does.Match($"repeat the command with --request-id {uuid} --version 7 --operator '书记员 一'"));
        Assert.That(publish.Error, Does.Match($"repeat the command with --request-id {uuid} --operator clerk-1"));
    }

    [Test]
    public async Task A_refusal_names_its_reason_and_every_field_and_no_stack(CancellationToken cancellationToken)
    {
        var run = await RunAsync(cancellationToken, "check", "110000199003072139");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Code, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain("document.number: NUMBER_CHECK_DIGIT").And.Contain("name: FIELD_REQUIRED"));
            Assert.That(run.Error, Does.Not.Contain("   at ").And.Not.Contain("110000199003072139"));
        }
    }

    [Test]
    public async Task Generated_customers_are_screened_as_expected_also_after_an_interruption(CancellationToken cancellationToken)
    {
        using var work = new TemporaryFolder();
        string Of(string file) => Path.Combine(work.Path, file);
        await RunAsync(
            cancellationToken, "generate", "--listings", "600", "--customers", "600000", "--hits", "3000", "--seed", "11", "--out", work.Path);
        var imported = await RunAsync(cancellationToken, "listing", "import", Of("listings.csv"));
        var headBefore = await RunAsync(cancellationToken, "feed", "head");
        var again = await RunAsync(cancellationToken, "listing", "import", Of("listings.csv"));

        using (var first = CliProcess.Start(
            s_folder.Path, "--data", s_server!.DataFolder, "screen", Of("customers.csv"), "--out", Of("hits.csv"), "--operator", "t"))
        {
            await Shell.WaitUntilAsync(
                _ => Task.FromResult(first.HasEnded || File.Exists(Of("hits.csv.progress"))), "the first block", cancellationToken);
            first.Kill();
            await first.WaitAsync(cancellationToken);
        }

        // A line that was half written when the power went.
        await File.AppendAllTextAsync(Of("hits.csv"), "599999,4400", cancellationToken);
        var wasInterrupted = File.Exists(Of("hits.csv.progress"));
        var screened = await RunAsync(
            cancellationToken, "screen", Of("customers.csv"), "--out", Of("hits.csv"), "--operator", "t", "--resume", "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasInterrupted, Is.True, "the run was over before it could be interrupted");
            Assert.That(imported.Code, Is.Zero, imported.Error);
            Assert.That(again.Output, Does.StartWith("600 rows: 600 accepted, 0 rejected."));
            Assert.That((await RunAsync(cancellationToken, "feed", "head")).Output, Is.EqualTo(headBefore.Output), "nothing was published twice");
            Assert.That(screened.Code, Is.Zero, screened.Error);
            Assert.That(screened.Output, Does.Contain("\"rows\":600000"));
            Assert.That(File.Exists(Of("hits.csv.progress")), Is.False);
            Assert.That(Verdicts(Of("hits.csv")), Is.EqualTo(File.ReadAllLines(Of("expected-hits.csv"))));
        }
    }

    [Test]
    public async Task Rejected_rows_are_told_corrected_and_imported(CancellationToken cancellationToken)
    {
        using var work = new TemporaryFolder();
        var file = Path.Combine(work.Path, "l.csv");
        var template = await RunAsync(cancellationToken, "listing", "import", "--template");
        var rows = template.Lines;
        var broken = rows[1].Replace("有履行能力而拒不履行生效法律文书确定义务的", "乱写", StringComparison.Ordinal);
        var unlawful = rows[2].Replace("测试丙", "", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(file, [rows[0], broken, unlawful], cancellationToken);

        var headBefore = await RunAsync(cancellationToken, "feed", "head");
        var dry = await RunAsync(cancellationToken, "listing", "import", file, "--dry-run");
        var headAfter = await RunAsync(cancellationToken, "feed", "head");
        var run = await RunAsync(cancellationToken, "listing", "import", file, "--json");
        var rejected = await File.ReadAllTextAsync(file + ".rejected.csv", cancellationToken);
        var corrected = Path.Combine(work.Path, "corrected.csv");
        await File.WriteAllTextAsync(
            corrected,
            rejected.Replace("乱写", "有履行能力而拒不履行生效法律文书确定义务的", StringComparison.Ordinal),
            cancellationToken);
        var second = await RunAsync(cancellationToken, "listing", "import", corrected, "--json");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(dry.Code, Is.EqualTo(1));
            Assert.That(headAfter.Output, Is.EqualTo(headBefore.Output), "a dry run writes nothing");
            Assert.That(run.Code, Is.EqualTo(1));
            Assert.That(run.Output.Trim(), Is.EqualTo("{\"rows\":2,\"accepted\":0,\"rejected\":2,\"doubtfulAges\":0}"));
            Assert.That(rejected, Does.Contain("1,disruptTypeName,FIELD_INVALID").And.Contain("2,businessEntity,FIELD_REQUIRED"));
            Assert.That(second.Output.Trim(), Is.EqualTo("{\"rows\":2,\"accepted\":1,\"rejected\":1,\"doubtfulAges\":0}"), second.Error);
        }
    }

    [Test]
    public async Task The_feed_is_followed_from_an_export_without_a_gap(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "demo");
        var export = await RunAsync(cancellationToken, "feed", "export", "--out", "list.jsonl");
        var cursor = export.Output.Trim()["cursor ".Length..];
        await RunAsync(cancellationToken, "demo");

        var all = await RunAsync(cancellationToken, "--json", "feed", "follow", "--until-head");
        var rest = await RunAsync(cancellationToken, "--json", "feed", "follow", "--until-head", "--cursor", cursor);
        var forged = await RunAsync(cancellationToken, "feed", "follow", "--until-head", "--cursor", cursor[..^4] + "0000");
        var ahead = await RunAsync(cancellationToken, "feed", "follow", "--until-head", "--from", "999999999");

        var sequences = all.Lines.Select(l => JsonParser.Default.Parse<Change>(l).Sequence).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(export.Code, Is.Zero, export.Error);
            Assert.That(sequences, Is.EqualTo(Enumerable.Range(1, sequences.Count).Select(i => (long)i)));
            Assert.That(rest.Lines, Is.EqualTo(all.Lines[^2..]));
            Assert.That((forged.Code, forged.Error), Is.EqualTo((1, forged.Error)));
            Assert.That(forged.Error, Does.Contain("FEED_DIVERGED"));
            Assert.That(ahead.Code, Is.EqualTo(1));
            Assert.That(ahead.Error, Does.Contain("CURSOR_AHEAD"));
        }
    }

    [Test]
    public async Task An_operator_registers_and_changes_a_partner(CancellationToken cancellationToken)
    {
        var certificate = Path.Combine(s_server!.DataFolder, "identities", "bank", "cert.pem");
        var created = await RunAsync(
            cancellationToken,
            "partner", "create", "bank-of-tests", "--kind", "bank", "--display-name", "测试银行",
            "--rpc", "creditshare.v1.LookupService/CheckSubject", "--view", "status", "--purpose", "credit");
        var taken = await RunAsync(cancellationToken, "partner", "add-key", "bank-of-tests", "--certificate", certificate);
        var updated = await RunAsync(cancellationToken, "--json", "partner", "update", "bank-of-tests", "--suspended", "--clear", "views");
        var denied = await RunAsync(cancellationToken, "partner", "list", "--as", "bank");
        var listed = await RunAsync(cancellationToken, "partner", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Code, Is.Zero, created.Error);
            Assert.That(taken.Error, Does.StartWith("KEY_EXISTS"));
            Assert.That(updated.Code, Is.Zero, updated.Error);
            Assert.That(JsonParser.Default.Parse<Partner>(updated.Output).Views, Is.Empty);
            Assert.That((denied.Code, denied.Error.Split(':')[0]), Is.EqualTo((1, "RPC_NOT_GRANTED")));
            Assert.That(listed.Lines, Has.Some.StartWith("partners/bank-of-tests").And.Some.StartWith("partners/dev-bank"));
        }
    }

    [Test]
    public async Task Courts_are_listed_and_imported(CancellationToken cancellationToken)
    {
        var file = Path.Combine(s_folder.Path, "courts.csv");
        await File.WriteAllTextAsync(
            file, "code,name,level,parent,valid_from,valid_to\n测0199,测试临时法院（虚构）,BASIC,测01,,\n", cancellationToken);

        var imported = await RunAsync(cancellationToken, "court", "import", file);
        var listed = await RunAsync(cancellationToken, "court", "list", "--as", "auditor");

        Assert.That(imported.Code, Is.Zero, imported.Error);
        Assert.That(listed.Lines, Has.Some.StartWith("测0199  测试临时法院（虚构）  basic  below 测01"));
    }

    [Test]
    public async Task An_address_where_nobody_listens_is_unreachable(CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            cancellationToken, "check", "110000199003072138", "--name", "测试甲", "--server", $"https://localhost:{Shell.FreePort()}");

        Assert.That(run.Code, Is.EqualTo(3), run.Error);
        Assert.That(run.Error, Does.StartWith("UNAVAILABLE"));
    }

    private static Task<CliProcessResult> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        RunAsync(input: "", args, cancellationToken);

    private static Task<CliProcessResult> RunAsync(string input, string[] args, CancellationToken cancellationToken) =>
        CliProcess.RunAsync(s_folder.Path, input, ["--data", s_server!.DataFolder, .. args], cancellationToken);

    private static string Resident(int sequence)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"33000019880808{sequence:D3}");
        return body + Core.Numbers.CheckDigits.Citizen(body);
    }

    private static IEnumerable<string> Verdicts(string file) =>
        File.ReadLines(file).Select(line => line.Split(',')).Select(cells => $"{cells[0]},{cells[2]}");
}
