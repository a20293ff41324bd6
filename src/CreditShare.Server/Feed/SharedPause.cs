namespace CreditShare.Server.Feed;

/// <summary>A pause that many take together, with one timer for all. Who comes while one is under way joins it.</summary>
/// <param name="length">How long it takes; zero for none.</param>
/// <param name="clock">Measures it.</param>
internal sealed class SharedPause(TimeSpan length, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task _current = Task.CompletedTask;

    /// <summary>Completes with the pause.</summary>
    public Task TakeAsync()
    {
        if (length == TimeSpan.Zero) return Task.CompletedTask;

        lock (_gate)
        {
            if (_current.IsCompleted) _current = Task.Delay(length, clock);
            return _current;
        }
    }
}
