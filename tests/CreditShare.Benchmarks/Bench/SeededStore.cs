using CreditShare.Cli.Generate;
using CreditShare.Core.Calendar;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;

namespace CreditShare.Benchmarks.Bench;

/// <summary>
/// Fills the embedded store of a development server with documents, as many as a nation lists, in a minute instead of a day: sealed as the server
/// seals them, so that it opens each at its start, but without the listings behind them, which nobody asks for by these numbers.
/// </summary>
internal static class SeededStore
{
    /// <summary>Behind the numbers of everybody whom <c>creditshare generate</c> makes up in a bench.</summary>
    private const long FirstPerson = 100_000_000;

    private const int ChunkRows = 100_000;

    /// <summary>Adds documents to the store, whose server has been started once and is stopped.</summary>
    /// <param name="folder">The server's data folder.</param>
    /// <param name="from">How many it has been given before.</param>
    /// <param name="to">How many it will have.</param>
    public static void Grow(string folder, int from, int to)
    {
        using var keys = Keyring.From(File.ReadAllBytes(Path.Combine(folder, "keys", "master.key")));
        using var session = SqliteSession.OpenWriter(FileOf(folder));

        // The keys are as good as random: an index that is made once all rows are there costs a tenth of one that takes each in.
        session.Execute("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 16000; DROP INDEX document_by_key;");
        for (var start = from; start < to; start += ChunkRows)
        {
            var chunk = SealAll(keys, start, Math.Min(ChunkRows, to - start));
            session.Write(writer =>
            {
                using var insert = writer.Use("INSERT INTO document (lookup_key, listing, sealed, named, active) VALUES (?1, ?2, ?3, 1, 1)");
                foreach (var row in chunk) insert.Bind(1, row.Key).Bind(2, row.Listing.Value).Bind(3, row.Number).Run();
                return true;
            });
        }

        session.Execute("CREATE UNIQUE INDEX document_by_key ON document (lookup_key, listing); PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>Reads all that a node reads at its start, and does nothing with it.</summary>
    /// <returns>How many documents there are.</returns>
    public static int ReadBare(string folder)
    {
        using var session = SqliteSession.OpenReader(FileOf(folder));
        using var rows = session.Use("SELECT lookup_key, listing, sealed FROM document WHERE active = 1");
        var count = 0;
        while (rows.Step())
        {
            if (rows.GetBytes(0).Length + rows.GetBytes(1).Length + rows.GetBytes(2).Length > 0) count++;
        }

        return count;
    }

    private static string FileOf(string folder) => Path.Combine(folder, SqliteStore.FileName);

    private static (LookupKey Key, ListingId Listing, byte[] Number)[] SealAll(Keyring keys, int start, int count)
    {
        var numbers = new SyntheticNumbers(seed: 1);
        var today = TimeProvider.System.Today();
        var rows = new (LookupKey, ListingId, byte[])[count];
        Parallel.For(0, count, i =>
        {
            DocumentNumber.TryParse(DocumentType.ResidentId, numbers.Person(FirstPerson + start + i), "", today, out var document, out _);
            var (key, listing) = (LookupKey.Read(RandomBytes.Take(LookupKey.Length)), new ListingId(Guid.CreateVersion7()));
            rows[i] = (key, listing, keys.SealDocument(document, key, listing));
        });
        return rows;
    }
}
