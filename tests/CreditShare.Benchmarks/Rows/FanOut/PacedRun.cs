using CreditShare.Benchmarks.Push;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>Changes that a court publishes at a steady rate while departments follow.</summary>
internal sealed class PacedRun : IAsyncDisposable
{
    /// <summary>For the streams to be open; what comes sooner is not missed, but later than it should be.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(500);

    private readonly PushScene _scene;
    private readonly long _after;
    private readonly Tally[] _tallies;
    private readonly Task _following;
    private readonly CancellationTokenSource _stop = new();

    private PacedRun(PushScene scene, Departments departments, long after, Tally[] tallies)
    {
        (_scene, _after, _tallies) = (scene, after, tallies);
        _following = departments.FollowAsync(after, tallies, _stop.Token);
    }

    /// <summary>Has followers follow from the head on.</summary>
    public static async Task<PacedRun> StartAsync(PushScene scene, Departments departments, int followers, int changes)
    {
        var head = (await scene.ReadHeadAsync()).Sequence;
        var run = new PacedRun(scene, departments, head, Tally.Of(followers, head, changes, isTimed: true));
        await Task.Delay(s_settling);
        return run;
    }

    /// <summary>Publishes what the followers wait for, and waits until all have it.</summary>
    public async Task<Latencies> PublishAsync(int perSecond, int warmUp)
    {
        var changes = _tallies[0].Arrivals.Count;
        var places = new long[changes];
        var sent = await Pace.SendAsync(changes, perSecond, async i => places[i] = (await _scene.PublishOneAsync()).Position.Sequence);
        await Tally.AllOf(_tallies);

        // The journal's order is that of the commits.
        var sentInOrder = new long[changes];
        for (var i = 0; i < changes; i++) sentInOrder[places[i] - _after - 1] = sent[i];
        return new Latencies(sentInOrder, _tallies, warmUp);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }
}
