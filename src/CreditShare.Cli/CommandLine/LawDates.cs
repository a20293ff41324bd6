using GoogleDate = Google.Type.Date;

namespace CreditShare.Cli.CommandLine;

/// <summary>Dates between the contract and this program.</summary>
internal static class LawDates
{
    internal static GoogleDate ToContract(this DateOnly date) => new() { Year = date.Year, Month = date.Month, Day = date.Day };

    internal static GoogleDate? ToContract(this DateOnly? date) => date?.ToContract();

    internal static string Form(this GoogleDate? date) =>
        date is null ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{date.Year:D4}-{date.Month:D2}-{date.Day:D2}");
}
