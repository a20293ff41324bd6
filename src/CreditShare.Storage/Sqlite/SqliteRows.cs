using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;

namespace CreditShare.Storage.Sqlite;

/// <summary>Rows as several statements give them: their columns stand in the same order in all of these.</summary>
internal static class SqliteRows
{
    /// <summary>Reads a change with its listing's wrapped key.</summary>
    public static ChangeRow ReadChange(SqliteStatement row) => new()
    {
        Sequence = row.GetInt64(0),
        Epoch = (uint)row.GetInt64(1),
        Kind = (ChangeKind)row.GetInt64(2),
        Listing = row.GetListingId(3),
        Version = row.GetInt64(4),
        Court = row.GetText(5),
        SubjectKind = (SubjectKind)row.GetInt64(6),
        RecordedAt = row.GetInt64(7),
        Partner = row.GetText(8),
        KeysBefore = row.GetBytes(9).ToArray(),
        KeysAfter = row.GetBytes(10).ToArray(),
        Operator = row.GetBytes(11).ToArray(),
        Body = row.GetBytes(12).ToArray(),
        Hash = row.GetBytes(13).ToArray(),
        WrappedKey = row.GetBytes(14).ToArray(),
    };

    /// <summary>Reads all changes that the statement gives.</summary>
    public static List<ChangeRow> ReadChanges(SqliteStatement rows)
    {
        var changes = new List<ChangeRow>();
        while (rows.Step()) changes.Add(ReadChange(rows));
        return changes;
    }
}
