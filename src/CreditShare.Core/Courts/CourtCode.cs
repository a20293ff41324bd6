using CreditShare.Core.Numbers;

namespace CreditShare.Core.Courts;

/// <summary>
/// The code of a court in case numbers (法〔2015〕137号 Art. 5): 最高法, one character for a High Court (京), two digits behind it for
/// an intermediate court (粤07), four for a basic court (京0105).
/// </summary>
/// <remarks>
/// Parsing checks the form; whether there is such a court is for the <see cref="CourtTable"/>. Besides the characters of the real
/// list there is 测, which no real court has, for the made-up courts of tests and of the generator. The default value is not usable.
/// </remarks>
public readonly record struct CourtCode : IComparable<CourtCode>
{
    /// <summary>The region of made-up courts, which no real court can have.</summary>
    public const string SyntheticRegion = "测";

    internal const string SupremeText = "最高法";

    private const string Regions = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵" + SyntheticRegion;

    private readonly string? _value;

    private CourtCode(string value) => _value = value;

    /// <summary>The Supreme People's Court.</summary>
    public static CourtCode Supreme { get; } = new(SupremeText);

    /// <summary>The code as it stands in case numbers.</summary>
    public string Value => _value ?? throw new InvalidOperationException("The court code is not set.");

    /// <summary>The first character, which stands for the province; 最高法 for the Supreme People's Court.</summary>
    public string Region => Level == CourtLevel.Supreme ? Value : Value[..1];

    /// <summary>The level that the form of the code tells.</summary>
    public CourtLevel Level => Value.Length switch
    {
        1 => CourtLevel.High,
        5 => CourtLevel.Basic,
        _ => Value == SupremeText ? CourtLevel.Supreme : CourtLevel.Intermediate,
    };

    /// <summary>Whether this is the code of a made-up court.</summary>
    public bool IsSynthetic => Value.StartsWith(SyntheticRegion, StringComparison.Ordinal);

    /// <summary>Parses a code; white space and invisible characters are ignored, full-width digits are read as ASCII.</summary>
    /// <returns>Whether the text has the form of a code.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out CourtCode code)
    {
        code = default;
        Span<char> folded = stackalloc char[5];
        var count = 0;
        foreach (var c in text)
        {
            if (TextFold.IsIgnored(c)) continue;
            if (count == folded.Length) return false;
            folded[count++] = TextFold.FoldWidth(c);
        }

        var value = folded[..count];
        if (PrefixLength(value) != count || count == 0) return false;

        code = new(value.ToString());
        return true;
    }

    /// <summary>Orders by the UTF-16 units of the code.</summary>
    public int CompareTo(CourtCode other) => string.CompareOrdinal(_value, other._value);

    /// <summary>The code, or an empty text for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>Whether one code stands before another; see <see cref="CompareTo"/>.</summary>
    public static bool operator <(CourtCode left, CourtCode right) => left.CompareTo(right) < 0;

    /// <summary>Whether one code stands before another or is the same.</summary>
    public static bool operator <=(CourtCode left, CourtCode right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one code stands behind another.</summary>
    public static bool operator >(CourtCode left, CourtCode right) => left.CompareTo(right) > 0;

    /// <summary>Whether one code stands behind another or is the same.</summary>
    public static bool operator >=(CourtCode left, CourtCode right) => left.CompareTo(right) >= 0;

    /// <summary>How many characters at the beginning of the text are a court code; 0 if none. As many digits as stand there must belong
    /// to it, so 京010 is none.</summary>
    internal static int PrefixLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith(SupremeText)) return SupremeText.Length;
        if (text.IsEmpty || !Regions.Contains(text[0], StringComparison.Ordinal)) return 0;

        var end = 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end is 1 or 3 or 5 ? end : 0;
    }
}
