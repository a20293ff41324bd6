using System.Text;
using System.Text.Unicode;

namespace CreditShare.Core.Numbers;

/// <summary>The name of a person or an organisation as given, together with the form in which names are compared.</summary>
/// <remarks>
/// Compared are names without white space and invisible characters, in capital letters, with full-width ASCII, middle dots, brackets,
/// apostrophes and hyphens each brought to one form; a full stop between two Han characters counts as a middle dot. Nothing else is
/// folded: no homophones, no pinyin, no simplified for traditional characters. The default value is not usable.
/// </remarks>
public readonly record struct SubjectName
{
    /// <summary>The most UTF-16 units of a name, not counting white space and invisible characters around it.</summary>
    public const int MaxLength = 200;

    private const int MaxUtf8OnStack = 1_000;

    private readonly string? _text;
    private readonly string? _normalised;

    private SubjectName(string text, string normalised)
    {
        _text = text;
        _normalised = normalised;
    }

    /// <summary>The name as given, without the white space around it.</summary>
    public string Text => _text ?? throw NotSet();

    /// <summary>The form in which names are compared; never empty.</summary>
    public string Normalised => _normalised ?? throw NotSet();

    /// <summary>Checks and normalises a name.</summary>
    /// <param name="text">The name as sent.</param>
    /// <param name="name">The name; not usable on a fault.</param>
    /// <param name="fault">The first fault found.</param>
    /// <returns>Whether the name can be used.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SubjectName name, out NameFault fault)
    {
        name = default;
        var trimmed = Trim(text);
        Span<char> normalised = new char[Math.Min(trimmed.Length, MaxLength)];
        if (!TryWriteNormalised(trimmed, normalised, out var written, out fault)) return false;

        name = new(trimmed.ToString(), normalised[..written].ToString());
        return true;
    }

    /// <summary>Writes the form in which names are compared. Allocates nothing.</summary>
    /// <param name="text">The name as sent.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> characters to be sure; never more than the text has.</param>
    /// <param name="written">How many characters were written; 0 on a fault.</param>
    /// <param name="fault">The first fault found.</param>
    /// <returns>Whether the name can be used.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the text without the white space around it.</exception>
    public static bool TryWriteNormalised(ReadOnlySpan<char> text, Span<char> destination, out int written, out NameFault fault)
    {
        written = 0;
        text = Trim(text);
        fault = text.IsEmpty ? NameFault.Missing : text.Length > MaxLength ? NameFault.TooLong : NameFault.None;
        if (fault != NameFault.None) return false;
        if (destination.Length < text.Length) throw new ArgumentException("The destination is too short.", nameof(destination));

        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (NumberText.IsHan(c))
            {
                // Most characters by far, and nothing folds them.
                Append(c, destination, ref count);
            }
            else if (char.IsSurrogate(c))
            {
                if (!TryCopyPair(text[i..], destination, ref count)) return Refuse(out fault);
                i++;
            }
            else if (TextFold.IsForbidden(c))
            {
                return Refuse(out fault);
            }
            else if (!TextFold.IsIgnored(c))
            {
                Append(TextFold.ToUpper(TextFold.FoldSign(c)), destination, ref count);
            }
        }

        // Tags of the supplementary planes are invisible too, and a name may consist of nothing else.
        fault = count == 0 ? NameFault.Missing : NameFault.None;
        written = count;
        return count > 0;
    }

    /// <summary>Whether a name can be used. Allocates nothing.</summary>
    /// <param name="text">The name as sent.</param>
    /// <param name="fault">The first fault found.</param>
    public static bool IsValid(ReadOnlySpan<char> text, out NameFault fault)
    {
        Span<char> normalised = stackalloc char[MaxLength];
        return TryWriteNormalised(text, normalised, out _, out fault);
    }

    /// <summary>Whether a name given in UTF-8 can be used; the same result as for the same name in UTF-16. Allocates nothing for names below
    /// a thousand bytes.</summary>
    /// <param name="utf8Text">The name as sent. Malformed UTF-8 is <see cref="NameFault.BadCharacter"/>.</param>
    /// <param name="fault">The first fault found.</param>
    public static bool IsValid(ReadOnlySpan<byte> utf8Text, out NameFault fault)
    {
        fault = NameFault.None;
        if (IsPlainHan(utf8Text)) return true;
        if (utf8Text.Length > MaxUtf8OnStack) return IsValid(Encoding.UTF8.GetString(utf8Text), out fault);

        // What replaces malformed bytes has no place in a name.
        Span<char> text = stackalloc char[MaxUtf8OnStack];
        Utf8.ToUtf16(utf8Text, text, out _, out var written);
        return IsValid(text[..written], out fault);
    }

    /// <summary>Whether the two names are the same in the form in which names are compared.</summary>
    public bool Matches(SubjectName other) => string.Equals(Normalised, other.Normalised, StringComparison.Ordinal);

    /// <summary>The first character and a star: fit for logs. The name itself is <see cref="Text"/>.</summary>
    public override string ToString() =>
        _text is null ? "(no name)" : string.Concat(_text.AsSpan(0, char.IsSurrogate(_text[0]) ? 2 : 1), "*");

    // Nearly all names: a few characters from U+4E00 to U+9FFF, three bytes each, which nothing folds and nothing forbids.
    private static bool IsPlainHan(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > 3 * MaxLength || utf8.Length % 3 != 0) return false;

        for (var i = 0; i + 2 < utf8.Length; i += 3)
        {
            var (first, second, third) = (utf8[i], utf8[i + 1], utf8[i + 2]);
            var isInRange = first is >= 0xE5 and <= 0xE9 || (first == 0xE4 && second >= 0xB8);
            if (!isInRange || (second & 0xC0) != 0x80 || (third & 0xC0) != 0x80) return false;
        }

        return true;
    }

    private static bool Refuse(out NameFault fault)
    {
        fault = NameFault.BadCharacter;
        return false;
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && TextFold.IsIgnored(text[0])) text = text[1..];
        while (!text.IsEmpty && TextFold.IsIgnored(text[^1])) text = text[..^1];
        return text;
    }

    private static bool TryCopyPair(ReadOnlySpan<char> text, Span<char> destination, ref int count)
    {
        if (text.Length < 2 || !char.IsSurrogatePair(text[0], text[1])) return false;

        var scalar = char.ConvertToUtf32(text[0], text[1]);
        if (scalar >= 0xF0000 || (scalar & 0xFFFE) == 0xFFFE) return false;

        // Plane 14 holds tags and the variation selectors of ideographs, which only choose a glyph.
        if (scalar >= 0xE0000) return true;

        Append(text[0], destination, ref count);
        destination[count++] = text[1];
        return true;
    }

    private static void Append(char c, Span<char> destination, ref int count)
    {
        if (count >= 2 && destination[count - 1] == '.' && TextFold.IsHanUnit(c) && TextFold.IsHanUnit(destination[count - 2]))
        {
            destination[count - 1] = TextFold.MiddleDot;
        }

        destination[count++] = c;
    }

    private static InvalidOperationException NotSet() => new("The name is not set.");
}
