using System.Buffers;
using CreditShare.Server.Access;
using CreditShare.Server.Lookup;
using CreditShare.Tests.Access;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Partner = CreditShare.Core.Access.Partner;
using Purpose = CreditShare.Core.Access.Purpose;
using Verdict = CreditShare.V1.Verdict;

namespace CreditShare.Tests.Lookup;

/// <summary>The short way of the common check: what it answers, and that it leaves everything else as it found it.</summary>
internal sealed class CommonCheckTests
{
    private const string Bank = "test-bank";

    private readonly LookupWorld _world = new();
    private readonly Gate _gate = new(new AccessOptions { CallsPerSecond = 2 });
    private readonly CommonCheck _check;
    private bool _wentOn;

    public CommonCheckTests() => _check = CheckBy(_world.Clock, _world.Lookup);

    [SetUp]
    public async Task Register()
    {
        _world.Publish(Sample.Organisation);
        await _gate.RegisterAsync(LookupWorld.Asker(Bank));
    }

    [TearDown]
    public void Leave()
    {
        _world.Dispose();
        _gate.Dispose();
    }

    [Test]
    public async Task Somebody_nobody_listed_is_answered_and_counted()
    {
        var call = new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan);

        await _check.InvokeAsync(call.Http);
        await _world.Counts.WriteAsync(CancellationToken.None);

        var answer = call.Answer;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wentOn, Is.False);
            Assert.That(call.Http.Response.ContentType, Is.EqualTo("application/grpc"));
            Assert.That(call.Trailers["grpc-status"].ToString(), Is.EqualTo("0"));
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(answer.AsOf.Sequence, Is.EqualTo(1));
            Assert.That(answer.ValidUntil.ToDateTimeOffset(), Is.GreaterThan(_world.Clock.GetUtcNow()));
            Assert.That(Guid.TryParseExact(answer.AnswerId, "D", out var id) && id.Version == 7);
            Assert.That(_world.Store.Counted.Sum(count => count.Count), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_question_that_comes_in_pieces_is_answered()
    {
        var call = new CheckCall(Gate.KeyOf(Bank));
        var message = CheckCall.Frame(LookupWorld.AboutTheMan.ToByteArray());

        var answering = _check.InvokeAsync(call.Http);
        foreach (var piece in message.Chunk(7)) await call.Body.WriteAsync(piece);
        var early = answering.IsCompleted;
        await call.Body.CompleteAsync();
        await answering;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That(_wentOn, Is.False);
            Assert.That(call.Answer.Verdict, Is.EqualTo(Verdict.NotListed));
        }
    }

    [Test]
    public async Task The_wait_for_a_question_is_not_part_of_the_calls_time()
    {
        using var book = new MeterBook(meter => ReferenceEquals(meter.Scope, _world.Meters));
        var call = new CheckCall(Gate.KeyOf(Bank));
        var answering = _check.InvokeAsync(call.Http);

        _world.Clock.Advance(CommonCheck.Patience / 2);
        await call.Body.WriteAsync(CheckCall.Frame(LookupWorld.AboutTheMan.ToByteArray()));
        await call.Body.CompleteAsync();
        await answering;

        Assert.That(
            book.Lines.Where(line => line.Instrument.EndsWith("duration", StringComparison.Ordinal)).Select(line => line.Value), Is.EqualTo(new[] { 0.0, 0.0 }));
    }

    [TestCaseSource(nameof(Openings)), CancelAfter(5_000)]
    public async Task A_request_that_is_still_open_is_waited_for_a_moment_and_then_left_to_gRPC(byte[] sent, CancellationToken cancellationToken)
    {
        var call = new CheckCall(Gate.KeyOf(Bank));
        await call.Body.WriteAsync(sent, cancellationToken);

        var going = _check.InvokeAsync(call.Http);
        var early = _wentOn;
        _world.Clock.Advance(CommonCheck.Patience);
        await going;
        await call.Body.CompleteAsync();
        var left = await call.Http.Request.BodyReader.ReadAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That(_wentOn);
            Assert.That(left.IsCanceled, Is.False);
            Assert.That(left.Buffer.ToArray(), Is.EqualTo(sent));
        }
    }

    [TestCaseSource(nameof(Faults)), CancelAfter(5_000)]
    public async Task A_request_that_cannot_become_plain_is_left_to_gRPC_at_once_and_as_if_unread(byte[] sent, CancellationToken cancellationToken)
    {
        var call = new CheckCall(Gate.KeyOf(Bank));
        var going = _check.InvokeAsync(call.Http);
        foreach (var piece in sent.Chunk(3)) await call.Body.WriteAsync(piece, cancellationToken);
        await going;

        // Without anything more of it.
        var left = await call.Http.Request.BodyReader.ReadAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wentOn);
            Assert.That(left.Buffer.ToArray(), Is.EqualTo(sent[..(int)left.Buffer.Length]));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_caller_that_goes_away_is_left_to_gRPC(bool before)
    {
        var call = new CheckCall(Gate.KeyOf(Bank));
        if (before) await call.Body.CompleteAsync(new IOException());

        var going = _check.InvokeAsync(call.Http);
        if (!before) await call.Body.CompleteAsync(new IOException());
        await going;

        Assert.That(_wentOn);
    }

    [TestCaseSource(nameof(LongWays))]
    public async Task Everything_else_goes_the_long_way_untouched(Func<CommonCheckTests, CheckCall> prepare)
    {
        var call = prepare(this);
        var sent = call.Sent;

        await _check.InvokeAsync(call.Http);
        await _world.Counts.WriteAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wentOn);
            Assert.That((await call.Http.Request.BodyReader.ReadAsync()).Buffer.ToArray(), Is.EqualTo(sent));
            Assert.That(call.Http.Response.ContentType, Is.Null);
            Assert.That(call.Trailers, Is.Empty);
            Assert.That(_world.Store.Counted, Is.Empty);
            Assert.That(CallsLeft(), Is.EqualTo(2), "nothing is spent that the long way spends again");
        }
    }

    [Test]
    public async Task A_quota_that_is_used_up_is_the_long_ways_to_refuse()
    {
        for (var i = 0; i < 2; i++) await _check.InvokeAsync(new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan).Http);
        var before = _wentOn;

        await _check.InvokeAsync(new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan).Http);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.False);
            Assert.That(_wentOn);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_fault_of_ours_is_the_long_ways_to_answer(bool isSpent)
    {
        var broken = new BrokenClock();
        var lookup = new SubjectLookup(
            _world.Index, _world.Records, _world.Store, _world.Node, _world.Counts, _world.Metrics, Options.Create(new LookupOptions()), broken);
        var call = new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan);
        var sent = call.Sent;

        await CheckBy(isSpent ? _world.Clock : broken, lookup).InvokeAsync(call.Http);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wentOn);
            Assert.That((await call.Http.Request.BodyReader.ReadAsync()).Buffer.ToArray(), Is.EqualTo(sent));
            Assert.That(CallsLeft(), Is.EqualTo(isSpent ? 1 : 2));
            Assert.That(call.Http.Features.Get<Prepaid>()?.Subjects, Is.EqualTo(isSpent ? 1 : null), "what was spent goes along");
        }
    }

    [Test]
    public async Task A_right_that_was_taken_away_ends_the_short_way_and_a_right_that_is_left_keeps_it()
    {
        var call = new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan);
        await _check.InvokeAsync(call.Http);
        await _gate.RegisterAsync(_gate.Store[Bank] with { Purposes = [Purpose.MarketAccess] });

        await _check.InvokeAsync(call.Again(LookupWorld.AboutTheMan));
        var afterwards = _wentOn;
        _wentOn = false;
        var other = LookupWorld.AboutTheMan;
        other.Purpose = V1.Purpose.MarketAccess;
        await _check.InvokeAsync(call.Again(other));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(afterwards);
            Assert.That(_wentOn, Is.False);
        }
    }

    [Test]
    public async Task Nothing_is_allocated_beyond_the_two_messages()
    {
        using var gate = new Gate();
        await gate.RegisterAsync(_gate.Store[Bank]);
        var check = new CommonCheck(
            _ => Task.CompletedTask, new QuickEntry(gate.Registry, gate.Quotas), _world.Lookup, _world.Metrics, _world.Ended,
            _world.Clock, NullLogger<CommonCheck>.Instance);
        var call = new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheMan);
        var question = new ReadOnlySequence<byte>(LookupWorld.AboutTheMan.ToByteArray());
        var times = _world.Lookup.TimesOf(_world.Node.Applied, _world.Clock.GetUtcNow(), lastDay: null);
        Measure();

        var (whole, expected) = Measure();

        Assert.That(whole, Is.EqualTo(expected));

        (long Whole, long Expected) Measure()
        {
            var http = call.Again(LookupWorld.AboutTheMan);
            var start = GC.GetAllocatedBytesForCurrentThread();
            var answered = check.InvokeAsync(http);
            var middle = GC.GetAllocatedBytesForCurrentThread();
            CheckSubjectRequest.Parser.ParseFrom(question);
            AnswerMapping.NotListed(times);
            var end = GC.GetAllocatedBytesForCurrentThread();

            Assert.That(answered.IsCompletedSuccessfully);
            return (middle - start, end - middle);
        }
    }

    private static IEnumerable<TestCaseData> Openings()
    {
        var whole = CheckCall.Frame(LookupWorld.AboutTheMan.ToByteArray());
        yield return new TestCaseData(Array.Empty<byte>()).SetName("A_request_that_has_not_begun_is_left_to_gRPC_after_a_moment");
        yield return new TestCaseData(whole[..3]).SetName("A_head_that_is_not_whole_is_left_to_gRPC_after_a_moment");
        yield return new TestCaseData(whole[..20]).SetName("A_question_that_is_not_whole_is_left_to_gRPC_after_a_moment");
        yield return new TestCaseData(whole).SetName("A_question_without_an_end_is_left_to_gRPC_after_a_moment");
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return new TestCaseData(new byte[] { 0, 0, 1, 0, 0 }).SetName("A_message_that_will_be_long_is_left_to_gRPC_at_once");
        yield return new TestCaseData(new byte[] { 0, 255, 255, 255, 255 }).SetName("A_message_that_will_be_far_too_long_is_left_to_gRPC_at_once");
        yield return new TestCaseData(new byte[] { 1, 0, 0, 0, 5 }).SetName("A_message_that_will_be_compressed_is_left_to_gRPC_at_once");
        yield return new TestCaseData(CheckCall.Frame([0xFF, 0xFF])).SetName("Bytes_that_are_no_message_are_left_to_gRPC_at_once");
        yield return new TestCaseData((byte[])[.. CheckCall.Frame(LookupWorld.AboutTheMan.ToByteArray()), 0]).SetName("A_byte_too_many_is_left_to_gRPC_at_once");
    }

    private static IEnumerable<TestCaseData> LongWays()
    {
        yield return Case("Somebody_who_is_listed", _ => new CheckCall(Gate.KeyOf(Bank), LookupWorld.AboutTheCompany));
        yield return Case("A_key_that_is_not_registered", _ => new CheckCall(Gate.KeyOf("nobody"), LookupWorld.AboutTheMan));
        yield return Case("A_key_that_was_revoked", tests => Registered(tests, partner => partner with { Keys = [] }));
        yield return Case("A_partner_that_is_suspended", tests => Registered(tests, partner => partner with { Suspended = true }));
        yield return Case(
            "A_partner_without_the_right", tests => Registered(tests, partner => partner with { Rpcs = ["creditshare.v1.LookupService/GetAnswer"] }));
        yield return Case("A_registry_that_was_not_confirmed", tests =>
        {
            tests._gate.Clock.Advance(PartnerRegistry.MaxAge + TimeSpan.FromSeconds(1));
            return About(_ => { });
        });
        yield return Case("A_connection_without_a_key", _ => new CheckCall(key: null, LookupWorld.AboutTheMan));
        yield return Case("A_purpose_that_was_not_granted", _ => About(request => request.Purpose = V1.Purpose.MarketAccess));
        yield return Case("A_view_that_was_not_granted", _ => About(request => request.View = V1.View.Full));
        yield return Case("A_length_over_the_limit", _ => Call(call => call.Http.Request.ContentLength = 40_000_000));
        yield return Case("A_wrong_number", _ => About(request => request.Document.Number = "1"));
        yield return Case("A_position_to_wait_for", _ => About(request => request.AtLeast = new Position { Epoch = 1, Sequence = 1 }));
        yield return Case("Another_type_of_content", _ => Call(call => call.Http.Request.ContentType = "application/grpc+json"));
        yield return Case("Another_method", _ => Call(call => call.Http.Request.Method = "GET"));
        yield return Case("Another_path", _ => Call(call => call.Http.Request.Path = Gate.FollowChanges));
        yield return Case("Bytes_that_are_no_message", _ => new CheckCall(Gate.KeyOf(Bank), CheckCall.Frame([0xFF, 0xFF])));
        yield return Case("A_compressed_message", _ => new CheckCall(Gate.KeyOf(Bank), [1, 0, 0, 0, 0]));
        yield return Case("A_length_that_is_not_so", _ => new CheckCall(Gate.KeyOf(Bank), [0, 0, 0, 0, 9, 0]));
        yield return Case("No_message", _ => new CheckCall(Gate.KeyOf(Bank), Array.Empty<byte>()));
        yield return Case("A_long_message", _ => About(request => request.Reference = new string('x', 8_000)));
        yield return Case("A_node_without_a_lease", tests =>
        {
            tests._world.Node.HasLease = false;
            return About(_ => { });
        });

        static TestCaseData Case(string name, Func<CommonCheckTests, CheckCall> prepare) => new TestCaseData(prepare).SetName(name);

        static CheckCall About(Action<CheckSubjectRequest> change)
        {
            var request = LookupWorld.AboutTheMan;
            change(request);
            return new CheckCall(Gate.KeyOf(Bank), request);
        }

        static CheckCall Registered(CommonCheckTests tests, Func<Partner, Partner> change)
        {
            tests._gate.RegisterAsync(change(tests._gate.Store[Bank])).GetAwaiter().GetResult();
            return About(_ => { });
        }

        static CheckCall Call(Action<CheckCall> change)
        {
            var call = About(_ => { });
            change(call);
            return call;
        }
    }

    private int CallsLeft()
    {
        var left = 0;
        while (_gate.Quotas.TrySpendCall(_gate.Store[Bank], out _)) left++;
        return left;
    }

    private CommonCheck CheckBy(TimeProvider clock, SubjectLookup lookup) => new(
        _ =>
        {
            _wentOn = true;
            return Task.CompletedTask;
        },
        new QuickEntry(_gate.Registry, _gate.Quotas), lookup, _world.Metrics, _world.Ended, clock, NullLogger<CommonCheck>.Instance);

    /// <summary>Tells how long something took, and fails whoever asks for the time.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The clock is broken.");
    }
}
