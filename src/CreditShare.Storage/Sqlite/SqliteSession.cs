using CreditShare.Core.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CreditShare.Storage.Sqlite;

/// <summary>One connection with its prepared statements. One thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int BusySeconds = 5;
    private const int StablePlans = 1_007; // SQLITE_DBCONFIG_ENABLE_QPSG
    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    // No connection here is used by two threads at once, so SQLite need not lock one for each call, nor count its memory under a lock for all. If
    // somebody has opened a database in this process before, that is settled already; then it stays as it is, which is right too.
    static SqliteSession()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens the connection that writes, and makes the file if there is none.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public static SqliteSession OpenWriter(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWriteCreate);

        // FULL and not NORMAL: with a write-ahead log NORMAL may lose acknowledged commits when the power fails.
        // The log is moved into the database by SqliteCheckpoints.
        session.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0;");
        return session;
    }

    /// <summary>Opens a connection that only moves the log into the database; the file must exist.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public static SqliteSession OpenCheckpoints(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            session.Execute("PRAGMA synchronous = FULL;");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads; the file must exist.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public static SqliteSession OpenReader(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadOnly);

        // It reads copies of pages: each commit of the writer would make it unmap a mapped file, and fault it in again.
        session.Execute("PRAGMA cache_size = -16384;");
        return session;
    }

    /// <summary>The statement, prepared at its first use and reset. Dispose it after the use.</summary>
    public SqliteStatement Use(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;

        SqliteErrors.Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared), Handle);
        statement = new SqliteStatement(Handle, prepared);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs statements without parameters and rows.</summary>
    public void Execute(string sql) => SqliteErrors.Check(raw.sqlite3_exec(Handle, sql), Handle);

    /// <summary>Moves what the log holds into the database, as far as no reader needs it there, and waits for nobody.</summary>
    /// <returns>The pages in the log, moved or not, and those of them that are not in the database; null if nothing could be moved.</returns>
    public (int? Size, int? Left) TryCheckpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var size, out var moved);
        return result == raw.SQLITE_OK && size >= 0 ? (size, size - moved) : (null, null);
    }

    /// <summary>The pages that this connection has written to the log since it was asked last.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(Handle, PagesWritten, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>Reads within one snapshot.</summary>
    public T Read<T>(Func<SqliteSession, T> read) => Run("BEGIN", read);

    /// <summary>Writes within one transaction, which is durable on return; an exception leaves nothing behind.</summary>
    public T Write<T>(Func<SqliteSession, T> write) => Run("BEGIN IMMEDIATE", write);

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Close();
        _connection.Dispose();
    }

    private T Run<T>(string begin, Func<SqliteSession, T> work)
    {
        Execute(begin);
        try
        {
            var result = work(this);
            Execute("COMMIT");
            return result;
        }
        catch
        {
            // Some failures, such as a full disk, have rolled back already. What a rollback says must not hide the failure itself.
            if (raw.sqlite3_get_autocommit(Handle) == 0) raw.sqlite3_exec(Handle, "ROLLBACK");
            throw;
        }
    }

    private static SqliteSession Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new StoreUnavailableException($"The database {file} cannot be opened.", e);
        }

        raw.sqlite3_busy_timeout(connection.Handle!, BusySeconds * 1_000);

        // Without this guarantee a statement is prepared anew whenever a value is bound that its plan could depend on, such as a limit.
        SqliteErrors.Check(raw.sqlite3_db_config(connection.Handle!, StablePlans, 1, out _), connection.Handle!);
        return new SqliteSession(connection);
    }
}
