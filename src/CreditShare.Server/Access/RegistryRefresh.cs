using CreditShare.Server.Transport;

namespace CreditShare.Server.Access;

/// <summary>Loads the registry before the first call and confirms it every second.</summary>
internal sealed class RegistryRefresh(PartnerRegistry registry, TimeProvider clock, ILogger<RegistryRefresh> logger)
    : BackgroundService, IReadiness
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public bool IsReady => registry.IsCurrent;

    public string WaitingFor => "the registry of partners could not be confirmed";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await registry.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // Bounded, so that a store that hangs does not hide that the registry grows old.
                using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                bounded.CancelAfter(Every);
                await registry.RefreshAsync(bounded.Token);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.RegistryNotConfirmed(exception);
                registry.EndStreamsIfStale();
            }
        }
    }
}
