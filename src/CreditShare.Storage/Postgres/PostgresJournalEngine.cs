using System.Data;
using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Writing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>The journal in PostgreSQL. The lock on the one row of the head orders the commits of all nodes.</summary>
/// <remarks>Appends come from one writer, one at a time; everything else is safe for concurrent callers.</remarks>
internal sealed class PostgresJournalEngine(PostgresConnections connections) : IJournalEngine, IAsyncDisposable
{
    private readonly WriterThread _thread = new("PostgreSQL writer");
    private volatile NpgsqlConnection? _writer;
    private volatile int _writerProcess;

    // Set from the connection's own notices, which come while a command of ours runs.
    private volatile bool _doubted;

    /// <summary>The server's process that serves the writer; 0 while there is none. Any thread may ask.</summary>
    /// <remarks>Not when the connection is known to be lost: another node's writer may then have a process of that number.</remarks>
    public int WriterProcess => _writer is { } writer && (writer.FullState & (ConnectionState.Open | ConnectionState.Broken)) == ConnectionState.Open
        ? _writerProcess
        : 0;

    public Task AppendAsync(BatchQuery query, BatchRows? ahead, Func<BatchView, BatchRows?> decide, CancellationToken cancellationToken) =>
        _thread.RunAsync(() => Append(query, ahead, decide, cancellationToken));

    public Task<BatchView> ReadViewAsync(BatchQuery query, CancellationToken cancellationToken) =>
        connections.RunAsync((connection, token) => ReadViewAsync(connection, query, token), cancellationToken);

    public Task<bool> HoldsAsync(long sequence, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                _doubted = false;
                connection.Notice += Hear;
                try
                {
                    // The lock is given once the lost backend has ended, one way or the other.
                    await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                    await ExecuteAsync(connection, PostgresSql.LockHead, token);
                    var held = await ReadHashAsync(connection, sequence, token) is { } found && hash.Span.SequenceEqual(found);

                    // A commit whose wait for the standbys was cut short is there, and yet not safe. This one waits for both.
                    await ExecuteAsync(connection, PostgresSql.TouchHead, token);
                    await transaction.CommitAsync(CancellationToken.None);
                    return _doubted ? throw new StoreUnavailableException("The commit did not wait for the standbys.", null) : held;
                }
                finally
                {
                    connection.Notice -= Hear;
                }
            },
            cancellationToken);

    public async Task<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        (await connections.QueryAsync(PostgresSql.ReadHead, static _ => { }, PostgresRows.ReadHead, cancellationToken)).Single();

    public async Task<IReadOnlyList<ChangeRow>> ReadChangesAsync(long after, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadChanges, parameters => parameters.With(after).With(limit), PostgresRows.ReadChange, cancellationToken);

    public async Task<IReadOnlyList<ChangeRow>> ReadNextChangesAsync(long after, int limit, CancellationToken cancellationToken) =>
        await connections.QueryVitallyAsync(
            PostgresSql.ReadChanges, parameters => parameters.With(after).With(limit), PostgresRows.ReadChange, cancellationToken);

    public async Task<IReadOnlyList<ChangeRow>> ReadWithdrawalsAsync(long after, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadWithdrawals, parameters => parameters.With(after).With(limit), PostgresRows.ReadChange, cancellationToken);

    public async Task<long?> ReadRecordedAtAsync(long sequence, CancellationToken cancellationToken) => (await connections.QueryAsync<long?>(
        PostgresSql.ReadRecordedAt, parameters => parameters.With(sequence), row => row.GetInt64(0), cancellationToken)).SingleOrDefault();

    public async Task<long?> FindRecordedAsync(long from, long recordedFrom, CancellationToken cancellationToken) =>
        (await connections.QueryAsync<long?>(
            PostgresSql.FindRecorded,
            parameters => parameters.With(from).With(recordedFrom),
            row => row.GetInt64(0),
            cancellationToken)).SingleOrDefault();

    public Task<byte[]?> ReadHashAsync(long sequence, CancellationToken cancellationToken) =>
        connections.RunAsync((connection, token) => ReadHashAsync(connection, sequence, token), cancellationToken);

    public async Task<IReadOnlyList<JournalEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            PostgresSql.ReadEpochs,
            static _ => { },
            row => new JournalEpoch((uint)row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
            cancellationToken);

    public Task<JournalEpoch> RaiseEpochAsync(CancellationToken cancellationToken) => connections.RunPatientlyAsync(
        async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            JournalHead head;
            await using (var command = new NpgsqlCommand(PostgresSql.LockHead, connection))
            await using (var row = await command.ExecuteReaderAsync(token))
            {
                await row.ReadAsync(token);
                head = PostgresRows.ReadHead(row);
            }

            var epoch = new JournalEpoch(head.Epoch + 1, head.Sequence + 1, head.Hash);
            await using var batch = connection.CreateBatch();
            batch.BatchCommands.Then(PostgresSql.InsertEpoch).With<long>(epoch.Epoch).With(epoch.FirstSequence).With(epoch.HashBefore.ToArray());
            AddHead(batch, head with { Epoch = epoch.Epoch });
            await batch.ExecuteNonQueryAsync(token);
            await transaction.CommitAsync(CancellationToken.None);
            return epoch;
        },
        cancellationToken);

    public Task PruneRequestsAsync(long recordedBefore, int limit, CancellationToken cancellationToken) => connections.WriteAsync(
        batch => batch.Then(PostgresSql.PruneRequests).With(recordedBefore).With(limit), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync();
        DropWriter();
    }

    private static async Task<byte[]?> ReadHashAsync(NpgsqlConnection connection, long sequence, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PostgresSql.ReadHash, connection);
        command.Parameters.With(sequence);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<BatchView> ReadViewAsync(NpgsqlConnection connection, BatchQuery query, CancellationToken cancellationToken)
    {
        await using var batch = CreateReading(connection, PostgresSql.ReadHead, query);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var view = new BatchView { Head = PostgresRows.ReadHead(reader) };
        foreach (var add in AddingTo(view, query))
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) add(reader);
        }

        return view;
    }

    // One round trip, and no statement that would find nothing. Under READ COMMITTED each sees what was committed when it began, hence when
    // the lock was held.
    private static NpgsqlBatch CreateReading(NpgsqlConnection connection, string readHead, BatchQuery query)
    {
        var batch = connection.CreateBatch();
        batch.BatchCommands.Then(readHead);
        if (query.Requests.Length > 0)
        {
            batch.BatchCommands.Then(PostgresSql.FindRequests)
                .With(Array.ConvertAll(query.Requests, key => key.Partner)).With(Array.ConvertAll(query.Requests, key => key.Id));
        }

        if (query.Listings.Length > 0)
        {
            batch.BatchCommands.Then(PostgresSql.FindListings).With(Array.ConvertAll(query.Listings, id => id.Value));
        }

        if (query.Documents.Length > 0)
        {
            batch.BatchCommands.Then(PostgresSql.FindNeighbours).With(Array.ConvertAll(query.Documents, key => key.ToArray()));
        }

        return batch;
    }

    private static BatchView ReadView(NpgsqlConnection connection, string readHead, BatchQuery query)
    {
        using var batch = CreateReading(connection, readHead, query);
        using var reader = batch.ExecuteReader();
        reader.Read();
        var view = new BatchView { Head = PostgresRows.ReadHead(reader) };
        foreach (var add in AddingTo(view, query))
        {
            reader.NextResult();
            while (reader.Read()) add(reader);
        }

        return view;
    }

    // What is done with each row of the results behind the head, in the order of the statements.
    private static IEnumerable<Action<NpgsqlDataReader>> AddingTo(BatchView view, BatchQuery query)
    {
        if (query.Requests.Length > 0) yield return AddRequest;
        if (query.Listings.Length > 0) yield return AddListing;
        if (query.Documents.Length > 0) yield return AddNeighbour;

        void AddRequest(NpgsqlDataReader row) => view.Requests.Add(
            new RequestKey(row.GetString(0), row.GetGuid(1)),
            new KeptAnswer(PostgresRows.GetKey(row, 2), new ListingId(row.GetGuid(3)), row.GetInt64(4), (uint)row.GetInt64(5), row.GetInt64(6)));

        void AddListing(NpgsqlDataReader row)
        {
            var change = PostgresRows.ReadChange(row);
            view.Listings.Add(change.Listing, change);
        }

        void AddNeighbour(NpgsqlDataReader row) => view.Neighbours.Add(new NeighbourRow(
            PostgresRows.GetKey(row, 0), PostgresRows.GetKey(row, 1), new ListingId(row.GetGuid(2)), row.GetBoolean(3), PostgresRows.GetDayOrNull(row, 4)));
    }

    private static NpgsqlBatch CreateWriting(NpgsqlConnection connection, BatchRows rows, bool isCopied)
    {
        var batch = connection.CreateBatch();
        if (!isCopied) AddChanges(batch, rows.Changes);
        AddListings(batch, isCopied ? [.. rows.Listings.Where(row => !row.IsNew)] : rows.Listings);
        AddDocuments(batch, isCopied ? [.. rows.Documents.Where(row => !row.IsNew)] : rows.Documents);
        if (!isCopied) AddRequests(batch, rows.Requests);
        AddHead(batch, rows.Head);
        return batch;
    }

    // On the writer's own thread, which waits for each answer.
    private void Append(BatchQuery query, BatchRows? ahead, Func<BatchView, BatchRows?> decide, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        NpgsqlBatchCommand? commit = null;
        try
        {
            var connection = OpenWriter();
            using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
            if (Decide(connection) is not { } rows)
            {
                transaction.Rollback();
                return;
            }

            var isLarge = rows.Changes.Count >= PostgresCopy.LeastChanges;
            if (isLarge) PostgresCopy.WriteNew(connection, rows);
            using var writing = CreateWriting(connection, rows, isLarge);
            commit = new NpgsqlBatchCommand("COMMIT");
            writing.BatchCommands.Add(commit);
            _doubted = false;
            writing.ExecuteNonQuery();
        }
        catch (Exception e) when (commit is not null && !IsBefore(commit, e))
        {
            DropWriter();
            throw new CommitUncertainException(e);
        }
        catch (Exception e)
        {
            // The connection may be in the middle of anything; a new one costs milliseconds.
            DropWriter();
            if (PostgresErrors.IsUnavailable(e)) throw PostgresErrors.ToUnavailable(e);
            throw;
        }

        if (!_doubted) return;

        DropWriter();
        throw new CommitUncertainException(new StoreUnavailableException("The commit did not wait for the standbys.", null));

        BatchRows? Decide(NpgsqlConnection connection)
        {
            if (ahead is null) return decide(ReadView(connection, PostgresSql.LockHead, query));

            var isAhead = ReadView(connection, PostgresSql.LockHead, BatchQuery.Nothing).Head == ahead.Behind;
            return isAhead ? ahead : decide(ReadView(connection, PostgresSql.ReadHead, query));
        }
    }

    // Surely nothing was committed if the server refused a statement in front of it. Whatever else went wrong is a doubt, even where it need not be
    // one: a proxy in between may report an end (FATAL) that says nothing of what had been sent on.
    private static bool IsBefore(NpgsqlBatchCommand commit, Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR", BatchCommand: { } failed } && failed != commit;

    private static void AddChanges(NpgsqlBatch batch, IReadOnlyCollection<ChangeRow> changes) =>
        batch.BatchCommands.Then(PostgresSql.InsertChanges)
            .With(Column(changes, row => row.Sequence)).With(Column(changes, row => (long)row.Epoch))
            .With(Column(changes, row => (short)row.Kind)).With(Column(changes, row => row.Listing.Value))
            .With(Column(changes, row => row.Version)).With(Column(changes, row => row.Court))
            .With(Column(changes, row => (short)row.SubjectKind)).With(Column(changes, row => row.RecordedAt))
            .With(Column(changes, row => row.Partner)).With(Column(changes, row => row.KeysBefore))
            .With(Column(changes, row => row.KeysAfter)).With(Column(changes, row => row.Operator))
            .With(Column(changes, row => row.Body)).With(Column(changes, row => row.Hash));

    private static void AddListings(NpgsqlBatch batch, IReadOnlyCollection<ListingRow> listings)
    {
        if (listings.Count == 0) return;

        batch.BatchCommands.Then(PostgresSql.PutListings)
            .With(Column(listings, row => row.Id.Value)).With(Column(listings, row => row.Court))
            .With(Column(listings, row => row.Region)).With(Column(listings, row => (short)row.State))
            .With(Column(listings, row => row.Version)).With(Column(listings, row => row.Sequence))
            .With(Column(listings, row => (short)row.SubjectKind)).With(Column(listings, row => row.Case.ToArray()))
            .With(Column(listings, row => row.Name.ToArray())).With(Column(listings, row => row.NameAndYear?.ToArray()))
            .With(Column(listings, row => row.LastDay)).With(Column(listings, row => row.GraceUntil))
            .With(Column(listings, row => row.BarredUntil)).With(Column(listings, row => row.WrappedKey))
            .With(Column(listings, row => row.UnservedSince));
    }

    private static void AddDocuments(NpgsqlBatch batch, IReadOnlyCollection<DocumentRow> documents)
    {
        if (documents.Count == 0) return;

        batch.BatchCommands.Then(PostgresSql.PutDocuments)
            .With(Column(documents, row => row.Document.ToArray())).With(Column(documents, row => row.Listing.Value))
            .With(Column(documents, row => row.SealedNumber)).With(Column(documents, row => row.IsNamed))
            .With(Column(documents, row => row.IsActive));
    }

    private static void AddRequests(NpgsqlBatch batch, IReadOnlyCollection<RequestRow> requests)
    {
        if (requests.Count == 0) return;

        batch.BatchCommands.Then(PostgresSql.InsertRequests)
            .With(Column(requests, row => row.Key.Partner)).With(Column(requests, row => row.Key.Id))
            .With(Column(requests, row => row.Answer.Digest.ToArray())).With(Column(requests, row => row.Answer.Listing.Value))
            .With(Column(requests, row => row.Answer.Version)).With(Column(requests, row => (long)row.Answer.Epoch))
            .With(Column(requests, row => row.Answer.Sequence)).With(Column(requests, row => row.RecordedAt));
    }

    private static T[] Column<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        var i = 0;
        foreach (var row in rows) column[i++] = value(row);
        return column;
    }

    // Listeners hear of the head when the transaction commits, and only then.
    private static void AddHead(NpgsqlBatch batch, JournalHead head)
    {
        batch.BatchCommands.Then(PostgresSql.UpdateHead).With<long>(head.Epoch).With(head.Sequence).With(head.Hash.ToArray());
        batch.BatchCommands.Then(PostgresSql.NotifyHead).With(string.Create(CultureInfo.InvariantCulture, $"{head.Epoch}:{head.Sequence}"));
    }

    private NpgsqlConnection OpenWriter()
    {
        if (_writer is { FullState: ConnectionState.Open } open) return open;

        DropWriter();
        var writer = connections.OpenWriter();
        writer.Notice += Hear;
        _writerProcess = writer.ProcessID;
        _writer = writer;
        return writer;
    }

    private void DropWriter()
    {
        if (_writer is not { } writer) return;

        _writer = null;
        writer.Notice -= Hear;
        writer.Dispose();
    }

    private void Hear(object sender, NpgsqlNoticeEventArgs notice)
    {
        if (PostgresErrors.IsCommitDoubt(notice.Notice)) _doubted = true;
    }
}
