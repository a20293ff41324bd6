namespace CreditShare.Core.Numbers;

/// <summary>The unified social credit code (GB 32100-2015) and the organisation code inside it (GB 11714).</summary>
internal static class OrganisationNumbers
{
    internal const int UsccLength = 18;
    internal const int CodeLength = 9;

    /// <summary>Where the organisation code begins in a social credit code.</summary>
    internal const int CodeInUscc = 8;

    private const int AreaAt = 2;

    /// <summary>18 characters of the alphabet of 31, digits in the area, both check characters right.</summary>
    internal static NumberFault WriteUscc(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = UsccLength;
        var count = NumberText.CompactWithoutHyphens(text, body);
        if (count == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (count != UsccLength) return NumberFault.WrongLength;

        var check = CheckDigits.SocialCredit(body);
        if (check == 0 || CheckDigits.SocialCreditValue(body[UsccLength - 1]) < 0) return NumberFault.BadCharacter;
        if (!NumberText.AreDigits(body[AreaAt..CodeInUscc])) return NumberFault.BadForm;
        if (body[UsccLength - 1] != check) return NumberFault.WrongCheckDigit;

        var code = body.Slice(CodeInUscc, CodeLength);
        return code[CodeLength - 1] == CheckDigits.Organisation(code) ? NumberFault.None : NumberFault.WrongCheckDigit;
    }

    /// <summary>Eight digits or letters and a check character; the printed form has a hyphen before the last.</summary>
    internal static NumberFault WriteCode(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = CodeLength;
        var count = NumberText.CompactWithoutHyphens(text, body);
        if (count == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (count != CodeLength) return NumberFault.WrongLength;

        var last = body[CodeLength - 1];
        if (!NumberText.IsDigit(last) && last != 'X') return NumberFault.BadCharacter;
        return last == CheckDigits.Organisation(body) ? NumberFault.None : NumberFault.WrongCheckDigit;
    }
}
