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
internal readonly record struct PipelineKey(SubscriptionId Subscription, Lane Lane, PipelinePart Part);

/// <summary>The two pipelines of a lane, of which the second is gone through only where the first failed.</summary>
internal enum PipelinePart
{
    /// <summary>The circuit breaker and the limit of a try.</summary>
    Try,

    /// <summary>The limit of all tries and the quick retries.</summary>
    Retries,
}

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

    /// <summary>A limit of zero would be none.</summary>
    private static readonly TimeSpan s_leastLeft = TimeSpan.FromMilliseconds(1);

    private static readonly ResiliencePropertyKey<TimeSpan> s_left = new("left");

    private readonly ResiliencePipelineRegistry<PipelineKey> _registry;
    private readonly ConcurrentDictionary<(SubscriptionId, Lane), (CircuitBreakerManualControl Control, CircuitBreakerStateProvider State)> _breakers = new();
    private readonly TimeProvider _clock;
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
        (_options, _clock, _random, _innermost) = (options.Value, clock, random, innermost);
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

    /// <summary>A pipeline of a subscription's lane.</summary>
    public ResiliencePipeline<DeliveryAnswer> For(SubscriptionId subscription, Lane lane, PipelinePart part) => _registry.GetOrAddPipeline<DeliveryAnswer>(
        new PipelineKey(subscription, lane, part),
        (builder, context) =>
        {
            if (context.PipelineKey.Part == PipelinePart.Try) ConfigureTry(builder, context.PipelineKey);
            else ConfigureRetries(builder);
        });

    /// <summary>Sends something by a lane, with what surrounds it.</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="lane">On which lane.</param>
    /// <param name="send">Sends it once.</param>
    /// <param name="state">What that needs.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public async ValueTask<Outcome<DeliveryAnswer>> ExecuteAsync<TState>(
        SubscriptionId subscription, Lane lane, Func<ResilienceContext, TState, ValueTask<Outcome<DeliveryAnswer>>> send, TState state,
        CancellationToken cancellationToken)
    {
        // Step 1: nearly every message needs no second try, and is spared what only that needs: two limits of time cost two timers.
        var began = _clock.GetTimestamp();
        var pipeline = For(subscription, lane, PipelinePart.Try);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        var first = await pipeline.ExecuteOutcomeAsync(send, context, state);
        ResilienceContextPool.Shared.Return(context);
        if (!MayPassSoon(first)) return first;

        // Step 2: the retries begin with what came of the first try, and have what it left of the limit for all.
        context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_left, _options.TotalTimeout - _clock.GetElapsedTime(began));
        var outcome = await For(subscription, lane, PipelinePart.Retries).ExecuteOutcomeAsync(
            static (context, retried) => retried.Took() is { } first ? ValueTask.FromResult(first) : retried.Try.ExecuteOutcomeAsync(retried.Send, context, retried.State),
            context,
            new Retried<TState>(first, pipeline, send, state));
        ResilienceContextPool.Shared.Return(context);
        return outcome;
    }

    /// <summary>Closes a subscription's breakers: its owner may have put right what was wrong.</summary>
    public async Task CloseBreakersAsync(SubscriptionId subscription, CancellationToken cancellationToken)
    {
        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (_breakers.TryGetValue((subscription, lane), out var breaker)) await breaker.Control.CloseAsync(cancellationToken);
        }
    }

    public void Dispose() => _registry.Dispose();

    private static bool MayPassSoon(Outcome<DeliveryAnswer> outcome) => outcome is { Exception: HttpRequestException } or { Result.MayPassSoon: true };

    private void ConfigureRetries(ResiliencePipelineBuilder<DeliveryAnswer> builder) => builder
        .AddTimeout(new TimeoutStrategyOptions
        {
            Name = "Total",
            Timeout = _options.TotalTimeout,
            TimeoutGenerator = arguments => ValueTask.FromResult(
                arguments.Context.Properties.GetValue(s_left, _options.TotalTimeout) is var left && left > s_leastLeft ? left : s_leastLeft),
        })
        .AddRetry(new RetryStrategyOptions<DeliveryAnswer>
        {
            MaxRetryAttempts = QuickRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstRetry,
            MaxDelay = LongestRetry,
            UseJitter = true,
            Randomizer = _random.NextDouble,
            ShouldHandle = arguments => ValueTask.FromResult(MayPassSoon(arguments.Outcome)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
        });

    private void ConfigureTry(ResiliencePipelineBuilder<DeliveryAnswer> builder, PipelineKey key)
    {
        var breaker = (Control: new CircuitBreakerManualControl(), State: new CircuitBreakerStateProvider());
        _breakers[(key.Subscription, key.Lane)] = breaker;
        builder.TelemetryListener = new EventsOnly(builder.TelemetryListener!);
        builder
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

    /// <summary>A message that is tried again. Its first try has been.</summary>
    private sealed class Retried<TState>(
        Outcome<DeliveryAnswer> first, ResiliencePipeline<DeliveryAnswer> pipeline,
        Func<ResilienceContext, TState, ValueTask<Outcome<DeliveryAnswer>>> send, TState state)
    {
        private Outcome<DeliveryAnswer>? _first = first;

        public ResiliencePipeline<DeliveryAnswer> Try => pipeline;

        public Func<ResilienceContext, TState, ValueTask<Outcome<DeliveryAnswer>>> Send => send;

        public TState State => state;

        /// <summary>What came of the first try, once.</summary>
        public Outcome<DeliveryAnswer>? Took()
        {
            var taken = _first;
            _first = null;
            return taken;
        }
    }

    /// <summary>Passes on what happens to a try, and not that there was one: that is measured as an attempt, for each of them.</summary>
    private sealed class EventsOnly(TelemetryListener listener) : TelemetryListener
    {
        public override void Write<TResult, TState>(in TelemetryEventArguments<TResult, TState> args)
        {
            if (args.Event.Severity > ResilienceEventSeverity.Information || args.Source.StrategyName is not null) listener.Write(args);
        }
    }
}
