namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>What one receiver has got so far: every change once, in order.</summary>
/// <param name="after">The number before the first one expected.</param>
/// <param name="changes">How many are expected.</param>
/// <param name="arrivals">Takes when each one arrived; null where nobody asks.</param>
internal sealed class Tally(long after, int changes, long[]? arrivals = null)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    /// <summary>Completes with the last change; fails with the first gap.</summary>
    public Task All => _all.Task;

    /// <summary>When each change arrived.</summary>
    public IReadOnlyList<long> Arrivals => arrivals ?? [];

    /// <summary>As many tallies as there are receivers.</summary>
    public static Tally[] Of(int receivers, long after, int changes, bool isTimed = false) =>
        [.. Enumerable.Range(0, receivers).Select(_ => new Tally(after, changes, isTimed ? new long[changes] : null))];

    /// <summary>Completes once all have everything.</summary>
    public static Task AllOf(IEnumerable<Tally> tallies) => Task.WhenAll(tallies.Select(tally => tally.All));

    /// <summary>Takes a change.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="now">The timestamp of its arrival.</param>
    public void Take(long sequence, long now)
    {
        if (sequence != after + _taken + 1)
        {
            Fail($"Change {sequence} came after {after + _taken}.");
            return;
        }

        if (arrivals is not null && _taken < changes) arrivals[_taken] = now;
        if (++_taken == changes) _all.TrySetResult();
    }

    public void Fail(string why) => _all.TrySetException(new InvalidOperationException(why));
}
