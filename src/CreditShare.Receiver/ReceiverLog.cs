using CreditShare.V1;
using Microsoft.Extensions.Logging;

namespace CreditShare.Receiver;

internal static partial class ReceiverLog
{
    [LoggerMessage(EventId = 8001, Level = LogLevel.Warning,
        Message = "{Subscription} is received for the first time; its lane {Lane} begins behind {Epoch}:{Sequence}")]
    public static partial void FirstFrame(this ILogger logger, string subscription, Lane lane, uint epoch, long sequence);

    [LoggerMessage(EventId = 8002, Level = LogLevel.Warning,
        Message = "{Subscription} sent what comes after {From} on lane {Lane}, but only {Epoch}:{Sequence} was received; asked to go back")]
    public static partial void OutOfOrder(this ILogger logger, string subscription, Lane lane, string from, uint epoch, long sequence);

    [LoggerMessage(EventId = 8003, Level = LogLevel.Warning,
        Message = "{Subscription} goes on in another life of the journal, {Epoch} after {Before}, behind {Sequence}")]
    public static partial void NewLife(this ILogger logger, string subscription, uint epoch, uint before, long sequence);

    [LoggerMessage(EventId = 8004, Level = LogLevel.Warning, Message = "{Subscription}: change {Change} was not taken and will be sent again")]
    public static partial void ChangeFailed(this ILogger logger, string subscription, string change, Exception exception);

    [LoggerMessage(EventId = 8005, Level = LogLevel.Warning, Message = "{Subscription}: change {Change} was rejected: {Reason}")]
    public static partial void ChangeRejected(this ILogger logger, string subscription, string change, string reason);

    [LoggerMessage(EventId = 8006, Level = LogLevel.Information, Message = "{Subscription} has ended; everything that was received of it is erased")]
    public static partial void Purged(this ILogger logger, string subscription);

    [LoggerMessage(EventId = 8007, Level = LogLevel.Warning, Message = "A message was refused: {Reason}")]
    public static partial void Refused(this ILogger logger, string reason);

    [LoggerMessage(EventId = 8008, Level = LogLevel.Error, Message = "{Subscription}: a message could not be taken")]
    public static partial void Failed(this ILogger logger, string subscription, Exception exception);

    [LoggerMessage(EventId = 8009, Level = LogLevel.Information, Message = "{Subscription}: answered a message of {Purpose}")]
    public static partial void AnsweredOther(this ILogger logger, string subscription, DeliveryPurpose purpose);

    [LoggerMessage(EventId = 8010, Level = LogLevel.Debug, Message = "{Subscription}: took {Changes} changes of lane {Lane}, {Epoch}:{From} to {To}")]
    public static partial void TookFrame(this ILogger logger, string subscription, int changes, Lane lane, uint epoch, long from, long to);
}
