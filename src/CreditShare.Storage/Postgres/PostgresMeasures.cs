using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.Storage.Push;
using CreditShare.Storage.Sealing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>The measures in PostgreSQL.</summary>
internal sealed class PostgresMeasures(PostgresConnections connections) : IMeasureEngine
{
    public async Task<MeasureRow?> FindAsync(string partner, LookupKey reference, CancellationToken cancellationToken) =>
        (await connections.QueryAsync(
            PostgresSql.FindMeasure, parameters => parameters.With(partner).With(reference.ToArray()), Read, cancellationToken)).SingleOrDefault();

    public Task<bool> InsertAsync(MeasureRow row, CancellationToken cancellationToken) => ChangesARowAsync(
        PostgresSql.InsertMeasure,
        parameters => parameters.With(row.Partner).With(row.Reference.ToArray()).With(row.Listing.Value).With(row.Court)
            .With(row.ListingVersion).With(row.Code).With((short)row.Outcome).With(row.AppliedAt).With(row.LiftedAt)
            .With(row.IsStaleCopy).With(row.CreatedAt).With(row.Body),
        cancellationToken);

    public Task<bool> LiftAsync(string partner, LookupKey reference, long liftedAt, CancellationToken cancellationToken) =>
        ChangesARowAsync(
            PostgresSql.LiftMeasure,
            parameters => parameters.With(partner).With(reference.ToArray()).With(liftedAt),
            cancellationToken);

    public async Task<IReadOnlyList<MeasureRow>> ListAsync(MeasureQuery query, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ListMeasures,
            parameters => parameters.With(query.Partner?.Value).With(query.Courts?.Select(court => court.Value).ToArray())
                .With(query.Listing?.Value).With(query.OpenOnly).With(query.Before ?? long.MaxValue).With(query.Limit),
            Read,
            cancellationToken);

    private static MeasureRow Read(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Partner = row.GetString(1),
        Reference = PostgresRows.GetKey(row, 2),
        Listing = new ListingId(row.GetGuid(3)),
        Court = row.GetString(4),
        ListingVersion = row.GetInt64(5),
        Code = row.GetString(6),
        Outcome = (MeasureOutcome)row.GetInt16(7),
        AppliedAt = row.GetInt64(8),
        LiftedAt = PostgresRows.GetInt64OrNull(row, 9),
        IsStaleCopy = row.GetBoolean(10),
        CreatedAt = row.GetInt64(11),
        Body = row.GetFieldValue<byte[]>(12),
    };

    private Task<bool> ChangesARowAsync(string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText = sql;
                bind(command.Parameters);
                return await command.ExecuteScalarAsync(token) is not null;
            },
            cancellationToken);
}
