namespace CreditShare.Server.Partners;

/// <summary>What operators did to registrations.</summary>
internal static partial class PartnersLog
{
    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "Partner {Partner} was registered by {Operator}")]
    public static partial void PartnerCreated(this ILogger logger, string partner, string @operator);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Partner {Partner} was changed by {Operator}")]
    public static partial void PartnerChanged(this ILogger logger, string partner, string @operator);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "Partner {Partner} was given the key {Fingerprint} by {Operator}")]
    public static partial void KeyAdded(this ILogger logger, string partner, string fingerprint, string @operator);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "Partner {Partner} lost the key {Fingerprint} by {Operator}")]
    public static partial void KeyRevoked(this ILogger logger, string partner, string fingerprint, string @operator);
}
