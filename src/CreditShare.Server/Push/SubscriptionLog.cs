using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

internal static partial class SubscriptionLog
{
    [LoggerMessage(EventId = 5450, Level = LogLevel.Information, Message = "The subscription {Subscription} was made.")]
    public static partial void SubscriptionMade(this ILogger logger, SubscriptionId subscription);

    [LoggerMessage(EventId = 5451, Level = LogLevel.Information, Message = "The subscription {Subscription} is {State} by its partner's wish.")]
    public static partial void SubscriptionChanged(this ILogger logger, SubscriptionId subscription, SubscriptionState state);

    [LoggerMessage(EventId = 5452, Level = LogLevel.Information, Message = "The subscription {Subscription} was set back to behind change {Sequence}.")]
    public static partial void SubscriptionSetBack(this ILogger logger, SubscriptionId subscription, long sequence);
}
