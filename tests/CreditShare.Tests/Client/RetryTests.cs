using CreditShare.Client;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Client;

internal sealed class RetryTests
{
    private readonly ScriptedService _service = new();

    [Test]
    public async Task A_command_is_repeated_with_the_same_request_id_while_the_service_is_unavailable()
    {
        var ids = new List<string>();
        _service.Unary = (call, request) =>
        {
            ids.Add(((PublishListingRequest)request).RequestId);
            if (call < 3) throw ScriptedService.Error(StatusCode.Unavailable, ErrorReason.NodeStale);
            return new PublishListingResponse { Receipt = new ListingReceipt { Version = 1 } };
        };
        using var client = _service.Client();

        var receipt = await client.PublishAsync(new PublishListingRequest());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receipt.Version, Is.EqualTo(1));
            Assert.That(ids, Has.Count.EqualTo(3));
            Assert.That(ids.Distinct().ToList(), Has.Count.EqualTo(1));
            Assert.That(Guid.TryParse(ids[0], out _), Is.True);
        }
    }

    [Test]
    public async Task A_stream_that_the_server_reset_because_it_was_left_unread_is_opened_again()
    {
        _service.Unary = (call, _) => call == 1
            ? throw new RpcException(new Status(StatusCode.ResourceExhausted, "", new HttpProtocolException(0xB, "ENHANCE_YOUR_CALM", null)))
            : new CheckSubjectResponse { Verdict = Verdict.NotListed };
        using var client = _service.Client();

        var answer = await client.CheckAsync(new CheckSubjectRequest());

        Assert.That(answer.Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public async Task An_answer_in_pages_is_read_again_as_a_whole()
    {
        _service.Unary = (_, request) => ((GetAnswerRequest)request).PageToken.Length == 0
            ? new GetAnswerResponse { AnswerId = "a", Disclosed = { new DisclosedListing { Version = 1 } }, NextPageToken = "1" }
            : new GetAnswerResponse { AnswerId = "a", Disclosed = { new DisclosedListing { Version = 2 } } };
        using var client = _service.Client();

        var answer = await client.GetAnswerAsync("a");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Disclosed.Select(listing => listing.Version), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(answer.NextPageToken, Is.Empty);
        }
    }

    [Test]
    public async Task The_request_id_of_the_caller_is_kept()
    {
        var id = Guid.NewGuid().ToString();
        _service.Unary = (_, request) =>
            new WithdrawListingResponse { Receipt = new ListingReceipt { Name = ((WithdrawListingRequest)request).RequestId } };
        using var client = _service.Client();

        var receipt = await client.WithdrawAsync(new WithdrawListingRequest { RequestId = id });

        Assert.That(receipt.Name, Is.EqualTo(id));
    }

    [Test]
    public void What_carries_no_request_id_is_sent_once_only()
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(StatusCode.Unavailable, ErrorReason.StoreUnavailable);
        using var client = _service.Client();

        Assert.That(() => client.CreatePartnerAsync(new CreatePartnerRequest()), Throws.TypeOf<ServiceUnavailableException>());
        Assert.That(_service.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Attempts_come_to_an_end()
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(StatusCode.Unavailable, ErrorReason.NodeStale);
        using var client = _service.Client(maxAttempts: 4);

        Assert.That(
            () => client.CheckAsync(new CheckSubjectRequest()),
            Throws.TypeOf<ServiceUnavailableException>().With.Property(nameof(CreditShareException.Reason)).EqualTo(ErrorReason.NodeStale));
        Assert.That(_service.Calls, Is.EqualTo(4));
    }

    [TestCase(StatusCode.InvalidArgument, ErrorReason.NumberCheckDigit, typeof(RequestInvalidException))]
    [TestCase(StatusCode.FailedPrecondition, ErrorReason.ListingEnded, typeof(RequestRefusedException))]
    [TestCase(StatusCode.AlreadyExists, ErrorReason.AlreadyListed, typeof(RequestRefusedException))]
    [TestCase(StatusCode.Aborted, ErrorReason.VersionMismatch, typeof(RequestRefusedException))]
    [TestCase(StatusCode.NotFound, ErrorReason.ListingNotFound, typeof(NotFoundException))]
    [TestCase(StatusCode.Unauthenticated, ErrorReason.CallerUnknown, typeof(AccessDeniedException))]
    [TestCase(StatusCode.PermissionDenied, ErrorReason.PurposeNotGranted, typeof(AccessDeniedException))]
    [TestCase(StatusCode.ResourceExhausted, ErrorReason.MessageTooLarge, typeof(LimitExceededException))]
    [TestCase(StatusCode.DeadlineExceeded, ErrorReason.PositionNotReached, typeof(TimedOutException))]
    [TestCase(StatusCode.Internal, ErrorReason.Internal, typeof(ServerFaultException))]
    [TestCase(StatusCode.OutOfRange, ErrorReason.CursorAhead, typeof(FeedDivergedException))]
    public void A_refusal_is_not_repeated_and_has_its_own_type(StatusCode code, ErrorReason reason, Type type)
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(code, reason);
        using var client = _service.Client();

        Assert.That(
            () => client.CheckAsync(new CheckSubjectRequest()),
            Throws.TypeOf(type).With.Property(nameof(CreditShareException.Reason)).EqualTo(reason));
        Assert.That(_service.Calls, Is.EqualTo(1));
    }

    [TestCase(StatusCode.Unknown, ErrorReason.OutcomeUnknown)]
    [TestCase(StatusCode.Unavailable, ErrorReason.WithdrawalNotConfirmed)]
    public void An_open_outcome_is_asked_about_again_and_then_told(StatusCode code, ErrorReason reason)
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(code, reason);
        using var client = _service.Client();

        Assert.That(() => client.WithdrawAsync(new WithdrawListingRequest()), Throws.TypeOf<OutcomeUnknownException>());
        Assert.That(_service.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task Every_wrong_field_is_told()
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(
            StatusCode.InvalidArgument,
            ErrorReason.SeveralViolations,
            ("document.number", ErrorReason.NumberCheckDigit),
            ("name", ErrorReason.FieldRequired));
        using var client = _service.Client();

        var failure = await Assert.ThrowsAsync<RequestInvalidException>(() => client.CheckAsync(new CheckSubjectRequest()));

        Assert.That(
            failure!.FieldViolations.Select(v => (v.Field, v.Reason)),
            Is.EqualTo(new[] { ("document.number", ErrorReason.NumberCheckDigit), ("name", ErrorReason.FieldRequired) }));
    }

    [Test]
    public async Task The_last_point_in_common_is_told()
    {
        _service.Unary = (_, _) => throw ScriptedService.Error(StatusCode.FailedPrecondition, ErrorReason.FeedDiverged);
        using var client = _service.Client();

        var failure = await Assert.ThrowsAsync<FeedDivergedException>(() => client.ListChangesAsync(new ListChangesRequest()));

        Assert.That(failure!.LastCommon, Is.EqualTo(new Position { Epoch = 2, Sequence = 90 }));
    }

    [Test]
    public void A_reason_of_a_later_version_is_unspecified()
    {
        Assert.That(ReasonNames.Parse("SOMETHING_NEW"), Is.EqualTo(ErrorReason.Unspecified));
        Assert.That(ReasonNames.Parse(null), Is.EqualTo(ErrorReason.Unspecified));
    }

    [TestCaseSource(nameof(Reasons))]
    public void A_reason_keeps_its_name_on_the_way(ErrorReason reason) =>
        Assert.That(ReasonNames.Parse(ReasonNames.Of(reason)), Is.EqualTo(reason));

    [Test]
    public void Cancelling_is_no_failure_of_the_service()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        _service.Unary = (_, _) => throw new RpcException(new Status(StatusCode.Cancelled, ""));
        using var client = _service.Client();

        Assert.That(() => client.CheckAsync(new CheckSubjectRequest(), cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_batch_that_is_not_answered_in_full_is_a_fault()
    {
        _service.Unary = (_, _) => new BatchCheckSubjectsResponse { Results = { new BatchCheckResult { Answer = new CheckSubjectResponse() } } };
        using var client = _service.Client();

        Assert.That(
            () => client.CheckManyAsync([new CheckSubjectRequest(), new CheckSubjectRequest()]), Throws.TypeOf<ServerFaultException>());
    }

    [Test]
    public async Task More_than_a_thousand_subjects_are_asked_about_in_several_calls()
    {
        var sizes = new List<int>();
        _service.Unary = (_, request) =>
        {
            var batch = (BatchCheckSubjectsRequest)request;
            sizes.Add(batch.Requests.Count);
            return new BatchCheckSubjectsResponse
            {
                Results = { batch.Requests.Select(r => new BatchCheckResult { Answer = new CheckSubjectResponse { AnswerId = r.Name } }) },
            };
        };
        using var client = _service.Client();

        var outcomes = await client.CheckManyAsync(Enumerable.Range(0, 2_500).Select(i => new CheckSubjectRequest { Name = $"{i}" }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sizes, Is.EqualTo(new[] { 1_000, 1_000, 500 }));
            Assert.That(outcomes.Select(o => o.Answer!.AnswerId), Is.EqualTo(Enumerable.Range(0, 2_500).Select(i => $"{i}")));
        }
    }

    private static ErrorReason[] Reasons() => Enum.GetValues<ErrorReason>();
}
