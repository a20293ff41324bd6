using CreditShare.Core.Courts;

namespace CreditShare.Cli.Listings;

/// <summary>The resource name of the court to which a listing belongs.</summary>
internal static class CourtParent
{
    /// <param name="code">The code as given; empty to take the one in the case number, which names the enforcing court.</param>
    /// <param name="caseNumber">The case number as given.</param>
    /// <returns>Null if neither tells: a number of before 2016 holds no code.</returns>
    internal static string? Of(string code, string caseNumber)
    {
        if (code.Length > 0) return $"courts/{code}";

        return CaseNumber.TryParse(caseNumber, out var number, out _) && number.Court is { } court ? $"courts/{court.Value}" : null;
    }
}
