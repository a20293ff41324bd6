using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;
using SQLitePCL;

namespace CreditShare.Storage.Sqlite;

/// <summary>A prepared statement while it is used. Disposing resets it for the next use; the session keeps it prepared.</summary>
/// <remarks>
/// The driver's own layer looks each parameter up by name at every execution; a batch binds some 15,000 of them, so they are bound by
/// position here. Positions of parameters count from 1, those of columns from 0. One thread at a time.
/// </remarks>
internal sealed class SqliteStatement(sqlite3 connection, sqlite3_stmt statement) : IDisposable
{
    private const int IdLength = 16;

    public SqliteStatement Bind(int position, long value)
    {
        SqliteErrors.Check(raw.sqlite3_bind_int64(statement, position, value), connection);
        return this;
    }

    public SqliteStatement Bind(int position, string? value)
    {
        SqliteErrors.Check(
            value is null ? raw.sqlite3_bind_null(statement, position) : raw.sqlite3_bind_text(statement, position, value), connection);
        return this;
    }

    public SqliteStatement Bind(int position, ReadOnlySpan<byte> value)
    {
        // An empty span would bind NULL.
        SqliteErrors.Check(
            value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, position, 0) : raw.sqlite3_bind_blob(statement, position, value), connection);
        return this;
    }

    public SqliteStatement Bind(int position, Guid value)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(position, bytes);
    }

    public SqliteStatement Bind(int position, LookupKey value)
    {
        Span<byte> bytes = stackalloc byte[LookupKey.Length];
        value.Write(bytes);
        return Bind(position, bytes);
    }

    public SqliteStatement Bind(int position, LookupKey? value) => value is { } key ? Bind(position, key) : BindNull(position);

    public SqliteStatement Bind(int position, DateOnly? value) => value is { } day ? Bind(position, day.DayNumber) : BindNull(position);

    public SqliteStatement BindOrNull(int position, long? value) => value is { } number ? Bind(position, number) : BindNull(position);

    public SqliteStatement BindOrNull(int position, byte[]? value) => value is null ? BindNull(position) : Bind(position, value);

    /// <summary>Binds the id after which a page begins; the empty bytes of none stand before every id.</summary>
    public SqliteStatement BindAfter(int position, ListingId? after) => after is { } id ? Bind(position, id.Value) : Bind(position, []);

    public SqliteStatement BindNull(int position)
    {
        SqliteErrors.Check(raw.sqlite3_bind_null(statement, position), connection);
        return this;
    }

    /// <summary>Goes on to the next row.</summary>
    /// <returns><see langword="false"/> behind the last.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw SqliteErrors.For(code, connection);
    }

    /// <summary>Runs a statement that gives no rows and resets it, so that it can be bound again.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Makes the statement ready to be bound anew.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public string GetText(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>The column's bytes; they last until the next step.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(statement, column);

    public Guid GetGuid(int column) => new(GetBytes(column), bigEndian: true);

    public ListingId GetListingId(int column) => new(GetGuid(column));

    public LookupKey GetKey(int column) => LookupKey.Read(GetBytes(column));

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long? GetInt64OrNull(int column) => IsNull(column) ? null : GetInt64(column);

    public byte[]? GetBytesOrNull(int column) => IsNull(column) ? null : GetBytes(column).ToArray();

    public DateOnly GetDay(int column) => DateOnly.FromDayNumber((int)GetInt64(column));

    public DateOnly? GetDayOrNull(int column) => IsNull(column) ? null : GetDay(column);

    public void Dispose()
    {
        Reset();
        _ = raw.sqlite3_clear_bindings(statement);
    }

    /// <summary>Ends the statement for good.</summary>
    internal void Close() => statement.Dispose();
}
