using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>Holds a court's answer until no node can say LISTED any more because of what the change took away (promise P5).</summary>
/// <remarks>
/// One look at the rows serves all who wait, since what every row covers at one time stays covered: a node that comes up or comes back
/// later answers only once it has applied a head that was read after its row could be seen.
/// </remarks>
internal sealed class WithdrawalBarrier(
    NodeWatch nodes, JournalTail tail, TimeProvider clock, IOptions<JournalOptions> options, JournalMetrics metrics) : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private JournalPosition _confirmed;
    private long? _lookedAt;

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

            // Step 2: the others, by their rows. A row that stays as it is for lease and margin is of a node that has stopped answering.
            for (var wait = FirstWait; !await IsConfirmedAsync(position, either.Token); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
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

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Whether every node that may answer has applied the position; looks if that is not known and nobody looked just now.</summary>
    public async Task<bool> IsConfirmedAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var lookedJustNow = _lookedAt is { } at && clock.GetElapsedTime(at) < FirstWait;
            if (!_confirmed.Covers(position) && !lookedJustNow) await LookAsync(cancellationToken);
            return _confirmed.Covers(position);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // Taken before the rows are read: what this node has applied by now was committed before, so no row can be missing for it.
        var covered = tail.Applied;
        _lookedAt = clock.GetTimestamp();
        foreach (var node in await nodes.ListAsync(cancellationToken))
        {
            var applied = new JournalPosition(node.Epoch, node.Applied);
            if (!applied.Covers(covered)) covered = applied;
        }

        if (covered.Covers(_confirmed)) _confirmed = covered;
    }
}
