using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>Writes what deliveries of one lease changed.</summary>
/// <remarks>Each lane has its own, used by one loop only. The store is called in the order of what happened, and takes it in that order.</remarks>
internal sealed class DeliveryWriter(ISubscriptionStore store, SubscriptionId id, long fence)
{
    /// <summary>Records on their way at most; the next one waits.</summary>
    public const int MaxPending = 64;

    private readonly Queue<Task<RecordResult>> _pending = new();

    /// <summary>The subscription.</summary>
    public SubscriptionId Id => id;

    /// <summary>The lease.</summary>
    public long Fence => fence;

    /// <summary>A record of nothing yet.</summary>
    public DeliveryRecord Blank => new() { Id = id, Fence = fence };

    /// <summary>Writes records; durable on return.</summary>
    /// <returns><see langword="false"/> if another lease has been given since: then stop.</returns>
    public Task<bool> WriteAsync(DeliveryRecord record, CancellationToken cancellationToken)
    {
        _pending.Enqueue(store.RecordAsync(record, cancellationToken));
        return FlushAsync();
    }

    /// <summary>Writes a record without waiting for it, unless too many are on their way.</summary>
    /// <returns><see langword="false"/> if it is known that another lease has been given since: then stop.</returns>
    public async Task<bool> PostAsync(DeliveryRecord record, CancellationToken cancellationToken)
    {
        _pending.Enqueue(store.RecordAsync(record with { MayWait = true }, cancellationToken));
        while (_pending.TryPeek(out var oldest) && (oldest.IsCompleted || _pending.Count > MaxPending))
        {
            if (await _pending.Dequeue() != RecordResult.Written) return false;
        }

        return true;
    }

    /// <summary>Waits for all that is on its way, also behind one that could not be written: whoever goes on under the same lease must not be
    /// overtaken by it.</summary>
    /// <returns><see langword="false"/> if another lease has been given since.</returns>
    public async Task<bool> FlushAsync()
    {
        RecordResult[] results;
        try
        {
            results = await Task.WhenAll(_pending);
        }
        finally
        {
            _pending.Clear();
        }

        return results.All(result => result == RecordResult.Written);
    }
}
