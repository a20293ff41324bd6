using CreditShare.Core.Journal;
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

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
