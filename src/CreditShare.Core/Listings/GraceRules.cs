using CreditShare.Core.Calendar;

namespace CreditShare.Core.Listings;

/// <summary>The rules for the period of grace: 法发〔2019〕35号 Art. 15.</summary>
internal static class GraceRules
{
    /// <summary>The shortest period, in months.</summary>
    public const int LeastMonths = 1;

    /// <summary>The longest period, in months.</summary>
    public const int MostMonths = 3;

    /// <summary>Checks the last day of grace against the day of a decision that does not lie in the future.</summary>
    public static void Check(DateOnly graceUntil, DateOnly decided, ContentFindings findings)
    {
        var lawful = graceUntil >= LegalPeriod.AddMonths(decided, LeastMonths) && graceUntil <= LegalPeriod.AddMonths(decided, MostMonths);
        if (!lawful) findings.Add("grace_until", RefusalReason.GraceLength);
    }

    /// <summary>Whether there was a grace and it is over: its last day belongs to the debtor.</summary>
    public static bool IsOver(ListingContent content, DateOnly today) => today > content.GraceUntil;
}
