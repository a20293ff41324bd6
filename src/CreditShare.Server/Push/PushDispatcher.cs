using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>Takes leases on subscriptions and keeps a runner for each; what is leased by another node is that node's.</summary>
internal sealed class PushDispatcher(
    IStore store, SubscriptionRunners runners, IOptions<PushOptions> options, TimeProvider clock, PushMetrics metrics, ILogger<PushDispatcher> logger)
    : BackgroundService
{
    /// <summary>Leases taken at once, so that nodes that start together each get some.</summary>
    private const int LeasesAtOnce = 100;

    private static readonly TimeSpan ReleaseWithin = TimeSpan.FromSeconds(5);

    private readonly Guid _node = Guid.CreateVersion7();
    private readonly Dictionary<SubscriptionId, Running> _running = [];
    private long? _renewedAt;

    /// <summary>How many subscriptions are delivered to.</summary>
    public int Count => _running.Count;

    /// <summary>Looks once after all leases.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        Reap();
        if (_renewedAt is null || clock.GetElapsedTime(_renewedAt.Value) >= options.Value.LeaseRenewal) await RenewAsync(cancellationToken);

        var limit = Math.Min(LeasesAtOnce, options.Value.MaxSubscriptions - _running.Count);
        if (limit <= 0) return;

        foreach (var leased in await store.Subscriptions.LeaseAsync(_node, limit, options.Value.LeaseLength, cancellationToken))
        {
            await StartAsync(leased, cancellationToken);
        }
    }

    /// <summary>Ends all deliveries and gives the leases back.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await StopAllAsync();
        await store.Subscriptions.ReleaseAsync(_node, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LeasePoll, clock);
        try
        {
            do
            {
                await TryStepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception e) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, and whatever the last look came to, the deliveries stop and the leases are given back.
            if (e is not OperationCanceledException) logger.LeasesUnreachable(e);
        }

        using var bounded = new CancellationTokenSource(ReleaseWithin, clock);
        try
        {
            await LeaveAsync(bounded.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // Then they run out by themselves.
            logger.LeasesUnreachable(e);
        }
    }

    private async Task TryStepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StepAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (e is StoreUnavailableException) logger.LeasesUnreachable(e);
            else logger.DispatchFailed(e);

            // Another node may deliver by now. The fence would refuse what ours write; not to send at all is better.
            if (_renewedAt is { } renewed && clock.GetElapsedTime(renewed) >= options.Value.LeaseLength) await StopAllAsync();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var asked = clock.GetTimestamp();
        var held = await store.Subscriptions.RenewAsync(_node, options.Value.LeaseLength, cancellationToken);
        _renewedAt = asked;

        foreach (var (id, running) in _running.ToList())
        {
            if (!held.TryGetValue(id, out var fence) || fence != running.Fence) await StopAsync(id);
        }

        // A runner that ended on a fault, while its lease goes on.
        foreach (var (id, fence) in held)
        {
            if (_running.ContainsKey(id)) continue;
            if (await store.Subscriptions.FindAsync(id, cancellationToken) is not { } stored || IsDone(stored.Subscription)) continue;
            await StartAsync(new LeasedSubscription(stored, fence), cancellationToken);
        }
    }

    private static bool IsDone(Subscription subscription) =>
        subscription.State == SubscriptionState.Paused || (subscription.State == SubscriptionState.Revoked && subscription.PurgedAt is not null);

    private async Task StartAsync(LeasedSubscription leased, CancellationToken cancellationToken)
    {
        var id = leased.Stored.Subscription.Id;
        await StopAsync(id);
        cancellationToken.ThrowIfCancellationRequested();
        logger.RunnerStarted(id, leased.Fence);
        metrics.Waits(id, 0);
        var stop = new CancellationTokenSource();
        var runner = runners.Make(leased);

        // Not on this thread: a runner that finds much to do at once must not hold up the renewal of leases.
        _running[id] = new Running(leased.Fence, stop, Task.Run(() => runner.RunAsync(stop.Token), CancellationToken.None));
    }

    private void Reap()
    {
        foreach (var (id, running) in _running.Where(pair => pair.Value.Task.IsCompleted).ToList()) Bury(id, running);
    }

    private async Task StopAllAsync()
    {
        foreach (var running in _running.Values) await running.Stop.CancelAsync();
        foreach (var id in _running.Keys.ToList()) await StopAsync(id);
    }

    private async Task StopAsync(SubscriptionId id)
    {
        if (!_running.TryGetValue(id, out var running)) return;

        await running.Stop.CancelAsync();
        await running.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Bury(id, running);
    }

    private void Bury(SubscriptionId id, Running running)
    {
        _running.Remove(id);
        metrics.Forget(id);
        running.Stop.Dispose();
        switch (running.Task.Exception?.GetBaseException())
        {
            case null:
                logger.RunnerEnded(id, running.Fence);
                break;
            case StoreUnavailableException e:
                logger.RunnerLostStore(id, e);
                break;
            case var e:
                logger.RunnerFailed(id, e);
                break;
        }
    }

    private sealed record Running(long Fence, CancellationTokenSource Stop, Task Task);
}
