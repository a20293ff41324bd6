using System.Net.Sockets;
using CreditShare.Core.Journal;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>The only place that knows PostgreSQL's error codes and Npgsql's exceptions.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Whether the server could not be reached, gave up, or takes no writes: nothing of what was asked is committed.</summary>
    /// <remarks>Not to be asked of a commit: there only the journal itself can tell.</remarks>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException e => IsUnavailable(e.SqlState),
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The exception that the ports promise; without the server's words, which may hold data.</summary>
    public static StoreUnavailableException ToUnavailable(Exception exception) => new(
        exception is PostgresException e ? $"PostgreSQL does not serve (SQLSTATE {e.SqlState})." : "PostgreSQL cannot be reached.", exception);

    /// <summary>Whether a notice while a batch is written and committed may say that it did not wait for the standbys, as it does when the wait is cancelled.</summary>
    public static bool IsCommitDoubt(PostgresNotice notice) => notice.InvariantSeverity == "WARNING";

    private static bool IsUnavailable(string state) =>
        // Connections, rights to log in, resources such as a full disk, an operator's hand or a shutdown, the system below, and the
        // server's own faults.
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal)
        || state.StartsWith("XX", StringComparison.Ordinal)
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            // What an operator's work on the database takes away for a while: the database, a right, or a plan and a statement that
            // this session had prepared. None of it says anything of the rows.
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidSqlStatementName;
}
