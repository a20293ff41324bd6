using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;

namespace CreditShare.Cli.Feed;

/// <summary>Changes for people to read, a line each.</summary>
internal static class ChangeText
{
    internal static void Write(TextWriter output, Change change) => output.WriteLine(
        $"{change.Epoch}:{change.Sequence}  {ListingText.Instant(change.Time)}  {ContractWords<ChangeKind>.NameOf(change.Kind),-9}  " +
        $"{change.ListingName} v{change.Version}  {Detail(change)}".TrimEnd());

    private static string Detail(Change change) => change switch
    {
        { Listing: { } listing } => $"{listing.CourtCode} {listing.CaseNumber} {listing.Subject?.Name}",
        { Ending: { } ending } => ListingText.Form(ending),
        { Redacted: true } => "(ended or corrected since)",
        _ => "",
    };
}
