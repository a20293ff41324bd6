using System.Globalization;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Compares the age in a row with the birth date of its subject. The age is not published, so a wrong one does not stop the row; but it
/// is a sign that the number belongs to somebody else.
/// </summary>
internal static class AgeCheck
{
    /// <summary>Whether the age was right on no day from the decision to today. Of an organisation, and where no birth date is known,
    /// there is nothing to compare.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="listing">The row's listing.</param>
    /// <param name="today">The day in UTC+8.</param>
    internal static bool Contradicts(string text, Listing listing, DateOnly today)
    {
        if (text.Length == 0 || listing.Subject.Kind == SubjectKind.Organisation) return false;
        if (BirthOf(listing.Subject, today) is not { } birth) return false;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age)) return true;

        var decision = listing.Decision?.Date is { } day ? new DateOnly(day.Year, day.Month, day.Day) : today;
        return age < AgeOn(birth, decision) || age > AgeOn(birth, today);
    }

    private static int AgeOn(DateOnly birth, DateOnly day) => day < birth ? 0 : LegalPeriod.AgeOn(birth, day);

    private static DateOnly? BirthOf(Subject subject, DateOnly today)
    {
        foreach (var document in subject.Documents)
        {
            // The values of the two enumerations are the same by contract.
            if (DocumentNumber.TryParse(
                    (Core.Numbers.DocumentType)document.Type, document.Number, document.Country, today, out var number, out _)
                && number.BirthDate is { } birth)
            {
                return birth;
            }
        }

        return subject.BirthDate is { } stated ? new DateOnly(stated.Year, stated.Month, stated.Day) : null;
    }
}
