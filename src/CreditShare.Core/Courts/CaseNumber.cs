using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Courts;

/// <summary>What is wrong with a case number.</summary>
public enum CaseNumberFault : byte
{
    /// <summary>Nothing: the number was parsed.</summary>
    None,

    /// <summary>There is no number, or nothing visible in it.</summary>
    Missing,

    /// <summary>More than <see cref="CaseNumber.MaxTextLength"/> characters as sent.</summary>
    TooLong,

    /// <summary>Neither an enforcement case number of 法〔2015〕137号 nor one of the older form.</summary>
    BadForm,
}

/// <summary>
/// The number of an enforcement case: since 2016 （year）court code, type, serial, 号 (法〔2015〕137号 Art. 3); before that
/// （year）abbreviation of court and type, 字第, serial, 号, which old records still carry.
/// </summary>
public sealed record CaseNumber
{
    /// <summary>The most characters of a number as sent, spaces included.</summary>
    public const int MaxTextLength = 64;

    private const int MaxSerialLength = 12;
    private const int MaxLegacyTypeLength = 12;
    private const int YearLength = 4;
    private const string LegacyMark = "字第";
    private const string Specialty = "知";

    // What follows 执 in the types in which nothing is carried out: preservation, objection, reconsideration, supervision …
    private const string NotImplementing = "保异复监协他";

    // The longer first: 执 begins them all.
    private static readonly string[] s_types = ["执恢", "执保", "执异", "执复", "执监", "执协", "执他", "执"];

    private readonly string _canonical;

    private CaseNumber(string canonical) => _canonical = canonical;

    /// <summary>The year in the brackets. Whether it lies in the future is for the caller to ask.</summary>
    public int Year { get; private init; }

    /// <summary>The court; null for the older form, where its abbreviation is no code.</summary>
    public CourtCode? Court { get; private init; }

    /// <summary>The type: 执, 执恢 …; in the older form everything between the bracket and 字第, court included.</summary>
    public string TypeCode { get; private init; } = "";

    /// <summary>Whether a court for a special matter hears it (知, intellectual property), since 2018.</summary>
    public bool IsSpecialTrial { get; private init; }

    /// <summary>The serial number, 1 to 12 digits without leading zeros; in the older form zeros and a part behind a hyphen may occur.</summary>
    public string Serial { get; private init; } = "";

    /// <summary>Whether the number has the form used before 2016.</summary>
    public bool IsLegacy => Court is null;

    /// <summary>Whether the case may be one in which a judgment is carried out, so that a person can be listed in it: 执, 执恢 and, where the
    /// service takes it, 执他; in the older form any type with a 执 that is not the beginning of one of the others (执异, 执保 …).</summary>
    public bool IsImplementing => IsLegacy ? HasImplementingMark(TypeCode) : TypeCode is "执" or "执恢" or "执他";

    /// <summary>Parses a number as people write it: half-width, full-width and hexagonal brackets are read as （）, full-width digits as
    /// ASCII, and white space and invisible characters are ignored.</summary>
    /// <returns>Whether the text is a case number of one of the two forms.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CaseNumber? number, out CaseNumberFault fault)
    {
        number = null;
        if (text.Length > MaxTextLength)
        {
            fault = CaseNumberFault.TooLong;
            return false;
        }

        Span<char> buffer = stackalloc char[MaxTextLength];
        var folded = Fold(text, buffer);
        if (folded.IsEmpty)
        {
            fault = CaseNumberFault.Missing;
            return false;
        }

        number = ParseFolded(folded);
        fault = number is null ? CaseNumberFault.BadForm : CaseNumberFault.None;
        return number is not null;
    }

    /// <summary>The canonical form with full-width brackets; it parses back to an equal number.</summary>
    public override string ToString() => _canonical;

    /// <summary>Whether the canonical forms are the same.</summary>
    public bool Equals(CaseNumber? other) => other is not null && _canonical == other._canonical;

    /// <summary>The hash of the canonical form.</summary>
    public override int GetHashCode() => _canonical.GetHashCode(StringComparison.Ordinal);

    // The court stands before the type, and a chamber may stand in or behind it: the last 执 is the type's.
    private static bool HasImplementingMark(string type)
    {
        var at = type.LastIndexOf('执');
        return at >= 0 && (at + 1 == type.Length || !NotImplementing.Contains(type[at + 1], StringComparison.Ordinal));
    }

    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (TextFold.IsIgnored(c)) continue;
            buffer[count++] = TextFold.FoldSign(c) switch
            {
                '(' => '（',
                ')' => '）',
                var other => other,
            };
        }

        return buffer[..count];
    }

    private static CaseNumber? ParseFolded(ReadOnlySpan<char> text)
    {
        // The year in brackets, something, and 号 at the end.
        const int head = YearLength + 2;
        if (text.Length <= head + 1 || text[0] != '（' || text[head - 1] != '）' || text[^1] != '号') return null;

        var yearText = text.Slice(1, YearLength);
        if (!AreDigits(yearText)) return null;

        var year = int.Parse(yearText, NumberStyles.None, CultureInfo.InvariantCulture);
        var middle = text[head..^1];
        return ParseModern(text, year, middle) ?? ParseLegacy(text, year, middle);
    }

    private static CaseNumber? ParseModern(ReadOnlySpan<char> text, int year, ReadOnlySpan<char> middle)
    {
        if (year is < 1900 or > 2099) return null;

        var codeLength = CourtCode.PrefixLength(middle);
        if (codeLength == 0 || !CourtCode.TryParse(middle[..codeLength], out var court)) return null;

        var rest = middle[codeLength..];
        var special = rest.StartsWith(Specialty);
        if (special) rest = rest[Specialty.Length..];

        foreach (var type in s_types)
        {
            if (!rest.StartsWith(type)) continue;

            var serial = rest[type.Length..];
            if (serial.Length is 0 or > MaxSerialLength || serial[0] == '0' || !AreDigits(serial)) return null;
            return new(text.ToString())
            {
                Year = year,
                Court = court,
                TypeCode = type,
                IsSpecialTrial = special,
                Serial = serial.ToString(),
            };
        }

        return null;
    }

    private static CaseNumber? ParseLegacy(ReadOnlySpan<char> text, int year, ReadOnlySpan<char> middle)
    {
        var mark = middle.IndexOf(LegacyMark);
        if (mark is < 1 or > MaxLegacyTypeLength) return null;

        var type = middle[..mark];
        foreach (var c in type)
        {
            if (!NumberText.IsHan(c) && !char.IsAsciiLetterOrDigit(c) && c is not ('（' or '）')) return null;
        }

        var serial = middle[(mark + LegacyMark.Length)..];
        var hyphen = serial.IndexOf('-');
        var whole = hyphen < 0 ? serial : serial[..hyphen];
        var part = hyphen < 0 ? "1" : serial[(hyphen + 1)..];
        if (serial.Length > MaxSerialLength || !AreDigits(whole) || !AreDigits(part)) return null;

        return new(text.ToString()) { Year = year, TypeCode = type.ToString(), Serial = serial.ToString() };
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
