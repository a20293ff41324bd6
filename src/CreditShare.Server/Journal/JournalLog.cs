namespace CreditShare.Server.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Loaded the list as of {Epoch}:{Sequence} in {Elapsed}")]
    public static partial void Loaded(ILogger logger, uint epoch, long sequence, TimeSpan elapsed);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "The tail could not read the journal and tries again")]
    public static partial void TailCannotRead(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "The heartbeat failed; without one for two seconds this node stops answering lookups")]
    public static partial void HeartbeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "The store does not know {Epoch}:{Sequence}, where this node was; it loads anew")]
    public static partial void HistoryDiverged(ILogger logger, uint epoch, long sequence);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "The node's journal loop failed; the node stops")]
    public static partial void LoopFailed(ILogger logger, Exception exception);
}
