using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;

namespace CreditShare.Cli.Measures;

/// <summary>Measures for people to read, a line each.</summary>
internal static class MeasureText
{
    internal static void WriteLine(TextWriter output, Measure measure)
    {
        var lifted = measure.LiftTime is { } time ? $"  lifted {ListingText.Instant(time)}" : "";
        output.WriteLine(
            $"{measure.Partner}  {measure.Reference}  {measure.Code}  {ContractWords<MeasureOutcome>.NameOf(measure.Outcome)}  "
            + $"{ListingText.Instant(measure.ApplyTime)}  {measure.Listing} v{measure.ListingVersion}{lifted}{(measure.StaleCopy ? "  STALE COPY" : "")}");
    }
}
