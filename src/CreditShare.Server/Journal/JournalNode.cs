namespace CreditShare.Server.Journal;

/// <summary>Runs the node's place in the journal: the tail, and beside it the lease. Whichever ends first ends both.</summary>
internal sealed class JournalNode(
    JournalTail tail, NodeLease lease, IHostApplicationLifetime lifetime, ILogger<JournalNode> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var running = new[] { tail.RunAsync(both.Token), lease.RunAsync(both.Token) };
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
}
