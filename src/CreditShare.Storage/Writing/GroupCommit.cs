using System.Threading.Channels;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>Groups concurrent writes of one kind into one commit: those that arrive while a commit runs share the next. A commit also waits a little
/// for more, because what it costs hardly grows with its rows: up to 40 ms while many come of which nobody waits for any, and until 4 ms after
/// the last one began while that brings it company.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class GroupCommit<T> : IAsyncDisposable
{
    private const int MaxGroup = 1_024;
    private const int MaxWaiting = 8_192;

    /// <summary>The rows of a group at most, unless its first item alone has more: one large item must not hold up hundreds of small ones.</summary>
    private const int MaxRows = 2_000;

    /// <summary>Members of a group from which on many come.</summary>
    private const int BusyGroup = 32;

    /// <summary>How long a commit waits for more.</summary>
    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(40);

    /// <summary>From the beginning of one commit to that of the next, at least.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(4);

    /// <summary>How many commits go without waiting for company after one that waited and got none, as with a single caller.</summary>
    private const int AloneFor = 32;

    private readonly SemaphoreSlim _hurry = new(0);
    private readonly Func<IReadOnlyList<T>, Task> _commit;
    private readonly Func<T, int> _rowsOf;
    private readonly TimeProvider _clock;
    private readonly Task _running;
    private readonly Channel<(T Item, TaskCompletionSource Done)> _queue = Channel.CreateBounded<(T, TaskCompletionSource)>(
        new BoundedChannelOptions(MaxWaiting)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then fails, and the caller is told to come back.
        });

    private long? _begun;
    private int _alone;

    /// <summary>Starts to take items.</summary>
    /// <param name="commit">Writes a group, durably or not at all.</param>
    /// <param name="rowsOf">How many rows an item has.</param>
    /// <param name="clock">By which it keeps its pace. The real one unless told: a commit does not stand still because a store's clock does in a test.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> commit, Func<T, int> rowsOf, TimeProvider? clock = null)
    {
        (_commit, _rowsOf, _clock) = (commit, rowsOf, clock ?? TimeProvider.System);
        _running = RunAsync();
    }

    /// <summary>Writes an item; durable on return.</summary>
    /// <exception cref="StoreOverloadedException">Too many wait.</exception>
    public Task WriteAsync(T item, CancellationToken cancellationToken)
    {
        var written = WriteLaterAsync(item, cancellationToken);
        _hurry.Release();
        return written;
    }

    /// <summary>Writes an item for which nobody waits: a little later, if many come. Durable on return.</summary>
    /// <exception cref="StoreOverloadedException">Too many wait.</exception>
    public Task WriteLaterAsync(T item, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite((item, done))
            ? done.Task.WaitAsync(cancellationToken)
            : throw new StoreOverloadedException($"{MaxWaiting} records wait to be written.");
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
    }

    private async Task RunAsync()
    {
        var group = new List<(T Item, TaskCompletionSource Done)>(MaxGroup);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (group.Count >= BusyGroup && _queue.Reader.Count < MaxGroup) await LingerAsync();
            var waited = _queue.Reader.Count < MaxGroup && await KeepPaceAsync();

            // Before the items are taken: whoever comes in between hurries the next group in vain, and is not left behind.
            while (_hurry.Wait(0, CancellationToken.None))
            {
            }

            Gather(group);
            _begun = _clock.GetTimestamp();
            if (group.Count > 1 || _queue.Reader.Count > 0) _alone = 0;
            else if (waited) _alone = AloneFor;

            try
            {
                await _commit([.. group.Select(member => member.Item)]);
                foreach (var (_, done) in group) done.TrySetResult();
            }
            catch (Exception e)
            {
                // Whatever it was, the callers hear of it, and the next group is not this one.
                foreach (var (_, done) in group) done.TrySetException(e);
            }
        }
    }

    private async Task LingerAsync()
    {
        using var enough = new CancellationTokenSource(s_linger, _clock);
        await _hurry.WaitAsync(enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whether it waited. In whole milliseconds: a timer knows no less, and cuts off the rest.
    private async ValueTask<bool> KeepPaceAsync()
    {
        if (_begun is not { } begun) return false;

        var early = Math.Ceiling((s_pace - _clock.GetElapsedTime(begun)).TotalMilliseconds);
        if (early <= 0) return false;

        if (_alone > 0)
        {
            _alone--;
            return false;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(early), _clock);
        return true;
    }

    private void Gather(List<(T Item, TaskCompletionSource Done)> group)
    {
        group.Clear();
        var rows = 0L;
        while (group.Count < MaxGroup && _queue.Reader.TryPeek(out var next))
        {
            rows += _rowsOf(next.Item);
            if (group.Count > 0 && rows > MaxRows) return;

            _queue.Reader.TryRead(out next);
            group.Add(next);
        }
    }
}
