using CreditShare.Core.Listings;

namespace CreditShare.Server.Measures;

internal static partial class MeasuresLog
{
    [LoggerMessage(EventId = 5950, Level = LogLevel.Warning,
        Message = "The partner {Partner} applied a measure because of listing {Listing} after its end.")]
    public static partial void StaleCopy(this ILogger logger, string partner, ListingId listing);
}
