namespace CreditShare.Server.Listings;

internal static partial class ListingsLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "Recorded the end of {Count} terms")]
    public static partial void Expired(ILogger logger, int count);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning,
        Message = "Court {Court} has {Count} listings whose period of grace is over, the oldest since {Since}; it must confirm or cancel them")]
    public static partial void GraceOver(ILogger logger, string court, int count, DateOnly since);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Warning, Message = "The sweep failed and is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 7005, Level = LogLevel.Error,
        Message = "The end of listing {Listing}'s term could not be recorded; no answer gives it out, but its record must be looked at")]
    public static partial void NotExpired(ILogger logger, Guid listing, Exception exception);

    [LoggerMessage(EventId = 7010, Level = LogLevel.Warning,
        Message = "Court {Court} has {Count} published listings whose decision it has not stated to be served, the oldest of {Since}")]
    public static partial void Unserved(ILogger logger, string court, int count, DateOnly since);
}
