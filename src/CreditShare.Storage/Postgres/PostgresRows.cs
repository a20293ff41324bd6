using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Rows as several statements give them: their columns stand in the same order in all of these.</summary>
internal static class PostgresRows
{
    /// <summary>Reads a change with its listing's wrapped key.</summary>
    public static ChangeRow ReadChange(NpgsqlDataReader row) => ReadChange(row, 0);

    /// <summary>Reads a change whose columns begin at one.</summary>
    public static ChangeRow ReadChange(NpgsqlDataReader row, int first) => new()
    {
        Sequence = row.GetInt64(first),
        Epoch = (uint)row.GetInt64(first + 1),
        Kind = (ChangeKind)row.GetInt16(first + 2),
        Listing = new ListingId(row.GetGuid(first + 3)),
        Version = row.GetInt64(first + 4),
        Court = row.GetString(first + 5),
        SubjectKind = (SubjectKind)row.GetInt16(first + 6),
        RecordedAt = row.GetInt64(first + 7),
        Partner = row.GetString(first + 8),
        KeysBefore = row.GetFieldValue<byte[]>(first + 9),
        KeysAfter = row.GetFieldValue<byte[]>(first + 10),
        Operator = row.GetFieldValue<byte[]>(first + 11),
        Body = row.GetFieldValue<byte[]>(first + 12),
        Hash = row.GetFieldValue<byte[]>(first + 13),
        WrappedKey = row.GetFieldValue<byte[]>(first + 14),
    };

    /// <summary>Reads a head.</summary>
    public static JournalHead ReadHead(NpgsqlDataReader row) =>
        new((uint)row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));

    /// <summary>Reads a keyed hash.</summary>
    public static LookupKey GetKey(NpgsqlDataReader row, int column) => LookupKey.Read(row.GetFieldValue<byte[]>(column));

    /// <summary>Reads a number that may be null.</summary>
    public static long? GetInt64OrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>Reads a day that may be null.</summary>
    public static DateOnly? GetDayOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateOnly>(column);
}
