using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Storage.Postgres;

/// <summary>The ledger of disclosures in PostgreSQL.</summary>
internal sealed class PostgresDisclosureEngine(PostgresConnections connections) : IDisclosureEngine
{
    public Task WriteAsync(IReadOnlyList<DisclosureRow> rows, CancellationToken cancellationToken) => connections.WriteAsync(
        batch =>
        {
            batch.Then(PostgresSql.InsertDisclosures)
                .With(Column(rows, row => row.Partner)).With(Column(rows, row => row.Answer)).With(Column(rows, row => (short)row.Purpose))
                .With(Column(rows, row => row.Reference)).With(Column(rows, row => row.Operator)).With(Column(rows, row => row.At))
                .With(Column(rows, row => (long)row.Epoch)).With(Column(rows, row => row.Sequence));

            var listings = rows.SelectMany(row => row.Listings.Select((listing, position) => (row.Partner, row.Answer, position, listing))).ToList();
            batch.Then(PostgresSql.InsertDisclosedListings)
                .With(Column(listings, row => row.Partner)).With(Column(listings, row => row.Answer))
                .With(Column(listings, row => row.position)).With(Column(listings, row => row.listing.Listing.Value))
                .With(Column(listings, row => row.listing.Court)).With(Column(listings, row => row.listing.Version))
                .With(Column(listings, row => (short)row.listing.Verdict)).With(Column(listings, row => row.listing.Document?.ToArray()));
        },
        cancellationToken);

    public async Task<DisclosureRow?> FindAsync(string partner, Guid answer, CancellationToken cancellationToken)
    {
        var listings = await connections.QueryAsync(
            PostgresSql.FindDisclosedListings,
            parameters => parameters.With(partner).With(answer),
            row => new DisclosedRow(
                new ListingId(row.GetGuid(0)), row.GetString(1), row.GetInt64(2), (Verdict)row.GetInt16(3), Document: null),
            cancellationToken);
        var found = await connections.QueryAsync(
            PostgresSql.FindDisclosure,
            parameters => parameters.With(partner).With(answer),
            row => new DisclosureRow
            {
                Partner = partner,
                Answer = answer,
                Purpose = (Purpose)row.GetInt16(0),
                Reference = row.GetFieldValue<byte[]>(1),
                Operator = row.GetFieldValue<byte[]>(2),
                At = row.GetInt64(3),
                Epoch = (uint)row.GetInt64(4),
                Sequence = row.GetInt64(5),
                Listings = listings,
            },
            cancellationToken);

        // Both are written at once; an answer that came between the two questions is not found yet.
        return found.SingleOrDefault() is { Listings.Count: > 0 } row ? row : null;
    }

    public Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken) => connections.WriteAsync(
        batch => batch.Then(PostgresSql.AddCounts)
            .With(Column(counts, count => count.Day)).With(Column(counts, count => count.Partner.Value))
            .With(Column(counts, count => (short)count.Purpose)).With(Column(counts, count => count.Count)),
        cancellationToken);

    public async Task<IReadOnlyList<NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadCounts,
            parameters => parameters.With(day),
            row => new NotListedCount(PartnerId.Restore(row.GetString(0)), (Purpose)row.GetInt16(1), day, row.GetInt64(2)),
            cancellationToken);

    public async Task<IReadOnlyList<RecipientRow>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadRecipients,
            parameters => parameters.With(listing.Value),
            row => new RecipientRow(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);

    public Task PutReaderAsync(ReaderRow reader, CancellationToken cancellationToken) => connections.WriteAsync(
        batch => batch.Then(PostgresSql.PutReader)
            .With(reader.Partner).With(reader.FirstAt).With(reader.LastAt).With(reader.FirstSequence).With(reader.LastSequence),
        cancellationToken);

    public async Task<IReadOnlyList<ReaderRow>> ReadReadersAsync(CancellationToken cancellationToken) => await connections.QueryAsync(
        PostgresSql.ReadReaders,
        static _ => { },
        row => new ReaderRow
        {
            Partner = row.GetString(0),
            FirstAt = row.GetInt64(1),
            LastAt = row.GetInt64(2),
            FirstSequence = row.GetInt64(3),
            LastSequence = row.GetInt64(4),
        },
        cancellationToken);

    private static T[] Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) => [.. rows.Select(value)];
}
