using CreditShare.V1;

namespace CreditShare.Server.Access;

/// <summary>What access control tells its operator.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information,
        Message = "The registry holds {Partners} partners with {Keys} keys and {Courts} courts")]
    public static partial void RegistryLoaded(this ILogger logger, int partners, int keys, int courts);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning,
        Message = "The registry could not be confirmed; unless it can be within 5 s, no call is let in")]
    public static partial void RegistryNotConfirmed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Debug, Message = "{Method} was refused to {Partner}: {Reason}")]
    public static partial void Refused(this ILogger logger, string method, string partner, ErrorReason reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "The open stream {Method} of {Partner} was ended: {Reason}")]
    public static partial void StreamEnded(this ILogger logger, string method, string partner, ErrorReason reason);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "The stream {Method} of {Partner} did not end by itself; its call was cut off")]
    public static partial void StreamCutOff(this ILogger logger, string method, string partner);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Information, Message = "Registered the development partner {Partner}")]
    public static partial void DevelopmentPartnerRegistered(this ILogger logger, string partner);
}
