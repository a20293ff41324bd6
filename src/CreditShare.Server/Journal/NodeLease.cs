using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>The node's right to answer lookups, for two seconds after each heartbeat, and no longer.</summary>
/// <remarks>
/// A withdrawal is acknowledged once every node whose row is younger than <see cref="Length"/> plus <see cref="Margin"/> has applied
/// it. So a node must not answer when its row may look older than that to others:
/// it answers only while its last successful heartbeat was <em>sent</em> less than <see cref="Length"/> ago. A row that was silent
/// for longer, and comes back, was not waited for meanwhile: then the node answers only once it has applied a head that was read
/// after the row was visible again. And a row is renewed only if the node has applied what was the head at the renewal before:
/// a node whose tail is stuck falls silent, instead of holding up the courts.
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
    public bool IsReady => IsFresh();

    /// <inheritdoc/>
    public string WaitingFor => "the node's lease: the index is loading, or the store does not answer";

    /// <inheritdoc/>
    public void EnsureFresh()
    {
        if (IsFresh()) return;

        metrics.Stale();
        throw new RefusedException(ErrorReason.NodeStale) { RetryAfter = options.Value.HeartbeatInterval };
    }

    /// <inheritdoc/>
    public Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken) => tail.WaitForAsync(position, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _beatNow.Dispose();

    /// <summary>Writes the first heartbeat, before the index is loaded: from then on withdrawals wait for this node.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => BeatAsync(cancellationToken);

    /// <summary>Keeps the lease until cancelled, then takes the node's row away.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        tail.Freed += BeatSoon;
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
            tail.Freed -= BeatSoon;
            Interlocked.Exchange(ref _expires, long.MinValue);
            await RemoveAsync();
        }
    }

    private bool IsFresh() =>
        bootClock.GetTimestamp() < Interlocked.Read(ref _expires)
        && tail.AppliedHead is not null
        && tail.Applied.Covers(Volatile.Read(ref _requiredBox).Value);

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
        // A node that has not applied the head of the last renewal does not renew: it is behind, or its tail is stuck. Under a
        // steady stream of changes it is behind by moments only, so give it the time of one heartbeat.
        if (tail.AppliedHead is not null && !tail.Applied.Covers(_headAtLastBeat))
        {
            using var patience = new CancellationTokenSource(options.Value.HeartbeatInterval, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await tail.WaitForAsync(_headAtLastBeat, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!tail.Applied.Covers(_headAtLastBeat)) return;
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

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var sent = bootClock.GetTimestamp();
        var applied = tail.AppliedHead;
        var head = await store.Nodes.BeatAsync(_node, applied?.Epoch ?? 0, applied?.Sequence ?? 0, cancellationToken);
        var received = bootClock.GetTimestamp();
        var position = new JournalPosition(head.Epoch, head.Sequence);

        // Seen from any other node, this row was never older than `received - last sent`. If that is below the lease, every
        // withdrawal since the last beat has waited for this node; otherwise some may not have, and are before this head.
        if (!_inSeries || bootClock.GetElapsedTime(_lastSent, received) >= Length)
        {
            Volatile.Write(ref _requiredBox, new PositionBox(position));
        }

        (_lastSent, _inSeries, _headAtLastBeat) = (sent, true, position);
        Interlocked.Exchange(ref _expires, sent + (long)(Length.TotalSeconds * bootClock.TimestampFrequency));

        if (applied is not null && (head.Epoch != applied.Epoch || head.Sequence < applied.Sequence))
        {
            await CheckHistoryAsync(applied, cancellationToken);
        }
    }

    /// <summary>The head is of another life, or behind this node: unless the store knows this node's place, load anew.</summary>
    private async Task CheckHistoryAsync(JournalHead applied, CancellationToken cancellationToken)
    {
        var known = await store.Journal.ReadHashAsync(applied.Sequence, cancellationToken);
        if (known is { } hash && hash.Span.SequenceEqual(applied.Hash.Span)) return;

        JournalLog.HistoryDiverged(logger, applied.Epoch, applied.Sequence);
        Interlocked.Exchange(ref _expires, long.MinValue);
        tail.RequestReload();
    }

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
