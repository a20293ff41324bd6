using System.Threading.Channels;
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

    private readonly SqliteSession _session;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Action> _work = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(MaxWaiting)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then fails, and the caller is told to come back.
        });

    public SqliteWriter(SqliteSession session)
    {
        _session = session;
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <summary>Runs a transaction; durable on return.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _work.Writer.TryWrite(() =>
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
        });
        return taken ? done.Task : throw new StoreUnavailableException("The database is closed, or too much waits for it.", null);
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _ended.Task;
        _session.Dispose();
    }

    private void Run()
    {
        using var arrived = new AutoResetEvent(false);
        while (true)
        {
            while (_work.Reader.TryRead(out var work)) work();

            var more = _work.Reader.WaitToReadAsync();
            if (!more.IsCompleted)
            {
                more.GetAwaiter().UnsafeOnCompleted(() => arrived.Set());
                arrived.WaitOne();
            }

            if (!more.GetAwaiter().GetResult()) break;
        }

        _ended.SetResult();
    }
}
