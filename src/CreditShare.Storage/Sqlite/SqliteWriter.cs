using System.Collections.Concurrent;
using CreditShare.Core.Journal;

namespace CreditShare.Storage.Sqlite;

/// <summary>
/// The one connection that writes, and the thread it belongs to: SQLite waits for the disk without giving its thread back, and should
/// not wait on a thread that answers calls.
/// </summary>
/// <remarks>Safe for concurrent callers; work is done in the order of its arrival.</remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    // Appends and disclosures are grouped before they come here, so few ever wait.
    private const int MaxWaiting = 1_024;

    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(500);

    private readonly SqliteSession _session;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BlockingCollection<Action> _work = new(MaxWaiting);

    public SqliteWriter(SqliteSession session, SqliteCheckpoints checkpoints)
    {
        (_session, _checkpoints) = (session, checkpoints);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <summary>Runs a transaction; durable on return.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryAdd(() =>
        {
            try
            {
                done.SetResult(_session.Write(write));
            }
            catch (Exception e)
            {
                // Whatever it was, it belongs to the caller; the thread goes on with the next.
                done.SetException(e);
            }
        })
            ? done.Task
            : throw new StoreUnavailableException("The database is closed, or too much waits for it.", null);
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task;
        _checkpoints.Dispose();
        _session.Dispose();
        _work.Dispose();
    }

    private bool TryAdd(Action work)
    {
        try
        {
            return _work.TryAdd(work);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Run()
    {
        while (!_work.IsCompleted)
        {
            if (_work.TryTake(out var work, _checkpoints.IsBehind ? s_idle : Timeout.InfiniteTimeSpan))
            {
                work();
                _checkpoints.Wrote(_session);
            }
            else if (_checkpoints.IsBehind)
            {
                // What lies in the log alone is read slower, and is read again at the next start: moments without work are there to move it.
                _checkpoints.End(_session);
            }
        }

        _ended.SetResult();
    }
}
