using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage.Sqlite;

/// <summary>The journal in SQLite. The write lock of the database is the lock of the head.</summary>
internal sealed class SqliteJournalEngine(SqliteWriter writer, SqliteReaders readers) : IJournalEngine
{
    public Task AppendAsync(BatchQuery query, BatchRows? ahead, Func<BatchView, BatchRows?> decide, CancellationToken cancellationToken) =>
        writer.WriteAsync(session =>
        {
            var isAhead = ahead is not null && ReadHead(session) == ahead.Behind;
            if ((isAhead ? ahead : decide(ReadView(session, query))) is { } rows) Write(session, rows);
            return true;
        });

    public Task<BatchView> ReadViewAsync(BatchQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadView(session, query), cancellationToken);

    public Task<bool> HoldsAsync(long sequence, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        writer.WriteAsync(session => ReadHash(session, sequence) is { } found && hash.Span.SequenceEqual(found));

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => readers.ReadAsync(ReadHead, cancellationToken);

    public Task<IReadOnlyList<ChangeRow>> ReadChangesAsync(long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ChangeRow>>(
            session =>
            {
                using var changes = session.Use(SqliteSql.ReadChanges).Bind(1, after).Bind(2, limit);
                return SqliteRows.ReadChanges(changes);
            },
            cancellationToken);

    public Task<IReadOnlyList<ChangeRow>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ChangeRow>>(
            session =>
            {
                using var changes = session.Use(SqliteSql.ReadWithdrawals).Bind(1, after).Bind(2, limit);
                return SqliteRows.ReadChanges(changes);
            },
            cancellationToken);

    public Task<long?> ReadRecordedAtAsync(long sequence, CancellationToken cancellationToken) => readers.ReadAsync<long?>(
        session =>
        {
            using var row = session.Use(SqliteSql.ReadRecordedAt).Bind(1, sequence);
            return row.Step() ? row.GetInt64(0) : null;
        },
        cancellationToken);

    public Task<long?> FindRecordedAsync(long from, long recordedFrom, CancellationToken cancellationToken) => readers.ReadAsync<long?>(
        session =>
        {
            using var row = session.Use(SqliteSql.FindRecorded).Bind(1, from).Bind(2, recordedFrom);
            return row.Step() ? row.GetInt64(0) : null;
        },
        cancellationToken);

    public Task<byte[]?> ReadHashAsync(long sequence, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadHash(session, sequence), cancellationToken);

    public Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<JournalEpoch>>(
            session =>
            {
                var epochs = new List<JournalEpoch>();
                using var rows = session.Use(SqliteSql.ReadEpochs);
                while (rows.Step()) epochs.Add(new JournalEpoch((uint)rows.GetInt64(0), rows.GetInt64(1), rows.GetBytes(2).ToArray()));
                return epochs;
            },
            cancellationToken);

    public Task<JournalEpoch> RaiseEpochAsync(CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        var head = ReadHead(session);
        var epoch = new JournalEpoch(head.Epoch + 1, head.Sequence + 1, head.Hash);
        using var insert = session.Use(SqliteSql.InsertEpoch);
        insert.Bind(1, epoch.Epoch).Bind(2, epoch.FirstSequence).Bind(3, epoch.HashBefore.Span).Run();
        UpdateHead(session, head with { Epoch = epoch.Epoch });
        return epoch;
    });

    public Task PruneRequestsAsync(long recordedBefore, int limit, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        using var prune = session.Use(SqliteSql.PruneRequests);
        prune.Bind(1, recordedBefore).Bind(2, limit).Run();
        return true;
    });

    internal static JournalHead ReadHead(SqliteSession session)
    {
        using var head = session.Use(SqliteSql.ReadHead);
        head.Step();
        return new JournalHead((uint)head.GetInt64(0), head.GetInt64(1), head.GetBytes(2).ToArray());
    }

    private static void UpdateHead(SqliteSession session, JournalHead head)
    {
        using var update = session.Use(SqliteSql.UpdateHead);
        update.Bind(1, head.Epoch).Bind(2, head.Sequence).Bind(3, head.Hash.Span).Run();
    }

    private static byte[]? ReadHash(SqliteSession session, long sequence)
    {
        using var hash = session.Use(SqliteSql.ReadHash).Bind(1, sequence);
        return hash.Step() ? hash.GetBytes(0).ToArray() : null;
    }

    private static BatchView ReadView(SqliteSession session, BatchQuery query)
    {
        var view = new BatchView { Head = ReadHead(session) };
        using var requests = session.Use(SqliteSql.FindRequest);
        foreach (var key in query.Requests)
        {
            if (requests.Bind(1, key.Partner).Bind(2, key.Id).Step())
            {
                view.Requests.Add(
                    key,
                    new KeptAnswer(
                        requests.GetKey(0), requests.GetListingId(1), requests.GetInt64(2), (uint)requests.GetInt64(3), requests.GetInt64(4)));
            }

            requests.Reset();
        }

        using var listings = session.Use(SqliteSql.FindListing);
        foreach (var id in query.Listings)
        {
            if (listings.Bind(1, id.Value).Step()) view.Listings.Add(id, SqliteRows.ReadChange(listings));
            listings.Reset();
        }

        using var neighbours = session.Use(SqliteSql.FindNeighbours);
        foreach (var document in query.Documents)
        {
            neighbours.Bind(1, document);
            while (neighbours.Step())
            {
                view.Neighbours.Add(
                    new NeighbourRow(
                        document,
                        neighbours.GetKey(0),
                        neighbours.GetListingId(1),
                        neighbours.GetInt64(2) != 0,
                        neighbours.GetDayOrNull(3)));
            }

            neighbours.Reset();
        }

        return view;
    }

    private static void Write(SqliteSession session, BatchRows rows)
    {
        using var change = session.Use(SqliteSql.InsertChange);
        foreach (var row in rows.Changes)
        {
            change.Bind(1, row.Sequence).Bind(2, row.Epoch).Bind(3, (long)row.Kind).Bind(4, row.Listing.Value).Bind(5, row.Version)
                .Bind(6, row.Court).Bind(7, (long)row.SubjectKind).Bind(8, row.RecordedAt).Bind(9, row.Partner)
                .Bind(10, row.KeysBefore).Bind(11, row.KeysAfter).Bind(12, row.Operator).Bind(13, row.Body).Bind(14, row.Hash)
                .Run();
        }

        using var listing = session.Use(SqliteSql.PutListing);
        foreach (var row in rows.Listings)
        {
            listing.Bind(1, row.Id.Value).Bind(2, row.Court).Bind(3, row.Region).Bind(4, (long)row.State).Bind(5, row.Version)
                .Bind(6, row.Sequence).Bind(7, (long)row.SubjectKind).Bind(8, row.Case).Bind(9, row.Name).Bind(10, row.NameAndYear)
                .Bind(11, row.LastDay).Bind(12, row.GraceUntil).Bind(13, row.BarredUntil).Bind(14, row.WrappedKey)
                .Bind(15, row.UnservedSince)
                .Run();
        }

        using var document = session.Use(SqliteSql.PutDocument);
        foreach (var row in rows.Documents)
        {
            document.Bind(1, row.Document).Bind(2, row.Listing.Value).Bind(3, row.SealedNumber)
                .Bind(4, row.IsNamed ? 1 : 0).Bind(5, row.IsActive ? 1 : 0)
                .Run();
        }

        using var request = session.Use(SqliteSql.InsertRequest);
        foreach (var row in rows.Requests)
        {
            request.Bind(1, row.Key.Partner).Bind(2, row.Key.Id).Bind(3, row.Answer.Digest).Bind(4, row.Answer.Listing.Value)
                .Bind(5, row.Answer.Version).Bind(6, row.Answer.Epoch).Bind(7, row.Answer.Sequence).Bind(8, row.RecordedAt)
                .Run();
        }

        UpdateHead(session, rows.Head);
    }
}
