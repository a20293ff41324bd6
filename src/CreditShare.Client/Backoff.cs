namespace CreditShare.Client;

/// <summary>The waits between attempts: doubling, with jitter, never shorter than the server asked for.</summary>
internal sealed class Backoff(CreditShareClientOptions options)
{
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromMinutes(1);

    private int _failures;

    /// <summary>Failures since the last progress.</summary>
    internal int Failures => _failures;

    internal void Reset() => _failures = 0;

    /// <summary>Counts a failure.</summary>
    /// <returns>How long to wait, or null once there were as many failures as attempts allowed.</returns>
    internal TimeSpan? Next(TimeSpan? askedFor)
    {
        _failures++;
        if (_failures >= options.MaxAttempts) return null;

        // Twenty doublings are beyond any longest wait; more would overflow.
        var doubled = options.FirstBackoff * Math.Pow(2, Math.Min(_failures - 1, 20));
        var wait = doubled < options.MaxBackoff ? doubled : options.MaxBackoff;
        wait *= 0.8 + (Random.Shared.NextDouble() * 0.4);
        if (askedFor is not { } asked || asked <= wait) return wait;
        return asked < LongestAskedFor ? asked : LongestAskedFor;
    }
}
