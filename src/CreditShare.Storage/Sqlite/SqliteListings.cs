using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Sqlite;

/// <summary>The listings as they stand in SQLite.</summary>
internal sealed class SqliteListings(SqliteReaders readers, EntryCodec codec, Keyring keys) : IListingStore
{
    // Of a UUID.
    private const int ListingBytes = 16;

    public async Task<StoredListing?> FindAsync(ListingId listing, CancellationToken cancellationToken)
    {
        var row = await readers.ReadAsync(
            session =>
            {
                using var found = session.Use(SqliteSql.FindListing).Bind(1, listing.Value);
                return found.Step() ? SqliteRows.ReadChange(found) : null;
            },
            cancellationToken);
        return row is null ? null : codec.OpenListing(row);
    }

    public async Task<IReadOnlyList<DocumentRecord>> ReadDocumentsAsync(
        IReadOnlyList<DocumentNumber> documents, CancellationToken cancellationToken)
    {
        ListingLimits.CheckDocuments(documents.Count);
        var lookups = documents.Select(keys.LookupKeyOf).ToArray();
        var (head, found) = await readers.ReadAsync(
            session =>
            {
                var head = SqliteJournalEngine.ReadHead(session);
                using var rows = session.Use(SqliteSql.ReadDocument);
                var found = new List<ChangeRow>[lookups.Length];
                for (var i = 0; i < lookups.Length; i++)
                {
                    found[i] = SqliteRows.ReadChanges(rows.Bind(1, lookups[i]).Bind(2, ListingLimits.ListingsOfDocument));
                    rows.Reset();

                    // The newest are chosen by the statement, which sorts their numbers alone and not the bodies; their order is made here.
                    found[i].Sort((one, other) => other.Sequence.CompareTo(one.Sequence));
                }

                return (head, found);
            },
            cancellationToken);
        return
        [
            .. documents.Select((document, i) =>
                new DocumentRecord(document, head.Epoch, head.Sequence, [.. found[i].Select(codec.OpenListing)])),
        ];
    }

    public Task<JournalHead> LoadDocumentsAsync(Action<ReadOnlySpan<byte>> document, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var head = SqliteJournalEngine.ReadHead(session);
                var load = new DocumentLoad(keys, document);
                var chunks = Partitioner.Create(ReadChunks(session, load), EnumerablePartitionerOptions.NoBuffering);
                try
                {
                    Parallel.ForEach(chunks, new ParallelOptions { CancellationToken = cancellationToken }, load.Open);
                }
                catch (AggregateException e)
                {
                    ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
                }

                return head;
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredListing>> ListAsync(CourtListingsQuery query, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(query.Limit);
        var states = query.States.IsDefaultOrEmpty ? -1L : query.States.Aggregate(0L, (bits, state) => bits | (1L << (int)state));
        return ReadAsync(
            session => session.Use(SqliteSql.ListOfCourt)
                .Bind(1, query.Court.Value)
                .Bind(2, query.Case is { } number ? keys.CaseKeyOf(query.Court, number) : null)
                .Bind(3, states)
                .BindAfter(4, query.After)
                .Bind(5, query.Limit)
                .Bind(6, query.GraceOverOn)
                .Bind(7, query.UnservedOn),
            cancellationToken);
    }

    public async Task<IReadOnlyList<JournalEntry>> ListVersionsAsync(
        ListingId listing, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        var rows = await readers.ReadAsync(
            session =>
            {
                using var versions = session.Use(SqliteSql.ListVersions).Bind(1, listing.Value).Bind(2, afterVersion).Bind(3, limit);
                return SqliteRows.ReadChanges(versions);
            },
            cancellationToken);
        return [.. rows.Select(codec.Open)];
    }

    public Task<IReadOnlyList<StoredListing>> ExportAsync(
        ListingFilter filter, ListingId? after, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        var courts = JsonSerializer.Serialize(filter.Courts.Select(court => court.Value).ToArray(), RegistryJson.Default.StringArray);
        var regions = JsonSerializer.Serialize(filter.Regions.ToArray(), RegistryJson.Default.StringArray);
        return ReadAsync(
            session =>
            {
                var rows = session.Use(SqliteSql.Export).BindAfter(1, after).Bind(2, courts).Bind(3, regions).Bind(5, limit);
                return filter.SubjectKind is { } kind ? rows.Bind(4, (long)kind) : rows.BindNull(4);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredListing>> FindByNameAsync(
        SubjectName name, int? birthYear, string? region, int limit, CancellationToken cancellationToken)
    {
        ListingLimits.CheckPage(limit);
        return ReadAsync(
            session => session.Use(SqliteSql.FindByName)
                .Bind(1, keys.NameKeyOf(name))
                .Bind(2, birthYear is { } year ? keys.NameKeyOf(name, year) : null)
                .Bind(3, region)
                .Bind(4, limit),
            cancellationToken);
    }

    public Task<IReadOnlySet<ListingId>> FindEndedAsync(
        IReadOnlyCollection<ListingId> listings, DateOnly today, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlySet<ListingId>>(
            session =>
            {
                var ended = new HashSet<ListingId>();
                using var row = session.Use(SqliteSql.IsEnded);
                foreach (var listing in listings)
                {
                    if (row.Bind(1, listing.Value).Bind(2, today.DayNumber).Step() && row.GetInt64(0) != 0) ended.Add(listing);
                    row.Reset();
                }

                return ended;
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<ListingId, long>> FindCorrectedAsync(
        IReadOnlyCollection<ListingId> listings, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyDictionary<ListingId, long>>(
            session =>
            {
                var corrected = new Dictionary<ListingId, long>();
                using var row = session.Use(SqliteSql.LastCorrection);
                foreach (var listing in listings)
                {
                    if (row.Bind(1, listing.Value).Step() && !row.IsNull(0)) corrected[listing] = row.GetInt64(0);
                    row.Reset();
                }

                return corrected;
            },
            cancellationToken);

    public Task<IReadOnlyList<DueListing>> FindExpiredAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(SqliteSql.FindExpired, today, limit, cancellationToken);

    public Task<IReadOnlyList<DueListing>> FindGraceOverAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(SqliteSql.FindGraceOver, today, limit, cancellationToken);

    public Task<IReadOnlyList<DueListing>> FindUnservedAsync(DateOnly today, int limit, CancellationToken cancellationToken) =>
        FindDueAsync(SqliteSql.FindUnserved, today, limit, cancellationToken);

    private Task<IReadOnlyList<DueListing>> FindDueAsync(string sql, DateOnly today, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<DueListing>>(
            session =>
            {
                var due = new List<DueListing>();
                using var rows = session.Use(sql).Bind(1, today.DayNumber).Bind(2, limit);
                while (rows.Step())
                {
                    due.Add(new DueListing(rows.GetListingId(0), CourtRows.ToCode(rows.GetText(1)), rows.GetInt64(2), rows.GetDay(3)));
                }

                return due;
            },
            cancellationToken);

    // Whoever asks for the next chunk reads it; there is one at a time.
    private static IEnumerable<SealedDocuments> ReadChunks(SqliteSession session, DocumentLoad load)
    {
        using var rows = session.Use(SqliteSql.LoadDocuments);
        while (true)
        {
            var chunk = load.Rent();
            while (!chunk.IsFull && rows.Step())
            {
                var row = rows.GetBytes(0);
                if (row.Length < LookupKey.Length + ListingBytes) throw new InvalidDataException("A document is damaged: its row is too short.");

                var listing = new Guid(row.Slice(LookupKey.Length, ListingBytes), bigEndian: true);
                chunk.Add(LookupKey.Read(row), new ListingId(listing), row[(LookupKey.Length + ListingBytes)..]);
            }

            // Asked before it is given away: whoever opens it empties it.
            var isLast = !chunk.IsFull;
            yield return chunk;
            if (isLast) yield break;
        }
    }

    // The rows are opened after the connection is given back.
    private async Task<IReadOnlyList<StoredListing>> ReadAsync(
        Func<SqliteSession, SqliteStatement> prepare, CancellationToken cancellationToken)
    {
        var rows = await readers.ReadAsync(
            session =>
            {
                using var statement = prepare(session);
                return SqliteRows.ReadChanges(statement);
            },
            cancellationToken);
        return [.. rows.Select(codec.OpenListing)];
    }
}
