using CreditShare.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace CreditShare.Receiver;

/// <summary>Remembers in one file, an SQLite database, durably: after a crash, and after a loss of power.</summary>
/// <remarks>
/// Safe for concurrent callers. The file is one process's: a second one that opens it fails. Marks wait in memory until the next save
/// writes them with the cursor, in one transaction; if that fails they wait on, so that no cursor is ever stored without them.
/// </remarks>
public sealed class FileReceiverState : IReceiverState, IDisposable
{
    private const int DurableOnCommit = 2;

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly Dictionary<(string Subscription, string Listing), ListingMark> _waiting = [];

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be opened, is no such state, or another process has it.</exception>
    public FileReceiverState(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
        try
        {
            _connection.Open();
            Run($"PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = {DurableOnCommit};");
            Run("""
                BEGIN IMMEDIATE;
                CREATE TABLE IF NOT EXISTS lane (
                    subscription TEXT NOT NULL, lane INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL,
                    PRIMARY KEY (subscription, lane)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS mark (
                    subscription TEXT NOT NULL, listing TEXT NOT NULL, epoch INTEGER NOT NULL, version INTEGER NOT NULL, ended INTEGER NOT NULL,
                    PRIMARY KEY (subscription, listing)) WITHOUT ROWID;
                COMMIT;
                """);
        }
        catch (SqliteException ex)
        {
            _connection.Dispose();
            throw new IOException($"The receiver's state in {path} cannot be opened; another process may have it: {ex.Message}", ex);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Cursor?> FindCursorAsync(string subscription, Lane lane, CancellationToken cancellationToken) => new(Locked(() =>
    {
        using var command = Command("SELECT epoch, sequence, hash FROM lane WHERE subscription = $subscription AND lane = $lane", subscription);
        command.Parameters.AddWithValue("$lane", (int)lane);
        using var row = command.ExecuteReader();
        return row.Read()
            ? new Cursor { Epoch = (uint)row.GetInt64(0), Sequence = row.GetInt64(1), Hash = ByteString.CopyFrom(row.GetFieldValue<byte[]>(2)) }
            : null;
    }));

    /// <inheritdoc/>
    public ValueTask<ListingMark?> FindMarkAsync(string subscription, string listing, CancellationToken cancellationToken) => new(Locked(() =>
    {
        if (_waiting.TryGetValue((subscription, listing), out var waiting)) return (ListingMark?)waiting;

        using var command = Command("SELECT epoch, version, ended FROM mark WHERE subscription = $subscription AND listing = $listing", subscription);
        command.Parameters.AddWithValue("$listing", listing);
        using var row = command.ExecuteReader();
        return row.Read() ? new ListingMark((uint)row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)) : null;
    }));

    /// <inheritdoc/>
    public ValueTask MarkAsync(string subscription, string listing, ListingMark mark, CancellationToken cancellationToken)
    {
        lock (_lock) _waiting[(subscription, listing)] = mark;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(string subscription, Lane lane, Cursor cursor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        Locked(() =>
        {
            using var transaction = _connection.BeginTransaction();
            WriteMarks();
            using var command = Command("INSERT OR REPLACE INTO lane VALUES ($subscription, $lane, $epoch, $sequence, $hash)", subscription);
            command.Parameters.AddWithValue("$lane", (int)lane);
            command.Parameters.AddWithValue("$epoch", (long)cursor.Epoch);
            command.Parameters.AddWithValue("$sequence", cursor.Sequence);
            command.Parameters.AddWithValue("$hash", cursor.Hash.ToByteArray());
            command.ExecuteNonQuery();
            transaction.Commit();
            _waiting.Clear();
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string subscription, CancellationToken cancellationToken)
    {
        Locked(() =>
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var table in (string[])["DELETE FROM mark WHERE subscription = $subscription", "DELETE FROM lane WHERE subscription = $subscription"])
            {
                using var command = Command(table, subscription);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
            foreach (var key in _waiting.Keys.Where(key => key.Subscription == subscription).ToList()) _waiting.Remove(key);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the file. What was saved is kept.</summary>
    public void Dispose()
    {
        lock (_lock) _connection.Dispose();
    }

    private void WriteMarks()
    {
        if (_waiting.Count == 0) return;

        using var command = Command("INSERT OR REPLACE INTO mark VALUES ($subscription, $listing, $epoch, $version, $ended)", "");
        var listing = command.Parameters.Add("$listing", SqliteType.Text);
        var epoch = command.Parameters.Add("$epoch", SqliteType.Integer);
        var version = command.Parameters.Add("$version", SqliteType.Integer);
        var ended = command.Parameters.Add("$ended", SqliteType.Integer);
        foreach (var (key, mark) in _waiting)
        {
            command.Parameters["$subscription"].Value = key.Subscription;
            listing.Value = key.Listing;
            epoch.Value = (long)mark.Epoch;
            version.Value = mark.Version;
            ended.Value = mark.HasEnded;
            command.ExecuteNonQuery();
        }
    }

    private T Locked<T>(Func<T> work)
    {
        lock (_lock)
        {
            try
            {
                return work();
            }
            catch (SqliteException ex)
            {
                throw new IOException($"The receiver's state cannot be used: {ex.Message}", ex);
            }
        }
    }

    private void Run(string statements)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of this file.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string statement, string subscription)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of this file.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$subscription", subscription);
        return command;
    }
}
