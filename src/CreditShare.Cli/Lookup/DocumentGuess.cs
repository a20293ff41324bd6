using CreditShare.Core.Numbers;
using CreditShare.V1;
using ContractType = CreditShare.V1.DocumentType;
using DocumentType = CreditShare.Core.Numbers.DocumentType;

namespace CreditShare.Cli.Lookup;

/// <summary>
/// Which type of document a number is, where the number itself proves it. A type told wrongly makes a listing that nobody finds, and a
/// NOT_LISTED for somebody who is listed; so what a form only suggests is for people to say.
/// </summary>
internal static class DocumentGuess
{
    private const int ResidentLength = 18;
    private const int OldForeignLength = 15;
    private const int CodeLength = 9;
    private const int HyphenInCode = 8;

    // Types whose numbers have a check character. Eight digits, a letter and eight digits, or fifteen digits are just as well a passport.
    private static readonly DocumentType[] Candidates =
    [
        DocumentType.ResidentId, DocumentType.ForeignPr, DocumentType.Uscc, DocumentType.OrgCode,
    ];

    /// <summary>The types under which the number is valid by its check character, or by the three letters and twelve digits of the foreign
    /// card of 2017; empty if there is none.</summary>
    internal static IReadOnlyList<ContractType> TypesOf(string number, DateOnly today)
    {
        var types = new List<ContractType>();
        foreach (var candidate in Candidates)
        {
            if (!HasProof(candidate, number)) continue;

            // The values of the two enumerations are the same by contract.
            if (DocumentNumber.TryParse(candidate, number, country: "", today, out var parsed, out _)) types.Add((ContractType)parsed.Type);
        }

        return types;
    }

    /// <summary>The type that a number which is valid under none was meant to be, so that the service says what is wrong with it: under a
    /// type with a check character it is refused, and never answered.</summary>
    /// <param name="number">A number for which <see cref="TypesOf"/> found nothing that fits the kind.</param>
    /// <param name="kind">Whose it is, where that is known.</param>
    /// <returns>Unspecified if it may be of a type without a check character.</returns>
    internal static ContractType MeantBy(string number, SubjectKind kind)
    {
        var compact = Compact(number);
        return compact.Length switch
        {
            ResidentLength - 1 or ResidentLength or ResidentLength + 1 =>
                kind == SubjectKind.Organisation || (kind != SubjectKind.Person && LooksLikeUscc(compact)) ? ContractType.Uscc : ContractType.ResidentId,
            CodeLength when kind == SubjectKind.Organisation => ContractType.OrgCode,
            CodeLength + 1 when kind != SubjectKind.Person && compact[HyphenInCode] == '-' => ContractType.OrgCode,
            _ => ContractType.Unspecified,
        };
    }

    // Fifteen digits may be a resident of the first generation, but have no check character. The foreign card of that length has letters
    // in front, and nothing else has its form.
    private static bool HasProof(DocumentType candidate, string number) =>
        candidate == DocumentType.ForeignPr || candidate != DocumentType.ResidentId || Compact(number).Length != OldForeignLength;

    // Letters within are an organisation's, and so is a 9 in front, as nearly all of them have.
    private static bool LooksLikeUscc(string compact) => compact[0] == '9' || compact[..^1].Any(char.IsAsciiLetter);

    private static string Compact(string number) => number.Replace(" ", "", StringComparison.Ordinal);
}
