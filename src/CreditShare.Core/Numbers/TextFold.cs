namespace CreditShare.Core.Numbers;

/// <summary>
/// The folds of text as explicit ranges of characters. The runtime's own normalisation depends on the machine (here it has no ICU), and
/// two sides that compare text must fold it alike, byte for byte.
/// </summary>
internal static class TextFold
{
    internal const char MiddleDot = '\u00B7';

    /// <summary>Whether a character is white space or invisible, and so counts for nothing in a comparison.</summary>
    internal static bool IsIgnored(char c) => c switch
    {
        <= '\u0020' => c is ' ' or (>= '\u0009' and <= '\u000D'),
        < '\u0085' => false,
        '\u0085' or '\u00A0' or '\u00AD' or '\u034F' or '\u061C' or '\u115F' or '\u1160' or '\u1680' => true,
        '\u17B4' or '\u17B5' or (>= '\u180B' and <= '\u180F') => true,
        (>= '\u2000' and <= '\u200F') or (>= '\u2028' and <= '\u202F') or (>= '\u205F' and <= '\u206F') => true,
        '\u3000' or '\u3164' or '\uFEFF' or '\uFFA0' or (>= '\uFE00' and <= '\uFE0F') => true,
        _ => false,
    };

    /// <summary>Whether a single UTF-16 unit, not a surrogate, has no place in text that people write.</summary>
    internal static bool IsForbidden(char c) => c switch
    {
        < '\u0020' => c is not (>= '\u0009' and <= '\u000D'),
        >= '\u007F' and <= '\u009F' => c != '\u0085',
        >= '\uE000' and <= '\uF8FF' => true,
        >= '\uFDD0' and <= '\uFDEF' => true,
        >= '\uFFF0' => true,
        _ => false,
    };

    /// <summary>Full-width forms of ASCII to ASCII; everything else stays.</summary>
    internal static char FoldWidth(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;

    /// <summary>The variants that people and keyboards put for one sign: width, middle dots, brackets, apostrophes, hyphens.</summary>
    internal static char FoldSign(char c) => FoldWidth(c) switch
    {
        '\u2022' or '\u2027' or '\u2219' or '\u22C5' or '\u30FB' or '\uFF65' or '\u0387' or '\u16EB' or '\u2E31' or '\uA78F' => MiddleDot,
        '[' or '\u3014' or '\u3010' or '\u3016' or '\uFE59' or '\uFE5D' => '(',
        ']' or '\u3015' or '\u3011' or '\u3017' or '\uFE5A' or '\uFE5E' => ')',
        '\u2018' or '\u2019' or '\u02BC' => '\'',
        (>= '\u2010' and <= '\u2013') or '\u2212' => '-',
        var other => other,
    };

    /// <summary>Capital letters for Latin (ASCII, Latin-1, Extended-A, Additional), Greek and Cyrillic; other scripts that have case do
    /// not occur in the documents this system takes.</summary>
    internal static char ToUpper(char c) => c switch
    {
        < 'a' => c,
        <= 'z' => (char)(c - 0x20),
        < '\u00E0' => c,
        '\u00F7' => c,
        <= '\u00FE' => (char)(c - 0x20),
        '\u00FF' => '\u0178',
        < '\u0180' => ToUpperExtendedA(c),
        '\u03C2' => '\u03A3',
        >= '\u03B1' and <= '\u03CB' => (char)(c - 0x20),
        >= '\u0430' and <= '\u044F' => (char)(c - 0x20),
        >= '\u0450' and <= '\u045F' => (char)(c - 0x50),
        (>= '\u1E00' and <= '\u1E95') or (>= '\u1EA0' and <= '\u1EFF') => (char)(c & ~1),
        _ => c,
    };

    /// <summary>Whether a UTF-16 unit belongs to a Han ideograph, those of the supplementary planes included.</summary>
    internal static bool IsHanUnit(char c) =>
        NumberText.IsHan(c) || c is (>= '\uF900' and <= '\uFAFF') or (>= '\uD840' and <= '\uD8BF') || char.IsLowSurrogate(c);

    // In Extended-A capital and small letter alternate, with the parity changing twice and a few letters that stand alone.
    private static char ToUpperExtendedA(char c) => c switch
    {
        '\u0131' or '\u0138' or '\u0149' => c,
        '\u017F' => 'S',
        (>= '\u0139' and <= '\u0148') or (>= '\u0179' and <= '\u017E') => (c & 1) == 0 ? (char)(c - 1) : c,
        '\u0130' or '\u0178' => c,
        _ => (char)(c & ~1),
    };
}
