using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Server.Transport;

/// <summary>What the transport tells its operator.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Debug, Message = "{Method} ended with {Code} after {ElapsedMs} ms")]
    public static partial void Called(this ILogger logger, string method, StatusCode code, double elapsedMs);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "{Method} failed; the caller was told incident {Incident}")]
    public static partial void CallFailed(this ILogger logger, string method, string incident, Exception exception);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "{Method} was answered with {Reason}: the store failed")]
    public static partial void StoreFailed(this ILogger logger, string method, ErrorReason reason, Exception exception);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Warning, Message = "{Call} was reset: its caller left the answer unread")]
    public static partial void AnswerUnread(this ILogger logger, string call);

    [LoggerMessage(EventId = 6010, Level = LogLevel.Information, Message = "Serving at {Address}")]
    public static partial void Serving(this ILogger logger, string address);

    [LoggerMessage(EventId = 6011, Level = LogLevel.Information, Message = "{Text}")]
    public static partial void FirstSteps(this ILogger logger, string text);
}
