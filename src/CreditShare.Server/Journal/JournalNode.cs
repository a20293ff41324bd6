using CreditShare.Core.Journal;

namespace CreditShare.Server.Journal;

/// <summary>Runs the node's place in the journal: heartbeat first, then load, then follow.</summary>
internal sealed class JournalNode(
    JournalTail tail, NodeLease lease, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<JournalNode> logger) : BackgroundService
{
    private static readonly TimeSpan StartRetry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Step 1: the row, so that withdrawals wait for this node while it loads.
            await UntilTheStoreAnswersAsync(lease.StartAsync, stoppingToken);

            // Step 2: the load and the tail, beside the lease. Whichever ends first ends both.
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var running = new[]
            {
                UntilTheStoreAnswersAsync(tail.RunAsync, both.Token),
                lease.RunAsync(both.Token),
            };
            await Task.WhenAny(running);
            await both.CancelAsync();
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception e)
        {
            JournalLog.LoopFailed(logger, e);
            lifetime.StopApplication();
            throw;
        }
    }

    private async Task UntilTheStoreAnswersAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await step(cancellationToken);
                return;
            }
            catch (StoreUnavailableException e)
            {
                JournalLog.TailCannotRead(logger, e);
                await Task.Delay(StartRetry, clock, cancellationToken);
            }
        }
    }
}
