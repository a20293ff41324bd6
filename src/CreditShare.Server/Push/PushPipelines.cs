using System.Collections.Concurrent;
using CreditShare.Core.Push;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace CreditShare.Server.Push;

/// <summary>By what a pipeline is kept: each lane has its own, so that a frame on which a receiver chokes does not keep withdrawals back.</summary>
internal readonly record struct PipelineKey(SubscriptionId Subscription, Lane Lane);

/// <summary>What surrounds one attempt: a limit for all of it, two quick retries, a circuit breaker, a limit for each try.</summary>
/// <remarks>Safe for concurrent callers. What lies beyond one attempt is the durable schedule's.</remarks>
internal sealed class PushPipelines : IDisposable
{
    /// <summary>The name of the pipelines in Polly's telemetry; the lane is the instance.</summary>
    public const string TelemetryName = "push";

    /// <summary>Retries within one attempt.</summary>
    public const int QuickRetries = 2;

    /// <summary>The share of failures at which the breaker opens.</summary>
    public const double FailureRatio = 0.5;

    /// <summary>Calls that must have been made before the breaker may open; Polly's default of 100 would never be reached by one call in flight.</summary>
    public const int BreakerThroughput = 4;

    /// <summary>The first wait before a quick retry; it doubles.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a quick retry.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(1);

    /// <summary>Over how long the breaker counts.</summary>
    public static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a breaker keeps withdrawals back.</summary>
    public static readonly TimeSpan LongestBreakOfWithdrawals = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipelineRegistry<PipelineKey> _registry;
    private readonly ConcurrentDictionary<PipelineKey, (CircuitBreakerManualControl Control, CircuitBreakerStateProvider State)> _breakers = new();
    private readonly PushOptions _options;
    private readonly Random _random;
    private readonly Action<ResiliencePipelineBuilder<DeliveryAnswer>>? _innermost;

    /// <param name="options">The limits.</param>
    /// <param name="clock">All waits.</param>
    /// <param name="random">The jitter of quick retries.</param>
    /// <param name="metrics">Where the breakers show.</param>
    /// <param name="innermost">Adds what a test wants between the pipeline and the receiver; null otherwise.</param>
    public PushPipelines(
        IOptions<PushOptions> options, TimeProvider clock, Random random, PushMetrics metrics,
        Action<ResiliencePipelineBuilder<DeliveryAnswer>>? innermost = null)
    {
        (_options, _random, _innermost) = (options.Value, random, innermost);
        _registry = new ResiliencePipelineRegistry<PipelineKey>(new ResiliencePipelineRegistryOptions<PipelineKey>
        {
            // Polly's events become metrics; what an operator should read is said by the schedule, once an attempt.
            BuilderFactory = () => new ResiliencePipelineBuilder { TimeProvider = clock }
                .ConfigureTelemetry(new TelemetryOptions { LoggerFactory = NullLoggerFactory.Instance }),
            BuilderNameFormatter = _ => TelemetryName,
            InstanceNameFormatter = key => key.Lane.ToString(),
        });
        metrics.ObserveBreakers(() => _breakers.Values.Count(breaker => breaker.State.CircuitState is CircuitState.Open or CircuitState.HalfOpen));
    }

    /// <summary>The pipeline of a subscription's lane.</summary>
    public ResiliencePipeline<DeliveryAnswer> For(SubscriptionId subscription, Lane lane) =>
        _registry.GetOrAddPipeline<DeliveryAnswer>(new PipelineKey(subscription, lane), (builder, context) => Configure(builder, context.PipelineKey));

    /// <summary>Closes a subscription's breakers: its owner may have put right what was wrong.</summary>
    public async Task CloseBreakersAsync(SubscriptionId subscription, CancellationToken cancellationToken)
    {
        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (_breakers.TryGetValue(new PipelineKey(subscription, lane), out var breaker)) await breaker.Control.CloseAsync(cancellationToken);
        }
    }

    public void Dispose() => _registry.Dispose();

    private void Configure(ResiliencePipelineBuilder<DeliveryAnswer> builder, PipelineKey key)
    {
        var breaker = (Control: new CircuitBreakerManualControl(), State: new CircuitBreakerStateProvider());
        _breakers[key] = breaker;
        builder
            .AddTimeout(new TimeoutStrategyOptions { Name = "Total", Timeout = _options.TotalTimeout })
            .AddRetry(new RetryStrategyOptions<DeliveryAnswer>
            {
                MaxRetryAttempts = QuickRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstRetry,
                MaxDelay = LongestRetry,
                UseJitter = true,
                Randomizer = _random.NextDouble,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome is { Exception: HttpRequestException } or { Result.MayPassSoon: true }),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<DeliveryAnswer>
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = BreakerThroughput,
                SamplingDuration = BreakerSampling,
                BreakDuration = BreakOf(key.Lane),
                ManualControl = breaker.Control,
                StateProvider = breaker.State,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome is { Exception: not null and not OperationCanceledException } or { Result.IsFailure: true }),
            })
            .AddTimeout(new TimeoutStrategyOptions { Name = "Attempt", Timeout = _options.AttemptTimeout });
        _innermost?.Invoke(builder);
    }

    private TimeSpan BreakOf(Lane lane) =>
        lane == Lane.Withdrawals && _options.BreakDuration > LongestBreakOfWithdrawals ? LongestBreakOfWithdrawals : _options.BreakDuration;
}
