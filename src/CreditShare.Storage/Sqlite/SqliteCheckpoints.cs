using CreditShare.Core.Journal;

namespace CreditShare.Storage.Sqlite;

/// <summary>
/// Moves what the log holds into the database beside the writer, on a connection and a thread of its own, so that commits do not wait for it. SQLite
/// begins the log anew only once all of it was moved and nobody reads it, which beside a busy writer hardly happens: when the log has grown to
/// its limit, the writer moves the little that is left itself, and syncs the database.
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
    private readonly Lock _moving = new();
    private readonly Thread _thread;
    private volatile bool _isClosed;

    // Whether the last move left little behind.
    private volatile bool _isMoved;

    // The writer's thread alone has these: pages in the log, at least as many as there are but for what a killed process has left; and pages since a
    // move was asked for.
    private int _log;
    private int _since;

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
    public bool IsBehind { get; private set; }

    /// <summary>To be called on the writer's thread after each transaction.</summary>
    /// <param name="writer">Its connection.</param>
    public void Wrote(SqliteSession writer)
    {
        var pages = writer.TakePagesWritten();
        if (pages == 0) return;

        IsBehind = true;
        _log += pages;
        _since += pages;
        if (_since >= _step)
        {
            (_since, _isMoved) = (0, false);
            if (_due.CurrentCount == 0) _due.Release();
        }
        else if ((_log >= _most && _isMoved) || _log >= 2L * _most)
        {
            // After each transaction, until the log begins anew. At twice the limit, moves are slower than the writer, or somebody reads
            // an old snapshot: then the writer helps with whatever can be moved, and so does not run away.
            End(writer);
        }
    }

    /// <summary>Moves what is left, on the writer's thread. Whatever hinders it, such as a reader of an old snapshot, a later one does it.</summary>
    /// <param name="writer">The writer's connection.</param>
    public void End(SqliteSession writer)
    {
        var (size, left) = Move(writer);
        if (size is { } pages) _log = pages;
        if (left == 0) (_since, IsBehind) = (0, false);
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

            _isMoved = Move(_session).Left < _step / 16;
        }
    }

    // One at a time: SQLite would turn the other one away.
    private (int? Size, int? Left) Move(SqliteSession session)
    {
        lock (_moving) return session.TryCheckpoint();
    }
}
