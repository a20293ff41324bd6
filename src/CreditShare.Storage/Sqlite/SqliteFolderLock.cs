using CreditShare.Core.Journal;

namespace CreditShare.Storage.Sqlite;

/// <summary>
/// The operating system's lock on a file of the data folder: two servers cannot share the folder, and one that was killed leaves no
/// trace, because the lock ends with its process.
/// </summary>
internal sealed class SqliteFolderLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="StoreMismatchException">Another server holds it.</exception>
    public static SqliteFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "journal.lock");
        try
        {
            return new SqliteFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new StoreMismatchException(
                $"The data folder {folder} is in use by another server (its lock is {path}). Stop that server, or give this one a folder of its own.");
        }
    }

    public void Dispose() => _file.Dispose();
}
