using CreditShare.Core.Push;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using DeliveryAttempt = CreditShare.Core.Push.DeliveryAttempt;
using DeliveryOutcome = CreditShare.Core.Push.DeliveryOutcome;
using DeliveryPurpose = CreditShare.Core.Push.DeliveryPurpose;
using Lane = CreditShare.Core.Push.Lane;

namespace CreditShare.Server.Push;

/// <summary>What came of a message.</summary>
/// <param name="Answer">What counts: the last answer.</param>
/// <param name="Attempts">One for each time that it was sent, in order; one if it was not sent at all.</param>
internal sealed record Dispatch(DeliveryAnswer Answer, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>Sends a message through the pipeline of its lane, and keeps book of each time that it went out.</summary>
internal sealed class Courier(PushPipelines pipelines, TimeProvider clock, PushMetrics metrics)
{
    /// <summary>Sends a message, with quick retries.</summary>
    /// <returns>What came of it, also when it was called off: then the caller decides what is still to be written.</returns>
    public async Task<Dispatch> SendAsync(
        SubscriptionId subscription, IReceiverLink link, ReceiveChangesRequest request, CancellationToken cancellationToken)
    {
        var trip = new Trip(this, link, request, cancellationToken);
        var outcome = await pipelines.ExecuteAsync(
            subscription, (Lane)request.Lane, static (context, trip) => trip.SendAsync(context.CancellationToken), trip, cancellationToken);
        var answer = outcome.Result ?? trip.Last ?? AnswerOf(outcome.Exception!, cancellationToken);
        if (trip.Attempts.Count == 0) trip.Enter(clock.GetUtcNow(), TimeSpan.Zero, answer);
        return new Dispatch(answer, trip.Attempts);
    }

    /// <summary>Sends a message once, past retries and breakers.</summary>
    public async Task<DeliveryAttempt> SendOnceAsync(
        IReceiverLink link, ReceiveChangesRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var trip = new Trip(this, link, request, cancellationToken);
        await trip.SendAsync(either.Token);
        return trip.Attempts[0];
    }

    private static DeliveryAnswer AnswerOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        BrokenCircuitException => new DeliveryAnswer { Outcome = DeliveryOutcome.Broken, Error = "Not sent: the receiver failed too often just now." },
        TimeoutRejectedException => DeliveryAnswer.TimedOut("No answer in time."),
        OperationCanceledException when cancellationToken.IsCancellationRequested => DeliveryAnswer.Unreachable("Called off before it was sent."),
        _ => LinkFailure.Of(exception),
    };

    /// <summary>One message on its way.</summary>
    /// <param name="courier">Who sends it.</param>
    /// <param name="link">The way.</param>
    /// <param name="request">The message.</param>
    /// <param name="calledOff">Cancelled by whoever has it sent; the pipeline cancels on its own, when a limit is reached.</param>
    private sealed class Trip(Courier courier, IReceiverLink link, ReceiveChangesRequest request, CancellationToken calledOff)
    {
        private readonly List<DeliveryAttempt> _attempts = new(1);

        public List<DeliveryAttempt> Attempts => _attempts;

        public DeliveryAnswer? Last { get; private set; }

        public async ValueTask<Outcome<DeliveryAnswer>> SendAsync(CancellationToken cancellationToken)
        {
            var at = courier.Now;
            var started = courier.Ticks;
            request.SendTime = Timestamp.FromDateTimeOffset(at);
            DeliveryAnswer answer;
            try
            {
                answer = AnswerReading.Read(request, await link.SendAsync(request, cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // An attempt like any other: the receiver may have had it all. Unless ours is the reason, the connection took too long.
                answer = (calledOff.IsCancellationRequested, cancellationToken.IsCancellationRequested) switch
                {
                    (true, _) => DeliveryAnswer.TimedOut("Called off before the answer."),
                    (_, true) => DeliveryAnswer.TimedOut("No answer in time."),
                    _ => DeliveryAnswer.Unreachable("No connection in time."),
                };
            }
            catch (Exception e)
            {
                // Whatever it was, the message may have gone out.
                answer = LinkFailure.Of(e);
            }

            Enter(at, courier.Since(started), answer);
            Last = answer;
            return Outcome.FromResult(answer);
        }

        public void Enter(DateTimeOffset at, TimeSpan latency, DeliveryAnswer answer)
        {
            var attempt = new DeliveryAttempt
            {
                At = at,
                Purpose = (DeliveryPurpose)request.Purpose,
                Lane = (Lane)request.Lane,
                Epoch = request.Epoch,
                From = request.FromSequence,
                To = request.ToSequence,
                Outcome = answer.Outcome,
                Latency = latency,
                Status = answer.Status,
                Error = answer.Error,
                Accepted = answer.IsFailure ? request.FromSequence : answer.Accepted,
                Applied = answer.Applied,
            };
            _attempts.Add(attempt);
            courier.Attempted(attempt);
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private long Ticks => clock.GetTimestamp();

    private TimeSpan Since(long timestamp) => clock.GetElapsedTime(timestamp);

    private void Attempted(DeliveryAttempt attempt) => metrics.Attempted(attempt);
}
