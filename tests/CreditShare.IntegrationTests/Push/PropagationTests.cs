using System.Buffers;
using CreditShare.IntegrationTests.Cli;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>A listing goes out to two receivers, one by gRPC and one by webhook, and ends. The court sees who has acted on that, over real
/// deliveries; and so does whoever runs the tool.</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
[CancelAfter(180_000)]
internal sealed class PropagationTests(string setting)
{
    [Test]
    public async Task A_receiver_that_stores_first_and_applies_later_is_outstanding_in_between(CancellationToken cancellationToken)
    {
        await using var play = await Play.OpenAsync(setting, cancellationToken);
        var standing = await play.ShowAsync(cancellationToken);
        var standingText = await play.RunAsync(cancellationToken, "propagation", "show", play.Listing.Name);

        // Step 1: the webhook's receiver has stored it, and says that it acts on nothing beyond what it had.
        play.Partner.Instead = (context, request) => request.Purpose == DeliveryPurpose.Changes && Answer(
            context, new ReceiveChangesResponse { AcceptedSequence = request.ToSequence, AppliedSequence = Math.Min(request.FromSequence, 1) });
        await play.WithdrawAsync(cancellationToken);
        var stored = await play.UntilAsync(RecipientState.Applied, RecipientState.Accepted, cancellationToken);
        var outstanding = await play.ListOutstandingAsync(cancellationToken);
        var shown = await play.RunAsync(cancellationToken, "propagation", "show", play.Listing.Name);
        var list = await play.RunAsync(cancellationToken, "propagation", "outstanding");
        var json = await play.RunAsync(cancellationToken, "--json", "propagation", "outstanding", "--partner", "dev-department");
        var old = await play.RunAsync(cancellationToken, "propagation", "outstanding", "--older-than", "24h");

        // Step 2: asked again, it has.
        play.Partner.Instead = (_, _) => false;
        var done = await play.UntilAsync(RecipientState.Applied, RecipientState.Applied, cancellationToken);
        var over = await play.RunAsync(cancellationToken, "propagation", "outstanding");

        AssertStanding(standing, standingText);
        using (Assert.EnterMultipleScope())
        {
            var (grpc, webhook) = play.RecipientsOf(stored);
            Assert.That((stored.Version, stored.Ending.Reason, stored.EndSequence, stored.Outstanding), Is.EqualTo((2L, EndReason.Performed, 2L, 1)));
            AssertInOrder(grpc.FirstDisclosedTime, stored.EndTime, grpc.SentTime, grpc.AcceptedTime, grpc.AppliedTime);
            AssertInOrder(webhook.FirstDisclosedTime, stored.EndTime, webhook.SentTime, webhook.AcceptedTime);
            Assert.That((grpc.OutstandingSince, webhook.AppliedTime, webhook.OutstandingSince), Is.EqualTo(((object?)null, (object?)null, stored.EndTime)));
            var row = new Recipient(webhook) { FirstDisclosedTime = null };
            Assert.That(
                outstanding.Select(each => (each.Name, each.Version, each.Sequence, each.Recipient)), Is.EqualTo([(play.Listing.Name, 2L, 2L, row)]));

            Assert.That((shown.Code, list.Code, json.Code, old.Code, over.Code), Is.EqualTo((0, 0, 0, 0, 0)), shown.Error + list.Error + json.Error);
            Assert.That(shown.Lines[1], Does.StartWith("ended ").And.EndsWith("1 outstanding"));
            Assert.That(shown.Lines, Has.Some.StartWith($"{play.Grpc}  APPLIED at ").And.Some.StartWith($"{play.Webhook}  ACCEPTED since "));
            Assert.That(list.Lines, Has.Length.EqualTo(1).And.All.StartsWith($"2  {play.Listing.Name} v2  {play.Webhook}  ACCEPTED since "));
            Assert.That(json.Lines.Select(line => JsonParser.Default.Parse<OutstandingWithdrawal>(line).Recipient), Is.EqualTo([row]));
            Assert.That((old.Output, over.Output), Is.EqualTo(("", "")), "none is that old, and none is left");

            Assert.That(done.Outstanding, Is.Zero);
            Assert.That(done.Recipients.Select(recipient => recipient.OutstandingSince), Is.All.Null);
            AssertInOrder(webhook.AcceptedTime, play.RecipientsOf(done).Webhook.AppliedTime);
        }
    }

    [Test]
    public async Task A_receiver_that_hangs_was_sent_it_and_has_accepted_nothing(CancellationToken cancellationToken)
    {
        await using var play = await Play.OpenAsync(setting, cancellationToken, "--Push:AttemptTimeout=00:00:01", "--Push:TotalTimeout=00:00:05");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        play.Partner.Before = request => request.Subscription == play.Webhook ? release.Task : Task.CompletedTask;
        await play.WithdrawAsync(cancellationToken);
        var hanging = await play.UntilAsync(RecipientState.Applied, RecipientState.Sent, cancellationToken);
        var attempts = await play.Deliveries.ListAttemptsAsync(play.Webhook, cancellationToken);
        release.SetResult();
        play.Partner.Before = _ => Task.CompletedTask;
        var done = await play.UntilAsync(RecipientState.Applied, RecipientState.Applied, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            var webhook = play.RecipientsOf(hanging).Webhook;
            Assert.That(attempts.Select(attempt => attempt.Outcome), Has.Some.EqualTo(DeliveryOutcome.TimedOut));
            AssertInOrder(webhook.FirstDisclosedTime, hanging.EndTime, webhook.SentTime);
            Assert.That((webhook.AcceptedTime, webhook.OutstandingSince), Is.EqualTo(((object?)null, hanging.EndTime)));
            Assert.That((hanging.Outstanding, done.Outstanding), Is.EqualTo((1, 0)));
            Assert.That(play.Partner.Of(play.Webhook).Copy[play.Listing.Name], Is.EqualTo((2L, true)));
        }
    }

    private static void AssertStanding(GetPropagationResponse standing, CliProcessResult text)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((standing.Version, standing.Ending, standing.EndTime, standing.Outstanding), Is.EqualTo((1L, (Ending?)null, (object?)null, 0)));
            Assert.That(standing.Recipients.Select(recipient => recipient.State), Is.EqualTo([RecipientState.Listed, RecipientState.Listed]));
            Assert.That(standing.Recipients.Select(recipient => recipient.FirstDisclosedTime), Is.All.Not.Null);
            Assert.That(text.Lines, Has.Some.EqualTo("has not ended").And.Exactly(2).EndsWith("  LISTED"), text.Error);
        }
    }

    private static void AssertInOrder(params Google.Protobuf.WellKnownTypes.Timestamp?[] times)
    {
        Assert.That(times, Is.All.Not.Null);
        Assert.That(times, Is.Ordered);
    }

    private static bool Answer(HttpContext context, ReceiveChangesResponse response)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(response));
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.BodyWriter.Write(body);
        return true;
    }

    /// <summary>A court, a department that subscribes twice, and an operator with the tool; one listing is out already.</summary>
    private sealed class Play : IAsyncDisposable
    {
        private readonly Scene _scene;
        private readonly TemporaryFolder _folder = new();
        private readonly PropagationService.PropagationServiceClient _court;
        private readonly PropagationService.PropagationServiceClient _operator;

        private Play(Scene scene, Partner partner)
        {
            (_scene, Partner) = (scene, partner);
            Deliveries = new Deliveries(scene.Server.As("department"), scene.Server.As("court"));
            _court = new PropagationService.PropagationServiceClient(scene.Server.As("court"));
            _operator = new PropagationService.PropagationServiceClient(scene.Server.As("operator"));
        }

        public Partner Partner { get; }

        public Deliveries Deliveries { get; }

        public ListingReceipt Listing { get; private set; } = null!;

        public string Grpc { get; private set; } = "";

        public string Webhook { get; private set; } = "";

        public static async Task<Play> OpenAsync(string setting, CancellationToken cancellationToken, params string[] settings)
        {
            var scene = await Scene.OpenAsync(setting, cancellationToken, settings);
            var play = new Play(scene, await Partner.StartAsync(scene.Server.DataFolder, cancellationToken));
            var names = await play.Deliveries.SubscribeAsync(play.Partner, 2, cancellationToken);
            (play.Grpc, play.Webhook) = (names[0], names[1]);
            play.Listing = (await play.Deliveries.PublishAsync(0, 1, cancellationToken))[0];
            await play.Deliveries.UntilCaughtUpAsync(1, cancellationToken);
            return play;
        }

        public Task WithdrawAsync(CancellationToken cancellationToken) => Deliveries.WithdrawAsync([Listing], cancellationToken);

        public async Task<GetPropagationResponse> ShowAsync(CancellationToken cancellationToken) =>
            await _court.GetPropagationAsync(new GetPropagationRequest { Name = Listing.Name }, cancellationToken: cancellationToken);

        public async Task<IReadOnlyList<OutstandingWithdrawal>> ListOutstandingAsync(CancellationToken cancellationToken) =>
            (await _operator.ListOutstandingAsync(new ListOutstandingRequest(), cancellationToken: cancellationToken)).Withdrawals;

        /// <summary>Waits until both are that far.</summary>
        public async Task<GetPropagationResponse> UntilAsync(RecipientState grpc, RecipientState webhook, CancellationToken cancellationToken)
        {
            var answer = new GetPropagationResponse();
            await Shell.WaitUntilAsync(
                async token =>
                {
                    answer = await ShowAsync(token);
                    var (one, other) = RecipientsOf(answer);
                    return (one.State, other.State) == (grpc, webhook);
                },
                $"the receivers to be {grpc} and {webhook}",
                cancellationToken);
            return answer;
        }

        public (Recipient Grpc, Recipient Webhook) RecipientsOf(GetPropagationResponse answer) =>
            (answer.Recipients.Single(recipient => recipient.Subscription == Grpc), answer.Recipients.Single(recipient => recipient.Subscription == Webhook));

        public Task<CliProcessResult> RunAsync(CancellationToken cancellationToken, params string[] args) =>
            CliProcess.RunAsync(_folder.Path, input: "", ["--data", _scene.Server.DataFolder, .. args], cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await _scene.DisposeAsync();
            await Partner.DisposeAsync();
            _folder.Dispose();
        }
    }
}
