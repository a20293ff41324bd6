using CreditShare.Core.Journal;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage.Sqlite;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

internal sealed class SqliteCheckpointsTests
{
    private const int Step = 50;
    private const int Most = 200;
    private const int Never = int.MaxValue;

    private TemporaryFolder? _folder;
    private SqliteSession? _writer;
    private SqliteCheckpoints? _checkpoints;
    private int _rows;

    private string Database => Path.Combine(_folder!.Path, "test.db");

    // A page and more a row.
    private long WrittenBytes => _rows * 4_096L;

    private long LogBytes => new FileInfo(Database + "-wal").Length;

    [SetUp]
    public void OpenDatabase()
    {
        _folder = new TemporaryFolder();
        _writer = SqliteSession.OpenWriter(Database);
        _writer.Execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    }

    [TearDown]
    public void CloseDatabase()
    {
        _checkpoints?.Dispose();
        _writer?.Dispose();
        _folder?.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task What_the_log_holds_is_moved_while_the_writer_does_nothing(CancellationToken cancellationToken)
    {
        _checkpoints = new SqliteCheckpoints(Database, Step, Never);

        Write(500);

        await Shell.WaitUntilAsync(_ => Task.FromResult(RowsOutsideTheLog() >= 400), "most rows in the database itself", cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task What_a_killed_process_left_in_the_log_is_moved_at_the_start(CancellationToken cancellationToken)
    {
        Write(100);
        Assert.That(RowsOutsideTheLog(), Is.Zero, "rows that nobody moved");

        _checkpoints = new SqliteCheckpoints(Database);

        await Shell.WaitUntilAsync(_ => Task.FromResult(RowsOutsideTheLog() == 100), "all rows in the database itself", cancellationToken);
    }

    [Test]
    public void The_log_begins_anew_beside_a_writer_that_never_rests()
    {
        _checkpoints = new SqliteCheckpoints(Database, Step, Most);

        Write(3_000);

        Assert.That(LogBytes, Is.LessThan(WrittenBytes / 2));
    }

    [Test]
    public void The_log_begins_anew_beside_readers_that_never_rest()
    {
        _checkpoints = new SqliteCheckpoints(Database, Step, Most);
        using var stop = new CancellationTokenSource();
        var reading = new Thread(() =>
        {
            using var reader = SqliteSession.OpenReader(Database);
            while (!stop.IsCancellationRequested)
            {
                _ = reader.Read(session =>
                {
                    using var rows = session.Use("SELECT id FROM row ORDER BY id DESC LIMIT 20");
                    while (rows.Step())
                    {
                    }

                    return true;
                });
            }
        });
        reading.Start();

        try
        {
            Write(3_000);
        }
        finally
        {
            stop.Cancel();
            reading.Join();
        }

        Assert.That(LogBytes, Is.LessThan(WrittenBytes / 2));
    }

    [Test]
    public void A_reader_of_an_old_snapshot_holds_the_log_up_only_while_it_reads()
    {
        _checkpoints = new SqliteCheckpoints(Database, Step, Most);
        using (var reader = SqliteSession.OpenReader(Database))
        {
            _ = reader.Read(session =>
            {
                using var count = session.Use("SELECT count(*) FROM row");
                count.Step();
                Write(1_000);
                return true;
            });
        }

        var heldUp = LogBytes;
        var before = WrittenBytes;
        Assert.That(heldUp, Is.GreaterThan(before * 3 / 4), "the log that the reader held up");

        Write(4_000);

        Assert.That(LogBytes - heldUp, Is.LessThan((WrittenBytes - before) / 2));
    }

    // A transaction a row.
    private void Write(int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            _ = _writer!.Write(session =>
            {
                using var insert = session.Use("INSERT INTO row (id, body) VALUES (?1, zeroblob(3000))");
                insert.Bind(1, ++_rows).Run();
                return true;
            });
            _checkpoints?.Wrote(_writer!);
        }
    }

    /// <summary>What a copy of the database without its log holds.</summary>
    private long RowsOutsideTheLog()
    {
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "copy.db");
        File.Copy(Database, copy);
        try
        {
            using var session = SqliteSession.OpenWriter(copy);
            return session.Read(reader =>
            {
                using var count = reader.Use("SELECT count(*) FROM row");
                return count.Step() ? count.GetInt64(0) : 0;
            });
        }
        catch (Exception e) when (e is StoreUnavailableException or SqliteRefusedException)
        {
            // Copied while it was written to, or before the table was.
            return 0;
        }
    }
}
