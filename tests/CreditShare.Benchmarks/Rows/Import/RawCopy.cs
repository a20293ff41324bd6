using System.Diagnostics;
using System.Globalization;
using CreditShare.Storage.Postgres;
using Npgsql;

namespace CreditShare.Benchmarks.Rows.Import;

/// <summary>The rows of a database as binary COPY gives them, to be copied as they are into another one with the same tables and indices.</summary>
internal sealed class RawCopy
{
    private static readonly (string Copy, string Select)[] s_tables =
    [
        (PostgresSql.CopyChanges, "SELECT c.* FROM change AS c WHERE c.sequence > {0} AND c.sequence <= {1} ORDER BY c.sequence"),
        (PostgresSql.CopyListings, "SELECT l.* FROM listing AS l WHERE l.sequence > {0} AND l.sequence <= {1} ORDER BY l.sequence"),
        (PostgresSql.CopyDocuments,
            "SELECT d.* FROM document AS d JOIN listing AS l ON l.id = d.listing WHERE l.sequence > {0} AND l.sequence <= {1} ORDER BY l.sequence"),
        (PostgresSql.CopyRequests, "SELECT r.* FROM request AS r WHERE r.sequence > {0} AND r.sequence <= {1} ORDER BY r.sequence"),
    ];

    private readonly int _listings;
    private readonly List<byte[][]> _commits;

    private RawCopy(int listings, List<byte[][]> commits) => (_listings, _commits) = (listings, commits);

    /// <summary>Reads the rows of some listings, each of which has one change.</summary>
    /// <param name="options">The database.</param>
    /// <param name="after">The change before the first of them.</param>
    /// <param name="listings">How many they are.</param>
    /// <param name="commit">Listings that will go into one transaction.</param>
    public static async Task<RawCopy> ReadAsync(PostgresStoreOptions options, long after, int listings, int commit)
    {
        await using var connection = await OpenAsync(options);
        List<byte[][]> commits = [];
        for (var from = after; from < after + listings; from += commit)
        {
            var tables = new byte[s_tables.Length][];
            for (var i = 0; i < tables.Length; i++)
            {
                var select = string.Format(CultureInfo.InvariantCulture, s_tables[i].Select, from, Math.Min(from + commit, after + listings));
                await using var source = await connection.BeginRawBinaryCopyAsync($"COPY ({select}) TO STDOUT (FORMAT BINARY)");
                using var bytes = new MemoryStream();
                await source.CopyToAsync(bytes);
                tables[i] = bytes.ToArray();
            }

            commits.Add(tables);
        }

        return new RawCopy(listings, commits);
    }

    /// <summary>Copies the rows into a database that has those before them or none, a transaction a commit.</summary>
    /// <returns>Listings a second, until the last is durable.</returns>
    public async Task<double> WriteAsync(PostgresStoreOptions options)
    {
        await using var connection = await OpenAsync(options);
        var before = await CountAsync(connection);
        var started = Stopwatch.GetTimestamp();
        foreach (var tables in _commits)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var i = 0; i < tables.Length; i++)
            {
                await using var destination = await connection.BeginRawBinaryCopyAsync(s_tables[i].Copy);
                await destination.WriteAsync(tables[i]);
            }

            await transaction.CommitAsync();
        }

        var rate = _listings / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var written = await CountAsync(connection) - before;
        return written == _listings ? rate : throw new InvalidOperationException($"{written} changes of {_listings} listings.");
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM change", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresStoreOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Password = options.Password, Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
