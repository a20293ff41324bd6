using CreditShare.Core.Numbers;
using ContractType = CreditShare.V1.DocumentType;

namespace CreditShare.Cli.Lookup;

/// <summary>Which type of document a number is, where its form leaves no doubt.</summary>
internal static class DocumentGuess
{
    private const int RegistrationDigits = 15;

    // Types whose numbers have a form of their own. Passports, military and other documents have none.
    private static readonly DocumentType[] Candidates =
    [
        DocumentType.ResidentId, DocumentType.ForeignPr, DocumentType.HmPermit, DocumentType.TwPermit,
        DocumentType.Uscc, DocumentType.OrgCode, DocumentType.RegNo,
    ];

    /// <summary>The types under which the number is valid; empty if there is none.</summary>
    internal static IReadOnlyList<ContractType> TypesOf(string number, DateOnly today)
    {
        var types = new List<ContractType>();
        foreach (var candidate in Candidates)
        {
            // The values of the two enumerations are the same by contract.
            if (candidate == DocumentType.RegNo && !IsRegistrationNumber(number)) continue;
            if (DocumentNumber.TryParse(candidate, number, country: "", today, out var parsed, out _)) types.Add((ContractType)parsed.Type);
        }

        return types;
    }

    // The rules of registration numbers allow nearly everything, for old records. Only the modern form tells what it is; it may also be
    // a resident number of the first generation, and then it tells nothing.
    private static bool IsRegistrationNumber(string number) =>
        number.Length == RegistrationDigits && number.All(char.IsAsciiDigit);
}
