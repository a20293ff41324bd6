using System.Globalization;
using CreditShare.Core.Numbers;

namespace CreditShare.Cli.Generate;

/// <summary>
/// Identity numbers with valid check digits that were given to nobody: persons in the areas xx0000, which are no places to be born in;
/// organisations in the area 990000, which no province has; passports of series that nobody issues.
/// </summary>
internal sealed class SyntheticNumbers(ulong seed)
{
    /// <summary>How many different persons and organisations there can be.</summary>
    internal const long Capacity = 200_000_000;

    private const long TravelRange = 50_000_000;
    private const long PassportsOfSeries = 10_000_000;
    private const int Days = 18_262;
    private const int Sequences = 900;
    private const int OrganisationLetters = 6;
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    // Both are prime and divide neither count below, so that different indexes give different numbers.
    private const ulong PersonStep = 2_654_435_761;
    private const ulong OrganisationStep = 2_147_483_647;

    private static readonly DateOnly FirstBirth = new(1950, 1, 1);

    private static readonly int[] Areas =
    [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
    ];

    private static readonly ulong PersonCount = (ulong)Areas.Length * Days * Sequences;
    private static readonly ulong OrganisationCount = (ulong)Math.Pow(Alphabet.Length, OrganisationLetters);

    /// <summary>The resident number of a person, 18 characters. Births are from 1950 to 1999; sequences end at 899, since 996 to 999
    /// mean another century in the old form.</summary>
    internal string Person(long index)
    {
        var place = (((ulong)index * PersonStep) + (seed % PersonCount)) % PersonCount;
        var area = Areas[(int)(place % (ulong)Areas.Length)];
        place /= (ulong)Areas.Length;
        var birth = FirstBirth.AddDays((int)(place % Days));
        var sequence = (int)(place / Days);

        Span<char> number = stackalloc char[18];
        number.TryWrite(CultureInfo.InvariantCulture, $"{area}0000{birth:yyyyMMdd}{sequence:D3}", out _);
        number[17] = CheckDigits.Citizen(number[..17]);
        return new string(number);
    }

    /// <summary>The old form: without the century and the check character.</summary>
    internal static string FirstGeneration(string number) => string.Concat(number.AsSpan(0, 6), number.AsSpan(8, 9));

    /// <summary>A travel permit; numbers of this range are made up.</summary>
    internal string TravelPermit(long index) =>
        string.Create(CultureInfo.InvariantCulture, $"H{TravelRange + Shifted(index):D8}");

    /// <summary>A passport number of the form of a Chinese one, two letters and seven digits, in the series ZV to ZZ, which are not issued.</summary>
    internal string Passport(long index)
    {
        var place = Shifted(index);
        var letter = (char)('Z' - (place / PassportsOfSeries));
        return string.Create(CultureInfo.InvariantCulture, $"Z{letter}{place % PassportsOfSeries:D7}");
    }

    /// <summary>An organisation code, 9 characters. Real ones do not begin with YY.</summary>
    internal string OrganisationCode(long index)
    {
        var place = (((ulong)index * OrganisationStep) + (seed % OrganisationCount)) % OrganisationCount;
        Span<char> code = stackalloc char[9];
        code[0] = code[1] = 'Y';
        for (var i = 0; i < OrganisationLetters; i++)
        {
            code[2 + i] = Alphabet[(int)(place % (ulong)Alphabet.Length)];
            place /= (ulong)Alphabet.Length;
        }

        code[8] = CheckDigits.Organisation(code[..8]);
        return new string(code);
    }

    /// <summary>The social credit code that contains an organisation code.</summary>
    internal static string SocialCredit(string organisationCode)
    {
        Span<char> code = stackalloc char[18];
        code.TryWrite($"91990000{organisationCode}", out _);
        code[17] = CheckDigits.SocialCredit(code[..17]);
        return new string(code);
    }

    // Another seed begins elsewhere, so that two made-up lists rarely meet.
    private long Shifted(long index) => (long)(((ulong)index + (seed * 7_919_777 % (ulong)TravelRange)) % (ulong)TravelRange);
}
