using System.Collections.Concurrent;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Writing;

/// <summary>A thread that waits for a database, so that no thread that answers calls does.</summary>
/// <remarks>Safe for concurrent callers; work is done in the order of its arrival.</remarks>
internal sealed class WriterThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriterThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Does something on the thread; what awaits it goes on there, too.</summary>
    /// <exception cref="StoreUnavailableException">The thread has ended.</exception>
    public Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource();
        if (_work.IsAddingCompleted) throw new StoreUnavailableException("The database is closed.", null);

        _work.Add(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                done.SetException(e);
                return;
            }

            done.SetResult();
        });
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable()) work();
        _ended.SetResult();
    }
}
