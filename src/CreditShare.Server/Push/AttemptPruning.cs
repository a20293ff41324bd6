using CreditShare.Core.Journal;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>Removes delivery attempts that are older than they are kept, every hour.</summary>
internal sealed class AttemptPruning(IStore store, IOptions<PushOptions> options, TimeProvider clock, ILogger<AttemptPruning> logger) : BackgroundService
{
    private const int AtOnce = 10_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Removes what is too old now.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.KeepAttempts;
        int removed;
        do
        {
            removed = await store.Subscriptions.PruneAttemptsAsync(before, AtOnce, cancellationToken);
            if (removed > 0) logger.AttemptsPruned(removed);
        }
        while (removed == AtOnce);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.PruningFailed(e);
            }
        }
    }
}
