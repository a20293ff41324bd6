using CreditShare.Core.Push;
using CreditShare.Server.Push;
using CreditShare.Tests.Infrastructure;
using NUnit.Framework;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;
using Polly.Simmy.Outcomes;
using Polly.Testing;
using Polly.Timeout;
using V1Lane = CreditShare.V1.Lane;

namespace CreditShare.Tests.Push;

internal sealed class PushPipelinesTests
{
    private const int LongestMs = 60_000;
    private const string Attempts = "creditshare.push.attempts";
    private const string OpenBreakers = "creditshare.push.breakers.open";
    private const string Outcome = "creditshare.outcome";

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [TestCase(Lane.Ordered, 30)]
    [TestCase(Lane.Withdrawals, 5)]
    public async Task An_attempt_is_surrounded_by_these_strategies_from_the_outside_in(Lane lane, int breakSeconds)
    {
        await using var world = await PushWorld.StartAsync();

        var options = new[] { PipelinePart.Retries, PipelinePart.Try }
            .SelectMany(part => world.Pipelines.For(PushWorld.Id, lane, part).GetPipelineDescriptor().Strategies)
            .Select(strategy => strategy.Options)
            .ToList();

        Assert.That(options.Select(option => option?.GetType()), Is.EqualTo(new[]
        {
            typeof(TimeoutStrategyOptions),
            typeof(RetryStrategyOptions<DeliveryAnswer>),
            typeof(CircuitBreakerStrategyOptions<DeliveryAnswer>),
            typeof(TimeoutStrategyOptions),
        }));
        var total = (TimeoutStrategyOptions)options[0]!;
        var retry = (RetryStrategyOptions<DeliveryAnswer>)options[1]!;
        var breaker = (CircuitBreakerStrategyOptions<DeliveryAnswer>)options[2]!;
        var attempt = (TimeoutStrategyOptions)options[3]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((total.Timeout, attempt.Timeout), Is.EqualTo((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10))));
            Assert.That(
                (retry.MaxRetryAttempts, retry.BackoffType, retry.Delay, retry.MaxDelay, retry.UseJitter),
                Is.EqualTo((2, DelayBackoffType.Exponential, TimeSpan.FromMilliseconds(200), (TimeSpan?)TimeSpan.FromSeconds(1), true)));
            Assert.That(
                (breaker.FailureRatio, breaker.MinimumThroughput, breaker.SamplingDuration, breaker.BreakDuration),
                Is.EqualTo((0.5, 4, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(breakSeconds))));
        }
    }

    [Test]
    public async Task Each_lane_of_each_subscription_has_a_pipeline_of_its_own()
    {
        await using var world = await PushWorld.StartAsync();
        var ordered = world.Pipelines.For(PushWorld.Id, Lane.Ordered, PipelinePart.Try);

        Assert.That(world.Pipelines.For(PushWorld.Id, Lane.Ordered, PipelinePart.Try), Is.SameAs(ordered));
        Assert.That(world.Pipelines.For(PushWorld.Id, Lane.Withdrawals, PipelinePart.Try), Is.Not.SameAs(ordered));
        Assert.That(world.Pipelines.For(SharingWorld.Id("other"), Lane.Ordered, PipelinePart.Try), Is.Not.SameAs(ordered));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_the_first_try_took_is_gone_from_the_limit_of_all_tries()
    {
        await using var world = await PushWorld.StartAsync(new PushOptions { AttemptTimeout = TimeSpan.FromSeconds(10), TotalTimeout = TimeSpan.FromSeconds(12) });
        world.Receiver.Before = (_, token) => Task.Delay(TimeSpan.FromSeconds(8), world.Clock, token);
        world.Receiver.Instead = _ => DeliveryAnswer.Refused("503", "busy") with { MayPassSoon = true };
        world.Publish(1);
        var began = world.Clock.GetUtcNow();

        await world.Lanes().SettleAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((world.Clock.GetUtcNow() - began).TotalSeconds, Is.InRange(12, 13));
            Assert.That(world.Receiver.Of(V1Lane.Ordered), Has.Count.EqualTo(2), "the second try is cut short, and there is no third");
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Dropped_connections_open_the_breaker_which_shows_and_afterwards_nothing_is_missing()
    {
        var drops = true;
        await using var world = await PushWorld.StartAsync(
            new PushOptions { FrameChanges = 2 },
            builder => builder.AddChaosFault(new ChaosFaultStrategyOptions
            {
                InjectionRate = 1,
                EnabledGenerator = _ => ValueTask.FromResult(drops),
                FaultGenerator = _ => ValueTask.FromResult<Exception?>(new HttpRequestException("dropped")),
            }));
        using var book = new MeterBook(world.Meters.Owns);
        for (var n = 1; n <= 6; n++) world.Publish(n);
        var lanes = world.Lanes();
        var before = book.Read(OpenBreakers);

        await lanes.PassAsync(TimeSpan.FromSeconds(10), Token);
        var during = book.Read(OpenBreakers);
        drops = false;
        await lanes.PassAsync(TimeSpan.FromMinutes(5), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before, during, book.Read(OpenBreakers)), Is.EqualTo((0, 1, 0)));
            Assert.That(
                (book.Sum(Attempts, Outcome, "Unreachable"), book.Sum(Attempts, Outcome, "Broken"), book.Sum(Attempts, Outcome, "Accepted")),
                Is.EqualTo((1, 2, 3)));
            Assert.That(book.Sum("creditshare.push.changes", "creditshare.lane", "Ordered"), Is.EqualTo(6));
            Assert.That(world.Receiver.Ordered, Is.EqualTo(new long[] { 1, 2, 3, 4, 5, 6 }));
            Assert.That(world.Stored.Subscription.State, Is.EqualTo(SubscriptionState.Active));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Errors_and_latency_at_random_cost_neither_order_nor_a_change()
    {
        const int changes = 30;
        var dice = new Random(7);
        await using var world = await PushWorld.StartAsync(
            new PushOptions { FrameChanges = 1 },
            builder => builder
                .AddChaosOutcome(new ChaosOutcomeStrategyOptions<DeliveryAnswer>
                {
                    InjectionRate = 0.3,
                    Randomizer = dice.NextDouble,
                    OutcomeGenerator = _ => ValueTask.FromResult<Outcome<DeliveryAnswer>?>(
                        Polly.Outcome.FromResult(DeliveryAnswer.Refused("503", "chaos") with { MayPassSoon = true })),
                })
                .AddChaosLatency(new ChaosLatencyStrategyOptions { InjectionRate = 0.2, Randomizer = dice.NextDouble, Latency = TimeSpan.FromMilliseconds(500) }));
        for (var n = 1; n <= changes; n++) world.Publish(n);

        await world.Lanes().PassUntilAsync(() => world.Stored.Ordered.Accepted.Sequence == changes, Token);

        Assert.That(world.Receiver.Ordered, Is.EqualTo(Enumerable.Range(1, changes).Select(n => (long)n)));
        Assert.That(world.Receiver.RangesOf(V1Lane.Ordered), Is.EqualTo(Enumerable.Range(0, changes).Select(n => ((long)n, n + 1L))), "contiguous");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_way_that_is_too_slow_ends_in_time_and_is_measured()
    {
        await using var world = await PushWorld.StartAsync(innermost: builder => builder.AddChaosLatency(
            new ChaosLatencyStrategyOptions { InjectionRate = 1, Latency = TimeSpan.FromSeconds(15) }));
        using var book = new MeterBook(world.Meters.Owns);
        world.Publish(1);
        var began = world.Clock.GetUtcNow();

        await world.Lanes().SettleAsync(Token);

        Assert.That((world.Clock.GetUtcNow() - began).TotalSeconds, Is.InRange(10, 15));
        Assert.That(book.Sum(Attempts, Outcome, "TimedOut"), Is.EqualTo(1));
        Assert.That(world.Receiver.Requests, Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_open_breaker_of_the_ordered_lane_keeps_no_withdrawal_back_and_closes_with_the_runner()
    {
        await using var world = await PushWorld.StartAsync();
        using var book = new MeterBook(world.Meters.Owns);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        world.Receiver.Instead = message =>
            message.Lane == V1Lane.Ordered ? DeliveryAnswer.Refused("503", "busy") with { MayPassSoon = true } : null;
        var entry = world.Publish(1);
        var running = world.Runner().RunAsync(stop.Token);
        await world.PassUntilAsync(() => book.Read(OpenBreakers) > 0, TimeSpan.FromMilliseconds(100), Token);

        world.Withdraw(entry);
        await PushWorld.UntilAsync(() => world.Stored.Withdrawals.Accepted.Sequence == 2, Token);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Assert.That(world.Stored.Ordered.Accepted.Sequence, Is.Zero);
        Assert.That(book.Read(OpenBreakers), Is.Zero, "nothing is kept back where nobody delivers");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_is_measured_of_attempts_and_of_pipelines_grows_with_no_subscription()
    {
        using var polly = new MeterBook(meter => meter.Name == "Polly");
        await using var world = await PushWorld.StartAsync();
        using var own = new MeterBook(world.Meters.Owns);
        world.Receiver.Instead = message => world.Receiver.Requests.Count == 1 ? DeliveryAnswer.Refused("503", "busy") with { MayPassSoon = true } : null;
        world.Publish(1);

        await world.Lanes().SettleAsync(Token);

        var lines = polly.Lines.Where(line => line.Tags.GetValueOrDefault("pipeline.name") == PushPipelines.TelemetryName).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.Instrument).Distinct(), Is.SupersetOf(new[]
            {
                "resilience.polly.strategy.events", "resilience.polly.strategy.attempt.duration", "resilience.polly.pipeline.duration",
            }));
            Assert.That(lines.SelectMany(line => line.Tags.Values), Has.None.Contains("subscriptions/"));
            Assert.That(lines.Select(line => line.Tags["pipeline.instance"]).Distinct(), Is.SubsetOf(Enum.GetNames<Lane>()));
            Assert.That(
                own.Lines.Where(line => line.Instrument == Attempts).Select(line => (line.Tags["creditshare.lane"], line.Tags[Outcome], line.Value)),
                Is.EqualTo(new[] { ("Ordered", "Refused", 1.0), ("Ordered", "Accepted", 1.0) }));
            Assert.That(own.Lines.Count(line => line.Instrument == "creditshare.push.latency"), Is.EqualTo(2));
        }
    }
}
