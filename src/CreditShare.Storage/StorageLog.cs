using Microsoft.Extensions.Logging;

namespace CreditShare.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "The store refused a batch of {Count} commands; it is halved to find the one")]
    public static partial void BatchRefused(this ILogger logger, int count, Exception exception);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "The store could not write one {Command} command")]
    public static partial void CommandFailed(this ILogger logger, string command, Exception exception);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "The store was lost before a commit of {Count} commands; it is repeated")]
    public static partial void CommitRepeated(this ILogger logger, int count, Exception exception);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "The connection was lost at the commit up to change {Sequence}; what became of it is being found out")]
    public static partial void CommitUncertain(this ILogger logger, long sequence, Exception exception);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "Old request ids could not be forgotten; it is tried again in an hour")]
    public static partial void PruneFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Warning, Message = "The connection that listens for changes was lost; it is opened again, and changes are polled meanwhile")]
    public static partial void ListenerLost(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1107, Level = LogLevel.Error, Message = "The journal's writer failed over a batch of {Count} commands and goes on with the next")]
    public static partial void WriterFailed(this ILogger logger, int count, Exception exception);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Warning, Message = "A commit still waits for a standby after {Elapsed}; it is left to the store, and those who sent the commands must send them again")]
    public static partial void ClosedUnfinished(this ILogger logger, TimeSpan elapsed);

    [LoggerMessage(EventId = 1109, Level = LogLevel.Warning, Message = "A batch of {Count} commands could not be decided while the one before it was written; it is decided under the lock")]
    public static partial void NotDecidedAhead(this ILogger logger, int count, Exception exception);
}
