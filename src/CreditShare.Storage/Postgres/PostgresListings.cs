using System.Data;
using System.Runtime.CompilerServices;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>The listings as they stand in PostgreSQL.</summary>
internal sealed class PostgresListings(PostgresConnections connections, EntryCodec codec, Keyring keys) : IListingStore
{
    private static readonly short[] s_allStates = [.. Enum.GetValues<ListingState>().Select(state => (short)state)];

    public async Task<StoredListing?> FindAsync(ListingId listing, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(PostgresSql.FindListings, parameters => parameters.With<Guid[]>([listing.Value]), cancellationToken);
        return found.SingleOrDefault();
    }

    public async Task<IReadOnlyList<DocumentRecord>> ReadDocumentsAsync(
        IReadOnlyList<DocumentNumber> documents, CancellationToken cancellationToken)
    {
        ListingLimits.CheckDocuments(documents.Count);
        var lookups = documents.Select(document => keys.LookupKeyOf(document).ToArray()).ToArray();
        var rows = await connections.QueryAsync(
            PostgresSql.ReadDocuments,
            parameters => parameters.With(lookups).With(ListingLimits.ListingsOfDocument),
            row => (
                Epoch: (uint)row.GetInt64(0),
                Sequence: row.GetInt64(1),
                Position: (int)row.GetInt64(2) - 1,
                Change: row.IsDBNull(3) ? null : PostgresRows.ReadChange(row, 3)),
            cancellationToken);
        return
        [
            .. rows.GroupBy(row => row.Position).Select(found => new DocumentRecord(
                documents[found.Key],
                rows[0].Epoch,
                rows[0].Sequence,
                [.. found.Where(row => row.Change is not null).Select(row => codec.OpenListing(row.Change!))])),
        ];
    }

    public Task<JournalHead> LoadDocumentsAsync(Action<ReadOnlySpan<byte>> document, CancellationToken cancellationToken) =>
        connections.RunPatientlyAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
                await using var batch = connection.CreateBatch();
                batch.BatchCommands.Then(PostgresSql.LiftTimeout);
                batch.BatchCommands.Then(PostgresSql.ReadHead);
                batch.BatchCommands.Then(PostgresSql.LoadDocuments);
                await using var reader = await batch.ExecuteReaderAsync(token);
                await reader.NextResultAsync(token);
                await reader.ReadAsync(token);
                var head = PostgresRows.ReadHead(reader);
                await reader.NextResultAsync(token);

                var load = new DocumentLoad(keys, document);
                await Parallel.ForEachAsync(
                    ReadChunksAsync(reader, load, token),
                    token,
                    (chunk, _) =>
                    {
                        load.Open(chunk);
                        return ValueTask.CompletedTask;
                    });
                return head;
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredListing>> ListAsync(CourtListingsQuery query, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(query.Limit);
        return ReadAsync(
            PostgresSql.ListOfCourt,
            parameters => parameters
                .With(query.Court.Value)
                .With(query.Case is { } number ? keys.CaseKeyOf(query.Court, number).ToArray() : null)
                .With(query.States.IsDefaultOrEmpty ? s_allStates : [.. query.States.Select(state => (short)state)])
                .With(query.After?.Value ?? Guid.Empty)
                .With(query.Limit)
                .With(query.GraceOverOn)
                .With(query.UnservedOn),
            cancellationToken);
    }

    public async Task<IReadOnlyList<JournalEntry>> ListVersionsAsync(
        ListingId listing, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        var rows = await connections.QueryAsync(
            PostgresSql.ListVersions,
            parameters => parameters.With(listing.Value).With(afterVersion).With(limit),
            PostgresRows.ReadChange,
            cancellationToken);
        return [.. rows.Select(codec.Open)];
    }

    public Task<IReadOnlyList<StoredListing>> ExportAsync(
        ListingFilter filter, ListingId? after, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        return ReadAsync(
            PostgresSql.Export,
            parameters => parameters
                .With(after?.Value ?? Guid.Empty)
                .With(filter.Courts.Select(court => court.Value).ToArray())
                .With(filter.Regions.ToArray())
                .With((short?)filter.SubjectKind)
                .With(limit),
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredListing>> FindByNameAsync(
        SubjectName name, int? birthYear, string? region, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        return ReadAsync(
            PostgresSql.FindByName,
            parameters => parameters
                .With(keys.NameKeyOf(name).ToArray())
                .With(birthYear is { } year ? keys.NameKeyOf(name, year).ToArray() : null)
                .With(region)
                .With(limit),
            cancellationToken);
    }

    public async Task<IReadOnlySet<ListingId>> FindEndedAsync(
        IReadOnlyCollection<ListingId> listings, DateOnly today, CancellationToken cancellationToken) =>
        (await connections.QueryAsync(
            PostgresSql.FindEnded,
            parameters => parameters.With(listings.Select(listing => listing.Value).ToArray()).With(today),
            row => new ListingId(row.GetGuid(0)),
            cancellationToken)).ToHashSet();

    public async Task<IReadOnlyDictionary<ListingId, long>> FindCorrectedAsync(
        IReadOnlyCollection<ListingId> listings, CancellationToken cancellationToken) =>
        (await connections.QueryAsync(
            PostgresSql.FindCorrected,
            parameters => parameters.With(listings.Select(listing => listing.Value).ToArray()),
            row => (Listing: new ListingId(row.GetGuid(0)), Sequence: row.GetInt64(1)),
            cancellationToken)).ToDictionary(row => row.Listing, row => row.Sequence);

    public Task<IReadOnlyList<DueListing>> FindExpiredAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(PostgresSql.FindExpired, today, limit, cancellationToken);

    public Task<IReadOnlyList<DueListing>> FindGraceOverAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(PostgresSql.FindGraceOver, today, limit, cancellationToken);

    public Task<IReadOnlyList<DueListing>> FindUnservedAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(PostgresSql.FindUnserved, today, limit, cancellationToken);

    private async Task<IReadOnlyList<DueListing>> FindDueAsync(string sql, DateOnly today, int limit, CancellationToken cancellationToken) =>
        await connections.QueryAsync(
            sql,
            parameters => parameters.With(today).With(limit),
            row => new DueListing(
                new ListingId(row.GetGuid(0)), CourtRows.ToCode(row.GetString(1)), row.GetInt64(2), row.GetFieldValue<DateOnly>(3)),
            cancellationToken);

    private static async IAsyncEnumerable<SealedDocuments> ReadChunksAsync(
        NpgsqlDataReader reader, DocumentLoad load, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bytes = new byte[LookupKey.Length + DocumentNumber.MaxKeyBytes + GcmCipher.Overhead];
        while (true)
        {
            var chunk = load.Rent();
            while (!chunk.IsFull && await reader.ReadAsync(cancellationToken))
            {
                var key = (int)reader.GetBytes(0, 0, bytes, 0, LookupKey.Length);
                var number = (int)reader.GetBytes(2, 0, bytes, key, bytes.Length - key);
                chunk.Add(LookupKey.Read(bytes), new ListingId(reader.GetGuid(1)), bytes.AsSpan(key, number));
            }

            // Asked before it is given away: whoever opens it empties it.
            var isLast = !chunk.IsFull;
            yield return chunk;
            if (isLast) yield break;
        }
    }

    // The rows are opened after the connection is given back.
    private async Task<IReadOnlyList<StoredListing>> ReadAsync(
        string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken)
    {
        var rows = await connections.QueryAsync(sql, bind, PostgresRows.ReadChange, cancellationToken);
        return [.. rows.Select(codec.OpenListing)];
    }
}
