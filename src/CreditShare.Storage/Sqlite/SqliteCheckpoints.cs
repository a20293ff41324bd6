using CreditShare.Core.Journal;

namespace CreditShare.Storage.Sqlite;

/// <summary>
/// Moves what the log holds into the database beside the writer, on a connection and a thread of its own, so that commits do not wait for it. SQLite
/// begins the log anew only once all of it was moved, which beside a busy writer never happens: when the log has grown to its limit, the
/// writer moves the little that is left itself.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    // Commits in a row touch the same pages of the keyed tables, and a move writes each of them once. 64 MiB.
    private const int StepPages = 16_000;

    // 256 MiB: what a start after a crash reads again, and what lies on the disk twice.
    private const int MostPages = 64_000;

    private readonly SqliteSession _session;
    private readonly int _step;
    private readonly int _most;
    private readonly SemaphoreSlim _due = new(0);
    private readonly Thread _thread;
    private volatile bool _isClosed;

    // Of the last move: the pages that the log had then, and whether all of them were moved.
    private volatile int _size;
    private volatile bool _isMoved;

    // The writer's thread alone has these: pages since the last move was asked for, and whether any are in the log alone.
    private int _since;
    private bool _isBehind;

    /// <summary>Opens its connection and moves what a process that was killed has left.</summary>
    /// <param name="file">The database, which must exist.</param>
    /// <param name="step">Pages that are written to the log between two moves.</param>
    /// <param name="most">Pages in the log from which on the writer ends a move.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public SqliteCheckpoints(string file, int step = StepPages, int most = MostPages)
    {
        (_session, _step, _most) = (SqliteSession.OpenCheckpoints(file), step, most);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite checkpoints" };
        _thread.Start();
        _due.Release();
    }

    /// <summary>Whether the log may hold something that the database does not. For the writer's thread.</summary>
    public bool IsBehind => _isBehind;

    /// <summary>To be called on the writer's thread after each transaction.</summary>
    /// <param name="writer">Its connection.</param>
    public void Wrote(SqliteSession writer)
    {
        var pages = writer.TakePagesWritten();
        if (pages == 0) return;

        _isBehind = true;
        _since += pages;
        if (_isMoved && _size + _since >= _most)
        {
            End(writer);
        }
        else if (_since >= _step)
        {
            (_since, _isMoved) = (0, false);
            _due.Release();
        }
    }

    /// <summary>Moves what is left, on the writer's thread. Whatever hinders it, such as a reader of an old snapshot, a later one does it.</summary>
    /// <param name="writer">The writer's connection.</param>
    public void End(SqliteSession writer)
    {
        _isMoved = false;
        if (writer.TryCheckpoint(out _)) (_size, _since, _isBehind) = (0, 0, false);
    }

    /// <summary>Waits for a move that runs, then closes the connection.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _due.Release();
        _thread.Join();
        _session.Dispose();
        _due.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _due.Wait();
            if (_isClosed) return;

            var isMoved = _session.TryCheckpoint(out var size);
            (_size, _isMoved) = (size, isMoved);
        }
    }
}
