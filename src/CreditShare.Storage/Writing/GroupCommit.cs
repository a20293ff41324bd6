using System.Threading.Channels;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>Groups concurrent writes of one kind into one commit: those that arrive while a commit runs share the next.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class GroupCommit<T> : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxWaiting = 8_192;

    /// <summary>The rows of a group at most, unless its first item alone has more: one large item must not hold up hundreds of small ones.</summary>
    private const int MaxRows = 2_000;

    private readonly Func<IReadOnlyList<T>, Task> _commit;
    private readonly Func<T, int> _rowsOf;
    private readonly Task _running;
    private readonly Channel<(T Item, TaskCompletionSource Done)> _queue = Channel.CreateBounded<(T, TaskCompletionSource)>(
        new BoundedChannelOptions(MaxWaiting)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then fails, and the caller is told to come back.
        });

    /// <summary>Starts to take items.</summary>
    /// <param name="commit">Writes a group, durably or not at all.</param>
    /// <param name="rowsOf">How many rows an item has.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> commit, Func<T, int> rowsOf)
    {
        (_commit, _rowsOf) = (commit, rowsOf);
        _running = RunAsync();
    }

    /// <summary>Writes an item; durable on return.</summary>
    /// <exception cref="StoreOverloadedException">Too many wait.</exception>
    public Task WriteAsync(T item, CancellationToken cancellationToken)
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
            Gather(group);
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
