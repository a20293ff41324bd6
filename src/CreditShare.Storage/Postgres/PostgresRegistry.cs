using System.Data;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Partners and courts in PostgreSQL. The row of the revision is the lock under which they change.</summary>
internal sealed class PostgresRegistry(PostgresConnections connections) : IRegistryStore
{
    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken) =>
        (await connections.QueryVitallyAsync(PostgresSql.ReadRevision, static _ => { }, row => row.GetInt64(0), cancellationToken)).Single();

    public async Task<IReadOnlyList<Partner>> ReadPartnersAsync(CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadPartners, static _ => { }, row => PartnerBody.Read(row.GetString(0), row.GetInt64(1)), cancellationToken);

    public Task<PutPartnerResult> PutPartnerAsync(Partner partner, CancellationToken cancellationToken) => connections.RunPatientlyAsync(
        async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            var result = await PutAsync(connection, partner, token);
            if (result == PutPartnerResult.Stored) await transaction.CommitAsync(CancellationToken.None);
            return result;
        },
        cancellationToken);

    public async Task<IReadOnlyList<Court>> ReadCourtsAsync(CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadCourts,
            static _ => { },
            row => new Court
            {
                Code = CourtRows.ToCode(row.GetString(0)),
                Name = row.GetString(1),
                Level = (CourtLevel)row.GetInt16(2),
                Parent = row.IsDBNull(3) ? null : CourtRows.ToCode(row.GetString(3)),
                ValidFrom = PostgresRows.GetDayOrNull(row, 4),
                ValidTo = PostgresRows.GetDayOrNull(row, 5),
            },
            cancellationToken);

    public Task PutCourtsAsync(IReadOnlyCollection<Court> courts, CancellationToken cancellationToken) => connections.WriteAsync(
        batch =>
        {
            batch.Then(PostgresSql.LockRegistry);
            batch.Then(PostgresSql.PutCourts)
                .With(courts.Select(court => court.Code.Value).ToArray())
                .With(courts.Select(court => court.Name).ToArray())
                .With(courts.Select(court => (short)court.Level).ToArray())
                .With(courts.Select(court => court.Parent?.Value).ToArray())
                .With(courts.Select(court => court.ValidFrom).ToArray())
                .With(courts.Select(court => court.ValidTo).ToArray());
            batch.Then(PostgresSql.RaiseRevision);
        },
        cancellationToken);

    private static async Task<PutPartnerResult> PutAsync(NpgsqlConnection connection, Partner partner, CancellationToken cancellationToken)
    {
        var keys = partner.Keys.Select(key => key.SpkiSha256).ToArray();
        await using (var question = connection.CreateBatch())
        {
            question.BatchCommands.Then(PostgresSql.LockRegistry);
            question.BatchCommands.Then(PostgresSql.ReadPartnerRevision).With(partner.Id.Value);
            question.BatchCommands.Then(PostgresSql.CountForeignKeys).With(keys).With(partner.Id.Value);
            await using var reader = await question.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            var revision = await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;
            if (revision != partner.Revision) return PutPartnerResult.RevisionChanged;

            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (reader.GetInt64(0) > 0) return PutPartnerResult.KeyTaken;
        }

        await using var write = connection.CreateBatch();
        write.BatchCommands.Then(PostgresSql.PutPartner)
            .With(partner.Id.Value).With(partner.Revision + 1).With(PartnerBody.Write(partner));
        write.BatchCommands.Then(PostgresSql.DeletePartnerKeys).With(partner.Id.Value);
        write.BatchCommands.Then(PostgresSql.InsertPartnerKeys).With(keys).With(partner.Id.Value);
        write.BatchCommands.Then(PostgresSql.RaiseRevision);
        await write.ExecuteNonQueryAsync(cancellationToken);
        return PutPartnerResult.Stored;
    }
}
