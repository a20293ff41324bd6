using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>Holds a court's answer until no node can say LISTED any more because of what the change took away (promise P5).</summary>
internal sealed class WithdrawalBarrier(
    IStore store, JournalTail tail, TimeProvider clock, IOptions<JournalOptions> options, JournalMetrics metrics)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until every node that may answer has applied the position.</summary>
    /// <exception cref="RefusedException">Not all did in time; the change is durable all the same.</exception>
    public async Task WaitAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Value.BarrierTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // Step 1: this node, in memory.
            await tail.WaitForAsync(position, either.Token);

            // Step 2: the others, by their rows. A row older than lease and margin belongs to a node that has stopped answering.
            for (var wait = FirstWait; !await AllAppliedAsync(position, either.Token); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            {
                await Task.Delay(wait, clock, either.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or StoreUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(ErrorReason.WithdrawalNotConfirmed) { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        metrics.BarrierPassed(clock.GetElapsedTime(started));
    }

    private async Task<bool> AllAppliedAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        var nodes = await store.Nodes.ListAsync(NodeLease.Length + NodeLease.Margin, cancellationToken);
        return nodes.All(node => new JournalPosition(node.Epoch, node.Applied).Covers(position));
    }
}
