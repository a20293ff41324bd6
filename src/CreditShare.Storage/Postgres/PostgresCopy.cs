using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;
using Npgsql;
using NpgsqlTypes;

namespace CreditShare.Storage.Postgres;

/// <summary>Writes rows that are surely new by binary COPY, which fills a page of the table at a time and logs it once.</summary>
internal static class PostgresCopy
{
    /// <summary>Changes in a batch from which COPY pays: each table costs two round trips.</summary>
    public const int LeastChanges = 100;

    /// <summary>Writes all changes and requests, and the listings and documents that are new.</summary>
    public static async Task WriteNewAsync(NpgsqlConnection connection, BatchRows rows, CancellationToken cancellationToken)
    {
        await CopyAsync(connection, PostgresSql.CopyChanges, rows.Changes, WriteAsync, cancellationToken);
        await CopyAsync(connection, PostgresSql.CopyListings, rows.Listings.Where(row => row.IsNew), WriteAsync, cancellationToken);
        await CopyAsync(connection, PostgresSql.CopyDocuments, rows.Documents.Where(row => row.IsNew), WriteAsync, cancellationToken);
        await CopyAsync(connection, PostgresSql.CopyRequests, rows.Requests, WriteAsync, cancellationToken);
    }

    private static async Task CopyAsync<TRow>(
        NpgsqlConnection connection, string copy, IEnumerable<TRow> rows, Func<Columns, TRow, Task> write, CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync(copy, cancellationToken);
        var columns = new Columns(importer, cancellationToken);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            await write(columns, row);
        }

        await importer.CompleteAsync(cancellationToken);
    }

    private static async Task WriteAsync(Columns to, ChangeRow row)
    {
        await to.WriteAsync(row.Sequence);
        await to.WriteAsync((long)row.Epoch);
        await to.WriteAsync((short)row.Kind);
        await to.WriteAsync(row.Listing.Value);
        await to.WriteAsync(row.Version);
        await to.WriteAsync(row.Court);
        await to.WriteAsync((short)row.SubjectKind);
        await to.WriteAsync(row.RecordedAt);
        await to.WriteAsync(row.Partner);
        await to.WriteAsync(row.KeysBefore);
        await to.WriteAsync(row.KeysAfter);
        await to.WriteAsync(row.Operator);
        await to.WriteAsync(row.Body);
        await to.WriteAsync(row.Hash);
    }

    private static async Task WriteAsync(Columns to, ListingRow row)
    {
        await to.WriteAsync(row.Id.Value);
        await to.WriteAsync(row.Court);
        await to.WriteAsync(row.Region);
        await to.WriteAsync((short)row.State);
        await to.WriteAsync(row.Version);
        await to.WriteAsync(row.Sequence);
        await to.WriteAsync((short)row.SubjectKind);
        await to.WriteAsync(row.Case);
        await to.WriteAsync(row.Name);
        await to.WriteAsync(row.NameAndYear);
        await to.WriteAsync(row.LastDay);
        await to.WriteAsync(row.GraceUntil);
        await to.WriteAsync(row.BarredUntil);
        await to.WriteAsync(row.WrappedKey);
        await to.WriteAsync(row.UnservedSince);
    }

    private static async Task WriteAsync(Columns to, DocumentRow row)
    {
        await to.WriteAsync(row.Document);
        await to.WriteAsync(row.Listing.Value);
        await to.WriteAsync(row.SealedNumber);
        await to.WriteAsync(row.IsNamed);
        await to.WriteAsync(row.IsActive);
    }

    private static async Task WriteAsync(Columns to, RequestRow row)
    {
        await to.WriteAsync(row.Key.Partner);
        await to.WriteAsync(row.Key.Id);
        await to.WriteAsync(row.Answer.Digest);
        await to.WriteAsync(row.Answer.Listing.Value);
        await to.WriteAsync(row.Answer.Version);
        await to.WriteAsync((long)row.Answer.Epoch);
        await to.WriteAsync(row.Answer.Sequence);
        await to.WriteAsync(row.RecordedAt);
    }

    /// <summary>The columns of a row, one after the other, each with the type that its column has: COPY converts nothing.</summary>
    private sealed class Columns(NpgsqlBinaryImporter importer, CancellationToken cancellationToken)
    {
        private readonly byte[] _key = new byte[LookupKey.Length];

        public Task WriteAsync(long value) => importer.WriteAsync(value, NpgsqlDbType.Bigint, cancellationToken);

        public Task WriteAsync(short value) => importer.WriteAsync(value, NpgsqlDbType.Smallint, cancellationToken);

        public Task WriteAsync(bool value) => importer.WriteAsync(value, NpgsqlDbType.Boolean, cancellationToken);

        public Task WriteAsync(Guid value) => importer.WriteAsync(value, NpgsqlDbType.Uuid, cancellationToken);

        public Task WriteAsync(string value) => importer.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);

        public Task WriteAsync(byte[] value) => importer.WriteAsync(value, NpgsqlDbType.Bytea, cancellationToken);

        // The importer has copied the bytes when it is done with the column.
        public Task WriteAsync(LookupKey value)
        {
            value.Write(_key);
            return WriteAsync(_key);
        }

        public Task WriteAsync(LookupKey? value) => value is { } key ? WriteAsync(key) : importer.WriteNullAsync(cancellationToken);

        public Task WriteAsync(DateOnly? value) =>
            value is { } day ? importer.WriteAsync(day, NpgsqlDbType.Date, cancellationToken) : importer.WriteNullAsync(cancellationToken);
    }
}
