namespace CreditShare.Storage.Writing;

/// <summary>The head as far as this node has heard of it, and who waits for more.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class HeadSignal(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSource();
    private uint _epoch;
    private long _sequence;

    /// <summary>Hears of a head; an older one of the same life changes nothing.</summary>
    public void Advance(uint epoch, long sequence)
    {
        TaskCompletionSource woken;
        lock (_lock)
        {
            if (epoch < _epoch || (epoch == _epoch && sequence <= _sequence)) return;

            (_epoch, _sequence) = (epoch, sequence);
            (woken, _changed) = (_changed, NewSource());
        }

        woken.SetResult();
    }

    /// <summary>Wakes everybody, because what was heard may be incomplete.</summary>
    public void Wake()
    {
        TaskCompletionSource woken;
        lock (_lock) (woken, _changed) = (_changed, NewSource());
        woken.SetResult();
    }

    /// <summary>Waits until a head past the number was heard of, at most for the time given.</summary>
    public async Task WaitAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_lock)
        {
            if (_sequence > sequence) return;
            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(atMost, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks for itself.
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
