namespace CreditShare.Core.Numbers;

/// <summary>Travel permits and passports: form only, they carry no check digit.</summary>
internal static class TravelNumbers
{
    private const int HmPermitLength = 9;
    private const int HmPermitWithIssueLength = 11;
    private const int TwPermitLength = 8;
    private const int OldTwPermitLength = 11;
    private const int ShortestPassport = 5;
    private const int LongestPassport = 17;
    private const int CountryLength = IssuingCountries.CodeLength + 1;

    /// <summary>H or M and eight digits, for life; two more digits count the issues and are left out.</summary>
    internal static NumberFault WriteHmPermit(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = HmPermitLength;
        var count = NumberText.Compact(text, body);
        if (count == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (count is not (HmPermitLength or HmPermitWithIssueLength)) return NumberFault.WrongLength;
        if (body[0] is not ((byte)'H' or (byte)'M')) return NumberFault.BadForm;
        return NumberText.AreDigits(body[1..count]) ? NumberFault.None : NumberFault.BadCharacter;
    }

    /// <summary>Eight digits for life; the permits before September 2008 had ten digits and a letter, kept whole because nothing sure
    /// ties them to the later number.</summary>
    internal static NumberFault WriteTwPermit(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = NumberText.Compact(text, body);
        if (length == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (length is not (TwPermitLength or OldTwPermitLength)) return NumberFault.WrongLength;

        var digits = length == TwPermitLength ? TwPermitLength : OldTwPermitLength - 1;
        if (!NumberText.AreDigits(body[..digits])) return NumberFault.BadCharacter;
        return length == digits || NumberText.IsLetter(body[digits]) ? NumberFault.None : NumberFault.BadForm;
    }

    /// <summary>5 to 17 letters and digits; a Chinese one has eight or nine characters, of which the first one or two may be letters. The
    /// country stands at the beginning of the body already.</summary>
    internal static NumberFault WritePassport(ReadOnlySpan<char> text, Span<byte> body, out int length)
    {
        length = 0;
        var number = body[CountryLength..];
        var count = NumberText.Compact(text, number);
        if (count == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (count is < ShortestPassport or > LongestPassport) return NumberFault.WrongLength;

        if (body.StartsWith("CHN"u8))
        {
            if (count is not (8 or 9)) return NumberFault.WrongLength;
            var series = NumberText.IsLetter(number[0]) ? (NumberText.IsLetter(number[1]) ? 2 : 1) : 0;
            if (!NumberText.AreDigits(number[series..count])) return NumberFault.BadForm;
        }

        body[IssuingCountries.CodeLength] = CanonicalNumber.CountryEnd;
        length = CountryLength + count;
        return NumberFault.None;
    }
}
