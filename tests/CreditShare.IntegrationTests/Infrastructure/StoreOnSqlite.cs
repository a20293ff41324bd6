using CreditShare.Core.Journal;
using CreditShare.Storage;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>SQLite in a temporary folder.</summary>
internal sealed class StoreOnSqlite : StoreEngine
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditshare-sqlite-");

    public override Task<IStore> OpenAsync(Keyring keys, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Folder = _folder.FullName }, keys, clock, logger, cancellationToken);

    public override Task<byte[]> ReadAllBytesAsync(CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        foreach (var file in _folder.GetFiles($"{SqliteStore.FileName}*"))
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.CopyTo(bytes);
        }

        return Task.FromResult(bytes.ToArray());
    }

    public override Task TamperAsync(string sql, CancellationToken cancellationToken)
    {
        using var session = SqliteSession.OpenWriter(Path.Combine(_folder.FullName, SqliteStore.FileName));
        session.Execute(sql);
        return Task.CompletedTask;
    }

    public override Task TakeBackAsync(int schema, CancellationToken cancellationToken)
    {
        var (file, old) = (Path.Combine(_folder.FullName, SqliteStore.FileName), Path.Combine(_folder.FullName, "old"));
        using (var session = SqliteSession.OpenWriter(old))
        {
            foreach (var migration in EmbeddedSql.ReadMigrations("Sqlite").Where(migration => migration.Number <= schema)) session.Execute(migration.Sql);
            session.Execute($"PRAGMA user_version = {schema}; ATTACH '{file}' AS newest");
            foreach (var table in ReadTexts(session, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"))
            {
                var columns = string.Join(", ", ReadTexts(session, $"SELECT name FROM pragma_table_info('{table}')"));
                session.Execute($"DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newest.{table}");
            }
        }

        foreach (var part in _folder.GetFiles($"{SqliteStore.FileName}*").Where(part => part.Name != SqliteStore.FileName)) part.Delete();
        File.Move(old, file, overwrite: true);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static List<string> ReadTexts(SqliteSession session, string sql)
    {
        using var statement = session.Use(sql);
        var texts = new List<string>();
        while (statement.Step()) texts.Add(statement.GetText(0));
        return texts;
    }
}
