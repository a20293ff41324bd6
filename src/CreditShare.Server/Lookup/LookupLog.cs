namespace CreditShare.Server.Lookup;

internal static partial class LookupLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "The index holds {Documents} documents in {Bytes} bytes, as of {Sequence}")]
    public static partial void IndexLoaded(this ILogger logger, long documents, long bytes, long sequence);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Redis is left alone for {Seconds} s after failures; the store is read instead")]
    public static partial void RedisLeftAlone(this ILogger logger, double seconds, Exception? exception);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "Redis answers again")]
    public static partial void RedisAnswers(this ILogger logger);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "Redis cannot be reached and is tried again in {Seconds} s; the store is read instead")]
    public static partial void RedisUnreachable(this ILogger logger, double seconds, Exception exception);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning,
        Message = "A value in Redis under {Key} does not open or is not a record of its document; it is not used and gets overwritten")]
    public static partial void RecordForged(this ILogger logger, string key);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Counts of answers that disclosed nothing could not be written and are tried again")]
    public static partial void CountsNotWritten(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning, Message = "Records in Redis could not be refreshed; they are read anew when somebody asks")]
    public static partial void RefreshFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Error, Message = "The short way of a check failed unforeseen; the call goes the long way")]
    public static partial void ShortWayFailed(this ILogger logger, Exception exception);
}
