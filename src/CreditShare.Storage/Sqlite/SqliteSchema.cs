using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Sqlite;

/// <summary>Brings the database to this version's schema and holds it to one master key.</summary>
internal static class SqliteSchema
{
    private const string KeyCheck = "key_check";

    /// <summary>Runs the migrations that are missing.</summary>
    /// <exception cref="StoreMismatchException">The database was written by a later version.</exception>
    public static void Migrate(SqliteSession session)
    {
        var migrations = EmbeddedSql.ReadMigrations("Sqlite");
        var version = ReadVersion(session);
        if (version > migrations[^1].Number)
        {
            throw new StoreMismatchException(
                $"The database has schema {version}, this version knows {migrations[^1].Number}: it was written by a later version. Run that one.");
        }

        foreach (var migration in migrations.Where(migration => migration.Number > version))
        {
            session.Write(inside =>
            {
                inside.Execute(migration.Sql);
                inside.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Number}"));
                return true;
            });
        }
    }

    /// <summary>Remembers the master key at the first start, and recognises it later.</summary>
    /// <exception cref="StoreMismatchException">The database was written under another key.</exception>
    public static void CheckKey(SqliteSession session, Keyring keys)
    {
        var known = session.Write(inside =>
        {
            using var check = inside.Use(SqliteSql.ReadMeta).Bind(1, KeyCheck);
            if (check.Step()) return check.GetBytes(0).SequenceEqual(keys.CheckValue.Span);

            using var insert = inside.Use(SqliteSql.InsertMeta);
            insert.Bind(1, KeyCheck).Bind(2, keys.CheckValue.Span).Run();
            return true;
        });
        if (!known) throw new StoreMismatchException("The database was written under another master key. Give the server that key's file.");
    }

    private static long ReadVersion(SqliteSession session)
    {
        using var version = session.Use("PRAGMA user_version");
        return version.Step() ? version.GetInt64(0) : 0;
    }
}
