using CreditShare.Cli.Listings;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;

namespace CreditShare.Tests.Cli;

/// <summary>What the server would say of a file of listings: the reader of the tool, then the rules of the law.</summary>
internal static class Lawfulness
{
    /// <summary>One text a row: empty if it would be published, else what is wrong.</summary>
    public static IReadOnlyList<string> ProblemsIn(string csv, DateOnly? day = null)
    {
        var today = day ?? TimeProvider.System.Today();
        using var reader = new ImportReader(new StringReader(csv));
        var rows = new List<string>();
        while (reader.TryRead(out var row))
        {
            var fields = reader.FieldsOf(row);
            var listing = ListingRow.Read(fields, today);
            var parent = CourtParent.Of(listing.CourtCode, listing.CaseNumber);
            var problems = new Problems();
            if (!CourtCode.TryParse(parent?["courts/".Length..], out var court))
            {
                rows.Add("no court");
                continue;
            }

            ListingReading.ReadContent(listing, court, "listing", today, problems);
            rows.Add(string.Join(
                "; ", fields.Problems.Select(p => $"{p.Field} {p.Reason}").Concat(problems.Found.Select(p => $"{p.Field} {p.Reason}"))));
        }

        return rows;
    }
}
