using System.Diagnostics;
using System.Globalization;
using CreditShare.Storage.Sqlite;

namespace CreditShare.Benchmarks.Rows.Import;

/// <summary>The rows of a database of SQLite in the order of their arrival, to be inserted by SQLite itself into another one with the same
/// tables and indices.</summary>
internal sealed class RawInsert
{
    private static readonly (string Table, string Rows)[] s_tables =
    [
        ("change", "SELECT c.* FROM source.change AS c WHERE c.sequence > {0} AND c.sequence <= {1} ORDER BY c.sequence"),
        ("listing", "SELECT l.* FROM source.listing AS l WHERE l.sequence > {0} AND l.sequence <= {1} ORDER BY l.sequence"),
        ("document",
            "SELECT d.* FROM source.document AS d JOIN source.listing AS l ON l.id = d.listing WHERE l.sequence > {0} AND l.sequence <= {1} ORDER BY d.id"),
        ("request", "SELECT r.* FROM source.request AS r WHERE r.sequence > {0} AND r.sequence <= {1} ORDER BY r.sequence"),
    ];

    private readonly string _rows;
    private readonly int _listings;
    private readonly int _commit;

    /// <summary>Takes the rows of some listings, each of which has one change.</summary>
    /// <param name="source">The folder of the store.</param>
    /// <param name="rows">The file to make of them.</param>
    /// <param name="after">The change before the first of them.</param>
    /// <param name="listings">How many they are.</param>
    /// <param name="commit">Listings that will go into one transaction.</param>
    public RawInsert(string source, string rows, long after, int listings, int commit)
    {
        (_rows, _listings, _commit) = (rows, listings, commit);
        using var session = SqliteSession.OpenWriter(rows);
        session.Execute($"ATTACH '{Path.Combine(source, SqliteStore.FileName)}' AS source");
        foreach (var (table, select) in s_tables)
        {
            session.Execute($"CREATE TABLE {table} AS {string.Format(CultureInfo.InvariantCulture, select, after, after + listings)}");
        }
    }

    /// <summary>Inserts the rows into the store of a folder, which is closed and has those before them or none, a transaction a commit.</summary>
    /// <returns>Listings a second, until the last is durable.</returns>
    public double Write(string folder)
    {
        var database = Path.Combine(folder, SqliteStore.FileName);
        using var session = SqliteSession.OpenWriter(database);
        using var checkpoints = new SqliteCheckpoints(database);
        session.Execute($"ATTACH '{_rows}' AS rows");
        var counts = Array.ConvertAll(s_tables, table => Count(session, table.Table));
        if (counts[0] != _listings || counts[1] != _listings) throw new InvalidOperationException($"{counts[0]} changes of {_listings} listings.");

        var started = Stopwatch.GetTimestamp();
        for (var from = 0L; from < _listings; from += _commit)
        {
            session.Write(writer =>
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    using var insert = writer.Use(
                        $"INSERT INTO main.{s_tables[i].Table} SELECT * FROM rows.{s_tables[i].Table} WHERE rowid > ?1 AND rowid <= ?2");
                    insert.Bind(1, counts[i] * from / _listings).Bind(2, counts[i] * Math.Min(_listings, from + _commit) / _listings).Run();
                }

                return true;
            });
            checkpoints.Wrote(session);
        }

        return _listings / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long Count(SqliteSession session, string table)
    {
        using var count = session.Use($"SELECT count(*) FROM rows.{table}");
        count.Step();
        return count.GetInt64(0);
    }
}
