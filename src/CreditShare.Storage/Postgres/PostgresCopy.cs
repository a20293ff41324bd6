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
    public static void WriteNew(NpgsqlConnection connection, BatchRows rows)
    {
        Copy(connection, PostgresSql.CopyChanges, rows.Changes, Write);
        Copy(connection, PostgresSql.CopyListings, rows.Listings.Where(row => row.IsNew), Write);
        Copy(connection, PostgresSql.CopyDocuments, rows.Documents.Where(row => row.IsNew), Write);
        Copy(connection, PostgresSql.CopyRequests, rows.Requests, Write);
    }

    private static void Copy<TRow>(NpgsqlConnection connection, string copy, IEnumerable<TRow> rows, Action<Columns, TRow> write)
    {
        using var importer = connection.BeginBinaryImport(copy);
        var columns = new Columns(importer);
        foreach (var row in rows)
        {
            importer.StartRow();
            write(columns, row);
        }

        importer.Complete();
    }

    private static void Write(Columns to, ChangeRow row)
    {
        to.Write(row.Sequence);
        to.Write((long)row.Epoch);
        to.Write((short)row.Kind);
        to.Write(row.Listing.Value);
        to.Write(row.Version);
        to.Write(row.Court);
        to.Write((short)row.SubjectKind);
        to.Write(row.RecordedAt);
        to.Write(row.Partner);
        to.Write(row.KeysBefore);
        to.Write(row.KeysAfter);
        to.Write(row.Operator);
        to.Write(row.Body);
        to.Write(row.Hash);
    }

    private static void Write(Columns to, ListingRow row)
    {
        to.Write(row.Id.Value);
        to.Write(row.Court);
        to.Write(row.Region);
        to.Write((short)row.State);
        to.Write(row.Version);
        to.Write(row.Sequence);
        to.Write((short)row.SubjectKind);
        to.Write(row.Case);
        to.Write(row.Name);
        to.Write(row.NameAndYear);
        to.Write(row.LastDay);
        to.Write(row.GraceUntil);
        to.Write(row.BarredUntil);
        to.Write(row.WrappedKey);
        to.Write(row.UnservedSince);
    }

    private static void Write(Columns to, DocumentRow row)
    {
        to.Write(row.Document);
        to.Write(row.Listing.Value);
        to.Write(row.SealedNumber);
        to.Write(row.IsNamed);
        to.Write(row.IsActive);
    }

    private static void Write(Columns to, RequestRow row)
    {
        to.Write(row.Key.Partner);
        to.Write(row.Key.Id);
        to.Write(row.Answer.Digest);
        to.Write(row.Answer.Listing.Value);
        to.Write(row.Answer.Version);
        to.Write((long)row.Answer.Epoch);
        to.Write(row.Answer.Sequence);
        to.Write(row.RecordedAt);
    }

    /// <summary>The columns of a row, one after the other, each with the type that its column has: COPY converts nothing.</summary>
    private sealed class Columns(NpgsqlBinaryImporter importer)
    {
        private readonly byte[] _key = new byte[LookupKey.Length];

        public void Write(long value) => importer.Write(value, NpgsqlDbType.Bigint);

        public void Write(short value) => importer.Write(value, NpgsqlDbType.Smallint);

        public void Write(bool value) => importer.Write(value, NpgsqlDbType.Boolean);

        public void Write(Guid value) => importer.Write(value, NpgsqlDbType.Uuid);

        public void Write(string value) => importer.Write(value, NpgsqlDbType.Text);

        public void Write(byte[] value) => importer.Write(value, NpgsqlDbType.Bytea);

        // The importer has copied the bytes when it is done with the column.
        public void Write(LookupKey value)
        {
            value.Write(_key);
            Write(_key);
        }

        public void Write(LookupKey? value)
        {
            if (value is { } key) Write(key);
            else importer.WriteNull();
        }

        public void Write(DateOnly? value)
        {
            if (value is { } day) importer.Write(day, NpgsqlDbType.Date);
            else importer.WriteNull();
        }
    }
}
