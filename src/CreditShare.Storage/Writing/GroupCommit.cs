using System.Threading.Channels;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>Groups concurrent writes of one kind into one commit: those that arrive while a commit runs share the next.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class GroupCommit<T> : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxWaiting = 8_192;

    private readonly Func<IReadOnlyList<T>, Task> _commit;
    private readonly Task _running;
    private readonly Channel<(T Item, TaskCompletionSource Done)> _queue = Channel.CreateBounded<(T, TaskCompletionSource)>(
        new BoundedChannelOptions(MaxWaiting)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then fails, and the caller is told to come back.
        });

    /// <summary>Starts to take items.</summary>
    /// <param name="commit">Writes a group, durably or not at all.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> commit)
    {
        _commit = commit;
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
            group.Clear();
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var next)) group.Add(next);
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
}
