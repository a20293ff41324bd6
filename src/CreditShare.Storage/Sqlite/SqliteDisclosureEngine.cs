using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Storage.Sqlite;

/// <summary>The ledger of disclosures in SQLite.</summary>
internal sealed class SqliteDisclosureEngine(SqliteWriter writer, SqliteReaders readers) : IDisclosureEngine
{
    public Task WriteAsync(IReadOnlyList<DisclosureRow> rows, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        foreach (var row in rows) Insert(session, row);
        return true;
    });

    public Task<DisclosureRow?> FindAsync(string partner, Guid answer, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, partner, answer), cancellationToken);

    public Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var add = session.Use(SqliteSql.AddCount);
        foreach (var count in counts)
        {
            add.Bind(1, count.Day.DayNumber).Bind(2, count.Partner.Value).Bind(3, (long)count.Purpose).Bind(4, count.Count).Run();
        }

        return true;
    });

    public Task<IReadOnlyList<NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<NotListedCount>>(
            session =>
            {
                var counts = new List<NotListedCount>();
                using var rows = session.Use(SqliteSql.ReadCounts).Bind(1, day.DayNumber);
                while (rows.Step())
                {
                    counts.Add(new NotListedCount(PartnerId.Restore(rows.GetText(0)), (Purpose)rows.GetInt64(1), day, rows.GetInt64(2)));
                }

                return counts;
            },
            cancellationToken);

    public Task<IReadOnlyList<RecipientRow>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<RecipientRow>>(
            session =>
            {
                var recipients = new List<RecipientRow>();
                using var rows = session.Use(SqliteSql.ReadRecipients).Bind(1, listing.Value);
                while (rows.Step())
                {
                    recipients.Add(new RecipientRow(rows.GetText(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)));
                }

                return recipients;
            },
            cancellationToken);

    public Task PutReaderAsync(ReaderRow reader, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var put = session.Use(SqliteSql.PutReader);
        put.Bind(1, reader.Partner).Bind(2, reader.FirstAt).Bind(3, reader.LastAt).Bind(4, reader.FirstSequence).Bind(5, reader.LastSequence)
            .Run();
        return true;
    });

    public Task<IReadOnlyList<ReaderRow>> ReadReadersAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ReaderRow>>(
            session =>
            {
                var found = new List<ReaderRow>();
                using var rows = session.Use(SqliteSql.ReadReaders);
                while (rows.Step())
                {
                    found.Add(new ReaderRow
                    {
                        Partner = rows.GetText(0),
                        FirstAt = rows.GetInt64(1),
                        LastAt = rows.GetInt64(2),
                        FirstSequence = rows.GetInt64(3),
                        LastSequence = rows.GetInt64(4),
                    });
                }

                return found;
            },
            cancellationToken);

    private static void Insert(SqliteSession session, DisclosureRow row)
    {
        using var disclosure = session.Use(SqliteSql.InsertDisclosure);
        disclosure.Bind(1, row.Partner).Bind(2, row.Answer).Bind(3, (long)row.Purpose).Bind(4, row.Reference).Bind(5, row.Operator)
            .Bind(6, row.At).Bind(7, row.Epoch).Bind(8, row.Sequence)
            .Run();

        using var listing = session.Use(SqliteSql.InsertDisclosedListing);
        for (var i = 0; i < row.Listings.Count; i++)
        {
            var disclosed = row.Listings[i];
            listing.Bind(1, row.Partner).Bind(2, row.Answer).Bind(3, i).Bind(4, disclosed.Listing.Value).Bind(5, disclosed.Court)
                .Bind(6, disclosed.Version).Bind(7, (long)disclosed.Verdict).Bind(8, disclosed.Document)
                .Run();
        }
    }

    private static DisclosureRow? Find(SqliteSession session, string partner, Guid answer)
    {
        using var found = session.Use(SqliteSql.FindDisclosure).Bind(1, partner).Bind(2, answer);
        if (!found.Step()) return null;

        var listings = new List<DisclosedRow>();
        using var rows = session.Use(SqliteSql.FindDisclosedListings).Bind(1, partner).Bind(2, answer);
        while (rows.Step())
        {
            listings.Add(new DisclosedRow(rows.GetListingId(0), rows.GetText(1), rows.GetInt64(2), (Verdict)rows.GetInt64(3), Document: null));
        }

        return new DisclosureRow
        {
            Partner = partner,
            Answer = answer,
            Purpose = (Purpose)found.GetInt64(0),
            Reference = found.GetBytes(1).ToArray(),
            Operator = found.GetBytes(2).ToArray(),
            At = found.GetInt64(3),
            Epoch = (uint)found.GetInt64(4),
            Sequence = found.GetInt64(5),
            Listings = listings,
        };
    }
}
