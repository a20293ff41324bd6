namespace CreditShare.Server.Courts;

/// <summary>What operators did to the court table.</summary>
internal static partial class CourtsLog
{
    [LoggerMessage(EventId = 2200, Level = LogLevel.Information, Message = "{Count} courts were imported by {Operator}")]
    public static partial void CourtsImported(this ILogger logger, int count, string @operator);
}
