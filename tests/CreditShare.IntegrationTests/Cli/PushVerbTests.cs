using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;
using Receivers = CreditShare.IntegrationTests.Push.Partner;

namespace CreditShare.IntegrationTests.Cli;

/// <summary>The verbs about subscriptions, propagation and measures against a development server, both as processes.</summary>
[CancelAfter(240_000)]
internal sealed class PushVerbTests
{
    private const string Owner = "partners/dev-department/subscriptions/";

    private static readonly TemporaryFolder s_folder = new();
    private static ServerProcess? s_server;
    private static Receivers? s_receivers;

    [OneTimeSetUp]
    public static async Task StartServer()
    {
        s_server = await ServerProcess.ServeAsync(s_folder.Path, "Development", [], CancellationToken.None);
        s_receivers = await Receivers.StartAsync(s_server.DataFolder, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(s_folder.Path, "secret"), Receivers.Secret + "\n");
    }

    [OneTimeTearDown]
    public static async Task StopServer()
    {
        if (s_receivers is not null) await s_receivers.DisposeAsync();
        if (s_server is not null) await s_server.DisposeAsync();
        s_folder.Dispose();
    }

    [Test]
    public async Task A_webhook_lives_from_its_creation_to_its_end(CancellationToken cancellationToken)
    {
        var url = s_receivers!.Wish(1).Webhook.Url;
        var listing = await PublishAsync(1, cancellationToken);
        var created = await RunAsync(
            cancellationToken, "--json", "subscription", "create", "life", "--webhook", url, "--secret-file", "secret",
            "--start", "1:0", "--display-name", "测试推送", "--view", "full", "--court", "测0101");
        var wish = JsonParser.Default.Parse<CreateSubscriptionResponse>(created.Output);
        await UntilAsync("life", SubscriptionState.Active, cancellationToken);
        var tested = await RunAsync(cancellationToken, "subscription", "test", "life");
        var shown = await RunAsync(cancellationToken, "subscription", "show", Owner + "life");
        var listed = await RunAsync(cancellationToken, "subscription", "list");
        var ofAll = await RunAsync(cancellationToken, "subscription", "list", "--all");

        var paused = await RunAsync(cancellationToken, "subscription", "pause", "life");
        await RunAsync(cancellationToken, "listing", "withdraw", listing, "--reason", "performed");
        var updated = await RunAsync(cancellationToken, "--json", "subscription", "update", "life", "--display-name", "新名");
        var resumed = await RunAsync(cancellationToken, "subscription", "resume", "life");
        await UntilHandedAsync("life", listing, 2, cancellationToken);
        var replayed = await RunAsync(cancellationToken, "--json", "subscription", "replay", "life", "--after", "0");
        await UntilAsync("life", SubscriptionState.Active, cancellationToken);
        var attempts = await RunAsync(cancellationToken, "--json", "subscription", "attempts", "life", "--limit", "100");
        var lastOne = await RunAsync(cancellationToken, "subscription", "attempts", "life", "--limit", "1");
        var deleted = await RunAsync(cancellationToken, "--json", "subscription", "delete", "life");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Code, Is.Zero, created.Error);
            Assert.That((wish.Subscription.Name, wish.Subscription.View, wish.GeneratedSecret), Is.EqualTo((Owner + "life", View.Full, "")));
            Assert.That(wish.Subscription.Filter.CourtCodes, Is.EqualTo(["测0101"]));
            Assert.That(created.Output, Does.Not.Contain(Receivers.Secret));
            Assert.That((tested.Code, tested.Error), Is.EqualTo((0, "")));
            Assert.That(tested.Output, Does.Contain("  test  ").And.Contain("  ACCEPTED  ").And.Contain("  200"));
            Assert.That(shown.Lines[0], Is.EqualTo($"{Owner}life  ACTIVE  webhook {url}  测试推送"), shown.Error);
            Assert.That(shown.Lines, Has.Some.StartWith("ordered: ").And.Some.StartWith("withdrawals: "));
            Assert.That(listed.Lines, Does.Contain(shown.Lines[0]), listed.Error);
            Assert.That(ofAll.Lines, Does.Contain(shown.Lines[0]), ofAll.Error);
            Assert.That(paused.Lines[0], Does.Contain("  PAUSED  "), paused.Error);
            Assert.That(JsonParser.Default.Parse<Subscription>(updated.Output).DisplayName, Is.EqualTo("新名"), updated.Error);
            Assert.That(resumed.Code, Is.Zero, resumed.Error);
            Assert.That(resumed.Lines[0], Does.Not.Contain("  PAUSED  "));
            Assert.That(JsonParser.Default.Parse<Subscription>(replayed.Output).Ordered.Accepted.Sequence, Is.Zero, replayed.Error);
            Assert.That(
                attempts.Lines.Select(line => JsonParser.Default.Parse<DeliveryAttempt>(line).Purpose).Distinct(),
                Is.EquivalentTo([DeliveryPurpose.Verification, DeliveryPurpose.Test, DeliveryPurpose.Changes]), attempts.Error);
            Assert.That(lastOne.Lines, Has.Length.EqualTo(1), lastOne.Error);
            Assert.That(JsonParser.Default.Parse<Subscription>(deleted.Output).State, Is.EqualTo(SubscriptionState.Revoked), deleted.Error);
        }

        await Shell.WaitUntilAsync(
            async token => (await FindAsync("life", token)).PurgeTime is not null, "the receiver to have purged", cancellationToken);
    }

    [Test]
    public async Task A_grpc_receiver_is_served_and_a_secret_that_was_not_given_is_told_once(CancellationToken cancellationToken)
    {
        var wish = s_receivers!.Wish(0).Grpc;
        var created = await RunAsync(
            cancellationToken, "subscription", "create", "called", "--grpc", wish.Endpoint, "--server-key", wish.ServerSpkiSha256);
        await UntilAsync("called", SubscriptionState.Active, cancellationToken);
        var wrongKey = await RunAsync(
            cancellationToken, "--json", "subscription", "create", "other-key", "--grpc", wish.Endpoint, "--server-key", new string('a', 64));
        var untested = await RunAsync(cancellationToken, "--json", "subscription", "test", "other-key");
        var told = await RunAsync(cancellationToken, "subscription", "create", "told", "--webhook", s_receivers.Wish(1).Webhook.Url);
        var shown = await RunAsync(cancellationToken, "--json", "subscription", "show", "told");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Lines[0], Does.StartWith($"{Owner}called  ").And.EndsWith($"  grpc {wish.Endpoint}"), created.Error);
            Assert.That(wrongKey.Code, Is.Zero, wrongKey.Error);
            Assert.That(untested.Code, Is.EqualTo(1), "a test that was not accepted");
            Assert.That(JsonParser.Default.Parse<DeliveryAttempt>(untested.Output).Outcome, Is.Not.EqualTo(DeliveryOutcome.Accepted));
            Assert.That(told.Lines[^1], Does.Match(@"^secret: +whsec_[A-Za-z0-9+/=]{32,} \(told only now\)$"), told.Error);
            Assert.That(shown.Output, Does.Not.Contain("whsec_"));
        }
    }

    [Test]
    public async Task A_pull_subscription_says_how_far_it_is_and_never_goes_back(CancellationToken cancellationToken)
    {
        await PublishAsync(2, cancellationToken);
        await PublishAsync(3, cancellationToken);
        var created = await RunAsync(cancellationToken, "subscription", "create", "fetched", "--start", "1:0");
        var stored = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched", "--accepted", "1:2", "--applied", "1");
        var again = await RunAsync(cancellationToken, "--json", "subscription", "acknowledge", "fetched", "--accepted", "1:2", "--applied", "2");
        var beyond = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched", "--accepted", "1:1000000");
        var back = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched", "--accepted", "1:1");
        var unstored = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched", "--accepted", "1:2", "--applied", "3");
        var garbled = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched", "--accepted", "two");
        var silent = await RunAsync(cancellationToken, "subscription", "acknowledge", "fetched");
        var tested = await RunAsync(cancellationToken, "subscription", "test", "fetched");
        var shown = await FindAsync("fetched", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Lines[0], Does.StartWith($"{Owner}fetched  ").And.EndsWith("  pull"), created.Error);
            Assert.That(stored.Output.Trim(), Does.Match("^accepted 1:2(:[0-9a-f]{64})?, applied 1$"), stored.Error);
            Assert.That(JsonParser.Default.Parse<AcknowledgeChangesResponse>(again.Output).AppliedSequence, Is.EqualTo(2), again.Error);
            Assert.That(Failure(beyond), Is.EqualTo((1, "CURSOR_AHEAD")));
            Assert.That(Failure(back), Is.EqualTo((1, "CURSOR_BEHIND")));
            Assert.That(Failure(unstored), Is.EqualTo((1, "FIELD_INVALID")));
            Assert.That(garbled.Code, Is.EqualTo(2), "no cursor");
            Assert.That(silent.Code, Is.EqualTo(2), "--accepted is missing");
            Assert.That(Failure(tested), Is.EqualTo((1, "SUBSCRIPTION_STATE")));
            Assert.That((shown.Ordered.Accepted.Sequence, shown.Ordered.AppliedSequence), Is.EqualTo((2L, 2L)));
        }
    }

    [TestCase("ENDPOINT_NOT_ALLOWED", "create", "bad", "--webhook", "http://hooks.example.test/", TestName = "A_webhook_without_TLS_is_refused_by_the_tool_s_server")]
    [TestCase("ENDPOINT_NOT_ALLOWED", "create", "bad", "--webhook", "https://10.0.0.8/", TestName = "An_internal_address_is_refused_by_the_tool_s_server")]
    [TestCase("COURT_UNKNOWN", "create", "bad", "--court", "测0199", TestName = "A_filter_by_an_unknown_court_is_refused_by_the_tool_s_server")]
    [TestCase("SECRET_INVALID", "create", "bad", "--webhook", "https://hooks.example.test/", "--secret-file", "short", TestName = "A_short_secret_is_refused_by_the_tool_s_server")]
    [TestCase("CURSOR_AHEAD", "create", "bad", "--start", "1:1000000", TestName = "A_start_beyond_the_head_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "show", "bad", TestName = "A_look_at_nothing_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "pause", "bad", TestName = "A_pause_of_nothing_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "resume", "bad", TestName = "A_resumption_of_nothing_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "delete", "bad", TestName = "An_end_of_nothing_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "replay", "bad", "--after", "0", TestName = "A_replay_of_nothing_is_refused_by_the_tool_s_server")]
    [TestCase("SUBSCRIPTION_NOT_FOUND", "attempts", "bad", TestName = "Attempts_of_nothing_are_refused_by_the_tool_s_server")]
    [TestCase("PARTNER_NOT_YOURS", "create", "bad", "--partner", "dev-bank", TestName = "A_subscription_for_another_is_refused_by_the_tool_s_server")]
    [TestCase("2", "create", "bad", "--webhook", "https://a.test/", "--grpc", "https://b.test", TestName = "Two_ways_of_delivery_are_a_usage_error")]
    [TestCase("2", "create", TestName = "A_subscription_without_an_id_is_a_usage_error")]
    [TestCase("2", "update", "bad", TestName = "An_update_of_nothing_named_is_a_usage_error")]
    [TestCase("2", "replay", "bad", TestName = "A_replay_from_nowhere_is_a_usage_error")]
    [TestCase("2", "replay", "bad", "--after", "0", "--since", "2026-01-31T09:00:00+08:00", TestName = "A_replay_from_two_places_is_a_usage_error")]
    [TestCase("1", "create", "bad", "--webhook", "https://a.test/", "--secret-file", "missing", TestName = "A_secret_file_that_is_missing_fails")]
    public async Task Refused(string told, params string[] args)
    {
        var cancellationToken = TestContext.CurrentContext.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(s_folder.Path, "short"), "whsec_c2hvcnQ=", cancellationToken);

        var run = await RunAsync(cancellationToken, ["subscription", .. args]);
        var after = await RunAsync(cancellationToken, "subscription", "show", "bad");

        var expected = int.TryParse(told, out var code) ? (code, "") : (1, told);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code == 0 ? Failure(run) : (run.Code, ""), Is.EqualTo(expected), run.Error);
            Assert.That(run.Error, Is.Not.Empty);
            Assert.That(run.Output, Is.Empty);
            Assert.That(Failure(after), Is.EqualTo((1, "SUBSCRIPTION_NOT_FOUND")), "something was made");
        }
    }

    [Test]
    public async Task A_measure_is_reported_lifted_and_seen_by_the_court(CancellationToken cancellationToken)
    {
        var listing = await PublishAsync(4, cancellationToken);
        string[] report =
        [
            "measure", "report", "订票-1", "--listing", listing, "--listing-version", "1", "--code", "7.1", "--outcome", "blocked",
            "--legal-basis", "法释〔2017〕7号", "--at", "2026-11-20T09:00:00+08:00", "--operator", "t",
        ];
        var reported = await RunAsync(cancellationToken, [.. report, "--json"]);
        var again = await RunAsync(cancellationToken, [.. report, "--json"]);
        var open = await RunAsync(cancellationToken, "measure", "list", "--listing", listing, "--open");
        var shown = await RunAsync(cancellationToken, "propagation", "show", listing);
        var lifted = await RunAsync(cancellationToken, "measure", "report", "订票-1", "--outcome", "lifted", "--operator", "t");
        var none = await RunAsync(cancellationToken, "measure", "list", "--listing", listing, "--open");
        var all = await RunAsync(cancellationToken, "measure", "list", "--as", "court");
        var unshown = await RunAsync(cancellationToken, "--json", "propagation", "show", listing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reported.Code, Is.Zero, reported.Error);
            Assert.That((again.Code, again.Output), Is.EqualTo((0, reported.Output)), again.Error);
            Assert.That(JsonParser.Default.Parse<Measure>(reported.Output).Outcome, Is.EqualTo(MeasureOutcome.Blocked));
            Assert.That(open.Lines, Has.Length.EqualTo(1).And.All.StartsWith("partners/dev-department  订票-1  7.1  BLOCKED  "), open.Error);
            Assert.That(shown.Lines, Has.Some.StartWith("not lifted: partners/dev-department  订票-1  7.1  BLOCKED  "), shown.Error);
            Assert.That(lifted.Output, Does.Contain("  lifted 20"), lifted.Error);
            Assert.That((none.Code, none.Output), Is.EqualTo((0, "")));
            Assert.That(all.Lines, Has.Some.StartWith("partners/dev-department  订票-1  7.1  ").And.Some.Contain("  lifted 20"), all.Error);
            Assert.That(JsonParser.Default.Parse<GetPropagationResponse>(unshown.Output).OpenMeasures, Is.Empty, unshown.Error);
        }
    }

    [Test]
    public async Task What_is_asked_about_nothing_or_by_the_wrong_one_is_refused(CancellationToken cancellationToken)
    {
        var nothing = $"courts/测0101/listings/{Guid.NewGuid():D}";
        var listing = await PublishAsync(5, cancellationToken);
        string[] report = ["measure", "report", "无-1", "--outcome", "blocked", "--legal-basis", "x", "--listing-version", "1", "--operator", "t"];

        var measure = await RunAsync(cancellationToken, [.. report, "--listing", nothing, "--code", "7.1"]);
        var code = await RunAsync(cancellationToken, [.. report, "--listing", listing, "--code", "7.9"]);
        var unlifted = await RunAsync(cancellationToken, "measure", "report", "无-1", "--outcome", "lifted");
        var word = await RunAsync(cancellationToken, "measure", "report", "无-1", "--outcome", "perhaps");
        var kept = await RunAsync(cancellationToken, "measure", "list", "--listing", listing);
        var show = await RunAsync(cancellationToken, "propagation", "show", nothing);
        var shape = await RunAsync(cancellationToken, "propagation", "show", "listings/1");
        var reader = await RunAsync(cancellationToken, "propagation", "show", listing, "--as", "department");
        var asked = await RunAsync(cancellationToken, "propagation", "outstanding", "--as", "bank");
        var age = await RunAsync(cancellationToken, "propagation", "outstanding", "--older-than", "soon");
        var away = await RunAsync(cancellationToken, "propagation", "outstanding", "--server", $"https://localhost:{Shell.FreePort()}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Failure(measure), Is.EqualTo((1, "LISTING_NOT_FOUND")));
            Assert.That(Failure(code), Is.EqualTo((1, "MEASURE_CODE_UNKNOWN")));
            Assert.That(Failure(unlifted), Is.EqualTo((1, "MEASURE_NOT_FOUND")));
            Assert.That((word.Code, age.Code), Is.EqualTo((2, 2)));
            Assert.That((kept.Code, kept.Output), Is.EqualTo((0, "")), "a refused measure was kept");
            Assert.That(Failure(show), Is.EqualTo((1, "LISTING_NOT_FOUND")));
            Assert.That(Failure(shape), Is.EqualTo((1, "NAME_FORM")));
            Assert.That(Failure(reader), Is.EqualTo((1, "RPC_NOT_GRANTED")));
            Assert.That(Failure(asked), Is.EqualTo((1, "RPC_NOT_GRANTED")));
            Assert.That(Failure(away), Is.EqualTo((3, "UNAVAILABLE")));
        }
    }

    private static (int Code, string Reason) Failure(CliProcessResult run) => (run.Code, run.Error.Split(':')[0]);

    private static async Task<string> PublishAsync(int number, CancellationToken cancellationToken)
    {
        var template = (await RunAsync(cancellationToken, "listing", "publish", "--template")).Output;
        var body = $"31000019880808{number:D3}";
        var published = await CliProcess.RunAsync(
            s_folder.Path,
            template,
            [
                "--data", s_server!.DataFolder, "--json", "listing", "publish", "--file", "-",
                "--document", $"resident-id:{body}{Core.Numbers.CheckDigits.Citizen(body)}", "--case", $"（2026）测0101执7000{number}号",
            ],
            cancellationToken);
        Assert.That(published.Code, Is.Zero, published.Error);
        return JsonParser.Default.Parse<ListingReceipt>(published.Output).Name;
    }

    private static async Task<Subscription> FindAsync(string id, CancellationToken cancellationToken)
    {
        var run = await RunAsync(cancellationToken, "--json", "subscription", "show", id);
        Assert.That(run.Code, Is.Zero, run.Error);
        return JsonParser.Default.Parse<Subscription>(run.Output);
    }

    private static Task UntilAsync(string id, SubscriptionState state, CancellationToken cancellationToken) => Shell.WaitUntilAsync(
        async token => (await FindAsync(id, token)).State == state, $"{id} to be {state}", cancellationToken);

    private static Task UntilHandedAsync(string id, string listing, long version, CancellationToken cancellationToken) => Shell.WaitUntilAsync(
        _ => Task.FromResult(s_receivers!.Of(Owner + id).Handed.Any(change => (change.Listing, change.Version) == (listing, version))),
        "the change to arrive",
        cancellationToken);

    private static Task<CliProcessResult> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        CliProcess.RunAsync(s_folder.Path, input: "", ["--data", s_server!.DataFolder, .. args], cancellationToken);
}
