using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>The node's right to answer lookups, for two seconds after each heartbeat, and no longer.</summary>
/// <remarks>
/// A withdrawal is acknowledged once every node has applied it whose row has not stood still for <see cref="Length"/> plus
/// <see cref="Margin"/>. So a node must not answer when its row may have stood still for as long to others:
/// it answers only while its last successful heartbeat was <em>sent</em> less than <see cref="Length"/> ago. A row that was silent
/// for longer, and comes back, was not waited for meanwhile: then the node answers only once it has applied a head that was read
/// after the row was visible again. And a row is renewed only if the node has applied what was the head at the renewal before:
/// a node whose tail is stuck falls silent, instead of holding up the courts. For the same reason there is no row while the index loads:
/// a node that does not answer need not be waited for.
/// </remarks>
internal sealed class NodeLease(
    IStore store,
    JournalTail tail,
    [FromKeyedServices(BootClock.Key)] TimeProvider bootClock,
    TimeProvider clock,
    IOptions<JournalOptions> options,
    JournalMetrics metrics,
    ILogger<NodeLease> logger) : INodePosition, IReadiness, IDisposable
{
    /// <summary>How long a heartbeat lets the node answer.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    /// <summary>How much longer than <see cref="Length"/> others wait for a silent node.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    private readonly Guid _node = Guid.NewGuid();
    private readonly SemaphoreSlim _beatNow = new(0, 1);
    private long _lastSent;
    private bool _inSeries;
    private PositionBox _requiredBox = new(default);
    private JournalPosition _headAtLastBeat;
    private long _expires = long.MinValue;

    /// <inheritdoc/>
    public JournalPosition Applied => tail.Applied;

    /// <inheritdoc/>
    public bool IsFresh =>
        bootClock.GetTimestamp() < Interlocked.Read(ref _expires)
        && tail.AppliedHead is not null
        && tail.Applied.Covers(Volatile.Read(ref _requiredBox).Value);

    /// <inheritdoc/>
    public bool IsReady => IsFresh;

    /// <inheritdoc/>
    public string WaitingFor => "the node's lease: the index is loading, or the store does not answer";

    /// <inheritdoc/>
    public void EnsureFresh()
    {
        if (IsFresh) return;

        metrics.Stale();
        throw new RefusedException(ErrorReason.NodeStale) { RetryAfter = options.Value.HeartbeatInterval };
    }

    /// <inheritdoc/>
    public Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken) => tail.WaitForAsync(position, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _beatNow.Dispose();

    /// <summary>Keeps the lease until cancelled, then takes the node's row away.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        tail.TellSoon += BeatSoon;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await TryBeatAsync(cancellationToken);
                using var timeout = new CancellationTokenSource(options.Value.HeartbeatInterval, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                await _beatNow.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            tail.TellSoon -= BeatSoon;
            Expire();
            await RemoveAsync();
        }
    }

    /// <summary>Renews the row and with it the lease, unless the node is not entitled to: while it loads, or while it has not applied what was
    /// the head at the renewal before.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (tail.AppliedHead is not { } applied || !tail.Applied.Covers(_headAtLastBeat)) return;

        // Step 1: the row. The head is read once the row can be seen, so whoever did not wait for this row committed up to that head.
        var sent = bootClock.GetTimestamp();
        var head = await store.Nodes.BeatAsync(_node, applied.Epoch, applied.Sequence, cancellationToken);
        var received = bootClock.GetTimestamp();
        var position = new JournalPosition(head.Epoch, head.Sequence);

        // Step 2: seen from any other node, this row never stood still for longer than `received - last sent`. If that is below the lease, every
        // withdrawal since the last beat has waited for this node; otherwise some may not have, and are before this head.
        if (!_inSeries || bootClock.GetElapsedTime(_lastSent, received) >= Length)
        {
            Volatile.Write(ref _requiredBox, new PositionBox(position));
        }

        (_lastSent, _inSeries, _headAtLastBeat) = (sent, true, position);

        // Step 3: a head of another life, or behind this node. In doubt the node does not answer; if the store does not know its place,
        // it loads anew.
        if (head.Epoch != applied.Epoch || head.Sequence < applied.Sequence)
        {
            Expire();
            if (!await tail.IsKnownAsync(applied, cancellationToken))
            {
                _inSeries = false;
                tail.Abandon(applied);
                return;
            }

            var isSamePlace = head.Sequence == applied.Sequence && head.Hash.Span.SequenceEqual(applied.Hash.Span);
            if (head.Epoch > applied.Epoch && isSamePlace) tail.EnterLife(applied, head);
        }

        // Step 4: the lease counts from the sending, since the row may be as old as that.
        Interlocked.Exchange(ref _expires, sent + (long)(Length.TotalSeconds * bootClock.TimestampFrequency));
    }

    private void BeatSoon()
    {
        if (_beatNow.CurrentCount == 0)
        {
            try
            {
                _beatNow.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else asked in the same moment; one beat serves both.
            }
        }
    }

    private async Task TryBeatAsync(CancellationToken cancellationToken)
    {
        if (tail.AppliedHead is null) return;

        // Under a steady stream of changes a node is behind the last renewal's head by moments, so it beats as soon as it has caught up.
        using (var patience = new CancellationTokenSource(Length, clock))
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await tail.WaitForAsync(_headAtLastBeat, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            using var timeout = new CancellationTokenSource(Length, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await BeatAsync(either.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested) JournalLog.HeartbeatFailed(logger, e);
        }
    }

    private void Expire() => Interlocked.Exchange(ref _expires, long.MinValue);

    private async Task RemoveAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
            await store.Nodes.RemoveAsync(_node, timeout.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            JournalLog.HeartbeatFailed(logger, e);
        }
    }

    /// <summary>A position that is read and written whole.</summary>
    private sealed record PositionBox(JournalPosition Value);
}
