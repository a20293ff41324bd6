using System.Text.Json;
using CreditShare.Core.Push;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Push;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Sqlite;

/// <summary>The measures in SQLite.</summary>
internal sealed class SqliteMeasures(SqliteWriter writer, SqliteReaders readers) : IMeasureEngine
{
    public Task<MeasureRow?> FindAsync(string partner, LookupKey reference, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            using var row = session.Use(SqliteSql.FindMeasure).Bind(1, partner).Bind(2, reference);
            return row.Step() ? Read(row) : null;
        },
        cancellationToken);

    public Task<bool> InsertAsync(MeasureRow row, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var insert = session.Use(SqliteSql.InsertMeasure);
        return insert.Bind(1, row.Partner).Bind(2, row.Reference).Bind(3, row.Listing.Value).Bind(4, row.Court)
            .Bind(5, row.ListingVersion).Bind(6, row.Code).Bind(7, (long)row.Outcome).Bind(8, row.AppliedAt)
            .BindOrNull(9, row.LiftedAt).Bind(10, row.IsStaleCopy ? 1 : 0).Bind(11, row.CreatedAt).Bind(12, row.Body)
            .Step();
    });

    public Task<bool> LiftAsync(string partner, LookupKey reference, long liftedAt, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            using var lift = session.Use(SqliteSql.LiftMeasure);
            return lift.Bind(1, partner).Bind(2, reference).Bind(3, liftedAt).Step();
        });

    public Task<IReadOnlyList<MeasureRow>> ListAsync(MeasureQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<MeasureRow>>(
            session =>
            {
                using var rows = session.Use(StatementFor(query));
                rows.Bind(1, query.Partner?.Value).Bind(2, ToJson(query)).Bind(3, query.OpenOnly ? 1 : 0)
                    .Bind(4, query.Before ?? long.MaxValue).Bind(5, query.Limit);
                if (query.Listing is { } listing) rows.Bind(6, listing.Value);

                var measures = new List<MeasureRow>();
                while (rows.Step()) measures.Add(Read(rows));
                return measures;
            },
            cancellationToken);

    // SQLite makes its plan before it knows which conditions are given.
    private static string StatementFor(MeasureQuery query) => query switch
    {
        { Listing: not null } => SqliteSql.ListMeasuresOfListing,
        { Partner: not null } => SqliteSql.ListMeasuresOfPartner,
        _ => SqliteSql.ListMeasures,
    };

    private static string? ToJson(MeasureQuery query) => query.Courts is { } courts
        ? JsonSerializer.Serialize(courts.Select(court => court.Value).ToArray(), RegistryJson.Default.StringArray)
        : null;

    private static MeasureRow Read(SqliteStatement row) => new()
    {
        Number = row.GetInt64(0),
        Partner = row.GetText(1),
        Reference = row.GetKey(2),
        Listing = row.GetListingId(3),
        Court = row.GetText(4),
        ListingVersion = row.GetInt64(5),
        Code = row.GetText(6),
        Outcome = (MeasureOutcome)row.GetInt64(7),
        AppliedAt = row.GetInt64(8),
        LiftedAt = row.GetInt64OrNull(9),
        IsStaleCopy = row.GetInt64(10) != 0,
        CreatedAt = row.GetInt64(11),
        Body = row.GetBytes(12).ToArray(),
    };
}
