namespace CreditShare.Core.Numbers;

/// <summary>The characters of a number as sent, reduced to those that count.</summary>
internal static class NumberText
{
    /// <summary>Returned in place of a count when a character is not taken.</summary>
    internal const int BadCharacter = -1;

    /// <summary>Copies ASCII digits and letters, letters as capitals, and leaves out ASCII spaces.</summary>
    /// <returns>The number of bytes written, or <see cref="BadCharacter"/>.</returns>
    internal static int Compact(ReadOnlySpan<char> text, Span<byte> destination) =>
        Compact(text, destination, alsoIgnored: ' ');

    /// <summary>As <see cref="Compact(ReadOnlySpan{char}, Span{byte})"/>, and leaves out hyphens as well.</summary>
    /// <returns>The number of bytes written, or <see cref="BadCharacter"/>.</returns>
    internal static int CompactWithoutHyphens(ReadOnlySpan<char> text, Span<byte> destination) =>
        Compact(text, destination, alsoIgnored: '-');

    /// <summary>Whether the character is a Han ideograph of the basic plane, 〇 included. Compatibility forms are not.</summary>
    internal static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') or '\u3007';

    internal static bool IsDigit(byte c) => (uint)(c - '0') <= 9;

    internal static bool IsLetter(byte c) => (uint)(c - 'A') <= 25;

    internal static bool AreDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static int Compact(ReadOnlySpan<char> text, Span<byte> destination, char alsoIgnored)
    {
        var count = 0;
        foreach (var c in text)
        {
            if ((uint)(c - '0') <= 9)
            {
                destination[count++] = (byte)c;
            }
            else if ((uint)((c | 0x20) - 'a') <= 25)
            {
                destination[count++] = (byte)(c & ~0x20);
            }
            else if (c != ' ' && c != alsoIgnored)
            {
                return BadCharacter;
            }
        }

        return count;
    }
}
