using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;

namespace CreditShare.Storage.Sqlite;

/// <summary>Partners and courts in SQLite.</summary>
internal sealed class SqliteRegistry(SqliteWriter writer, SqliteReaders readers) : IRegistryStore
{
    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            using var revision = session.Use(SqliteSql.ReadRevision);
            revision.Step();
            return revision.GetInt64(0);
        },
        cancellationToken);

    public Task<IReadOnlyList<Partner>> ReadPartnersAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Partner>>(
            session =>
            {
                var partners = new List<Partner>();
                using var rows = session.Use(SqliteSql.ReadPartners);
                while (rows.Step()) partners.Add(PartnerBody.Read(rows.GetText(0), rows.GetInt64(1)));
                return partners;
            },
            cancellationToken);

    public Task<PutPartnerResult> PutPartnerAsync(Partner partner, CancellationToken cancellationToken) =>
        writer.WriteAsync(session => Put(session, partner));

    public Task<IReadOnlyList<Court>> ReadCourtsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<Court>>(
            session =>
            {
                var courts = new List<Court>();
                using var rows = session.Use(SqliteSql.ReadCourts);
                while (rows.Step())
                {
                    courts.Add(new Court
                    {
                        Code = CourtRows.ToCode(rows.GetText(0)),
                        Name = rows.GetText(1),
                        Level = (CourtLevel)rows.GetInt64(2),
                        Parent = rows.IsNull(3) ? null : CourtRows.ToCode(rows.GetText(3)),
                        ValidFrom = rows.GetDayOrNull(4),
                        ValidTo = rows.GetDayOrNull(5),
                    });
                }

                return courts;
            },
            cancellationToken);

    public Task PutCourtsAsync(IReadOnlyCollection<Court> courts, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var put = session.Use(SqliteSql.PutCourt);
        foreach (var court in courts)
        {
            put.Bind(1, court.Code.Value).Bind(2, court.Name).Bind(3, (long)court.Level).Bind(4, court.Parent?.Value)
                .Bind(5, court.ValidFrom).Bind(6, court.ValidTo)
                .Run();
        }

        RaiseRevision(session);
        return true;
    });

    private static PutPartnerResult Put(SqliteSession session, Partner partner)
    {
        using var stored = session.Use(SqliteSql.ReadPartnerRevision).Bind(1, partner.Id.Value);
        if ((stored.Step() ? stored.GetInt64(0) : 0) != partner.Revision) return PutPartnerResult.RevisionChanged;

        using var owner = session.Use(SqliteSql.ReadKeyOwner);
        foreach (var key in partner.Keys)
        {
            if (owner.Bind(1, key.SpkiSha256).Step() && owner.GetText(0) != partner.Id.Value) return PutPartnerResult.KeyTaken;
            owner.Reset();
        }

        using var put = session.Use(SqliteSql.PutPartner);
        put.Bind(1, partner.Id.Value).Bind(2, partner.Revision + 1).Bind(3, PartnerBody.Write(partner)).Run();
        using var delete = session.Use(SqliteSql.DeletePartnerKeys);
        delete.Bind(1, partner.Id.Value).Run();
        using var insert = session.Use(SqliteSql.InsertPartnerKey);
        foreach (var key in partner.Keys) insert.Bind(1, key.SpkiSha256).Bind(2, partner.Id.Value).Run();

        RaiseRevision(session);
        return PutPartnerResult.Stored;
    }

    private static void RaiseRevision(SqliteSession session)
    {
        using var raise = session.Use(SqliteSql.RaiseRevision);
        raise.Run();
    }
}
