using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

internal static partial class PushLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning,
        Message = "A message to {Subscription} on the lane {Lane} failed ({Failures} in a row); the next one goes out in {WaitSeconds} s: {Outcome}, {Error}")]
    public static partial void DeliveryFailed(
        this ILogger logger, SubscriptionId subscription, Lane lane, int failures, double waitSeconds, DeliveryOutcome outcome, string error);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "The subscription {Subscription} is {State}")]
    public static partial void StateChanged(this ILogger logger, SubscriptionId subscription, SubscriptionState state);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Deliveries to {Subscription} wait: {Objection}")]
    public static partial void DeliveriesHeld(this ILogger logger, SubscriptionId subscription, string objection);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning,
        Message = "The lane {Lane} of {Subscription} goes back to {Epoch}:{Sequence}, the last place that receiver and journal have in common")]
    public static partial void WentBack(this ILogger logger, SubscriptionId subscription, Lane lane, uint epoch, long sequence);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Warning, Message = "The receiver of {Subscription} rejected {Count} changes on the lane {Lane}")]
    public static partial void ChangesRejected(this ILogger logger, SubscriptionId subscription, Lane lane, int count);

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "Delivering to {Subscription} under the lease {Fence}")]
    public static partial void RunnerStarted(this ILogger logger, SubscriptionId subscription, long fence);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "No longer delivering to {Subscription} under the lease {Fence}")]
    public static partial void RunnerEnded(this ILogger logger, SubscriptionId subscription, long fence);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Warning, Message = "Deliveries to {Subscription} stopped because the store could not be reached; they go on")]
    public static partial void RunnerLostStore(this ILogger logger, SubscriptionId subscription, Exception exception);

    [LoggerMessage(EventId = 5013, Level = LogLevel.Error, Message = "Deliveries to {Subscription} stopped on a fault of ours; they are started again")]
    public static partial void RunnerFailed(this ILogger logger, SubscriptionId subscription, Exception exception);

    [LoggerMessage(EventId = 5014, Level = LogLevel.Warning, Message = "Leases of subscriptions could not be taken or renewed; tried again")]
    public static partial void LeasesUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5015, Level = LogLevel.Error, Message = "Looking after subscriptions failed on a fault of ours; tried again")]
    public static partial void DispatchFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5020, Level = LogLevel.Debug, Message = "Removed {Count} old delivery attempts")]
    public static partial void AttemptsPruned(this ILogger logger, int count);

    [LoggerMessage(EventId = 5021, Level = LogLevel.Warning, Message = "Old delivery attempts could not be removed; tried again in an hour")]
    public static partial void PruningFailed(this ILogger logger, Exception exception);
}
