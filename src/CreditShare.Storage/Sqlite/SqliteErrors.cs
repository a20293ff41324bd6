using CreditShare.Core.Journal;
using SQLitePCL;

namespace CreditShare.Storage.Sqlite;

/// <summary>SQLite refused the data of a statement.</summary>
internal sealed class SqliteRefusedException(string message) : Exception(message);

/// <summary>The only place that knows SQLite's result codes.</summary>
internal static class SqliteErrors
{
    private const int PrimaryMask = 0xFF;

    /// <summary>Throws unless the code means success.</summary>
    public static void Check(int code, sqlite3 connection)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw For(code, connection);
    }

    /// <summary>The exception for a code of the connection's last call.</summary>
    public static Exception For(int code, sqlite3 connection)
    {
        var text = $"SQLite: {raw.sqlite3_errmsg(connection).utf8_to_string()} (code {raw.sqlite3_extended_errcode(connection)})";
        return (code & PrimaryMask) switch
        {
            // The file could not be reached, is full, is busy or is broken: whatever was asked, nothing was written.
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN
                or raw.SQLITE_NOMEM or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_READONLY or raw.SQLITE_INTERRUPT
                => new StoreUnavailableException(text, null),
            _ => new SqliteRefusedException(text),
        };
    }
}
