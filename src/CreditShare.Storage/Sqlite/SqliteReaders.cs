using System.Collections.Concurrent;

namespace CreditShare.Storage.Sqlite;

/// <summary>A few connections that only read. A read never waits for the writer, nor a commit for a read.</summary>
/// <remarks>Safe for concurrent callers; at most <see cref="Count"/> read at a time.</remarks>
internal sealed class SqliteReaders(string file) : IDisposable
{
    /// <summary>Connections at most.</summary>
    public const int Count = 4;

    private readonly SemaphoreSlim _free = new(Count, Count);
    private readonly ConcurrentBag<SqliteSession> _sessions = [];

    /// <summary>Reads within one snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            var session = _sessions.TryTake(out var idle) ? idle : SqliteSession.OpenReader(file);
            try
            {
                return session.Read(read);
            }
            finally
            {
                _sessions.Add(session);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        foreach (var session in _sessions) session.Dispose();
        _free.Dispose();
    }
}
