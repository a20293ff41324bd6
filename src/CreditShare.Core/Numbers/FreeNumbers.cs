using System.Text;

namespace CreditShare.Core.Numbers;

/// <summary>
/// Numbers without one national form: military documents, other documents, business registration numbers. Taken are ASCII digits
/// and letters and Han (军字第…号, 企独粤总字第…号). Hyphens and brackets, which people write or leave out as they like
/// (A123456(7)), are left out, full-width brackets as well. No check digit is asked for.
/// </summary>
internal static class FreeNumbers
{
    private const int ShortestNumber = 2;

    /// <summary>Writes the number in UTF-8, letters as capitals; at least two characters must remain.</summary>
    internal static NumberFault Write(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = 0;
        var characters = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                body[length++] = (byte)(char.IsAsciiDigit(c) ? c : c & ~0x20);
                characters++;
            }
            else if (NumberText.IsHan(c))
            {
                length += new Rune(c).EncodeToUtf8(body[length..]);
                characters++;
            }
            else if (c is not (' ' or '-' or '(' or ')' or '（' or '）'))
            {
                return NumberFault.BadCharacter;
            }
        }

        return characters >= ShortestNumber ? NumberFault.None : NumberFault.WrongLength;
    }
}
