using System.Diagnostics.Metrics;
using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.Tests.Access;
using CreditShare.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Transport;

internal sealed class StatusInterceptorTests
{
    private const string Secret = "11010519491231002X";

    private readonly FakeTimeProvider _clock = new();

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case(new RefusedException(ErrorReason.CourtNotYours), StatusCode.PermissionDenied, "COURT_NOT_YOURS", false, "A_refusal");
        yield return Case(new StoreUnavailableException(Secret, null), StatusCode.Unavailable, "STORE_UNAVAILABLE", true, "A_store_that_is_away");
        yield return Case(new OutcomeUnknownException(Secret, null), StatusCode.Unknown, "OUTCOME_UNKNOWN", true, "An_unknown_outcome");
        yield return Case(new StoreOverloadedException(Secret), StatusCode.ResourceExhausted, "OVERLOADED", true, "An_overloaded_store");
        yield return Case(new InvalidOperationException(Secret), StatusCode.Internal, "INTERNAL", false, "A_fault");
        yield return Case(new OperationCanceledException(Secret), StatusCode.Internal, "INTERNAL", false, "A_cancellation_that_is_not_the_callers");
        yield return Case(
            new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, "too large")), StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", false,
            "A_message_over_the_limit");

        static TestCaseData Case(Exception exception, StatusCode code, string reason, bool retries, string name) =>
            new TestCaseData(exception, code, reason, retries).SetName($"{name}_becomes_{reason}");
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Becomes(Exception exception, StatusCode code, string reason, bool retries)
    {
        var answered = await FailAsync(exception, new FakeCall(Gate.CheckSubject));

        var status = answered.GetRpcStatus()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answered.StatusCode, Is.EqualTo(code));
            Assert.That(status.GetDetail<ErrorInfo>().Reason, Is.EqualTo(reason));
            Assert.That(status.GetDetail<RetryInfo>() is not null, Is.EqualTo(retries));
            Assert.That(status.ToString(), Does.Not.Contain(Secret), "nothing of the exception is told");
        }
    }

    [Test]
    public async Task An_incident_of_a_fault_is_named_to_the_caller()
    {
        var status = (await FailAsync(new InvalidOperationException(Secret), new FakeCall(Gate.CheckSubject))).GetRpcStatus()!;

        Assert.That(status.GetDetail<ErrorInfo>().Metadata["incident"], Has.Length.EqualTo(12));
        Assert.That(status.Message, Does.Contain(status.GetDetail<ErrorInfo>().Metadata["incident"]));
    }

    [TestCase(false, StatusCode.Cancelled)]
    [TestCase(true, StatusCode.DeadlineExceeded)]
    public async Task Whatever_breaks_once_the_caller_is_gone_breaks_because_it_is_gone(bool deadlinePassed, StatusCode code)
    {
        var call = new FakeCall(Gate.CheckSubject) { IsGone = true, Until = _clock.GetUtcNow().UtcDateTime.AddSeconds(deadlinePassed ? -1 : 1) };

        Assert.That((await FailAsync(new OperationCanceledException(), call)).StatusCode, Is.EqualTo(code));
        Assert.That((await FailAsync(new IOException(), call)).StatusCode, Is.EqualTo(code));
    }

    private async Task<RpcException> FailAsync(Exception exception, FakeCall call)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var ended = new EndedCalls(new TransportMetrics(services.GetRequiredService<IMeterFactory>()), _clock, NullLogger<EndedCalls>.Instance);
        var interceptor = new StatusInterceptor(ended, NullLogger<StatusInterceptor>.Instance, _clock);
        return (await Assert.ThrowsAsync<RpcException>(
            () => interceptor.UnaryServerHandler<string, string>("", call, (_, _) => Task.FromException<string>(exception))))!;
    }
}
