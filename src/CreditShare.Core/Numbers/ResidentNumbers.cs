namespace CreditShare.Core.Numbers;

/// <summary>Numbers built like the citizen identity number of GB 11643-1999: six characters, birth date, sequence, check character.</summary>
internal static class ResidentNumbers
{
    internal const int Length = 18;
    internal const int BirthAt = 6;
    internal const int BirthLength = 8;
    internal const int SexAt = 16;

    private const int FirstGenerationLength = 15;
    private const int ForeignLettersLength = 15;
    private const int EarliestYear = 1800;

    /// <summary>Checks a resident identity number or a residence permit, and turns 15 digits into 18.</summary>
    internal static NumberFault Write(
        ReadOnlySpan<char> text, DateOnly today, Span<byte> body, ref DocumentType type, out int length)
    {
        length = Length;
        var count = NumberText.Compact(text, body);
        if (count == NumberText.BadCharacter) return NumberFault.BadCharacter;
        if (count == FirstGenerationLength && type == DocumentType.ResidentId) return WriteFirstGeneration(today, body);
        if (count != Length) return NumberFault.WrongLength;

        var check = CheckDigits.Citizen(body);
        if (check == 0 || !IsCheckCharacter(body[Length - 1])) return NumberFault.BadCharacter;

        if (IsPermitArea(body))
        {
            // The number says what it is; the two types must never have two keys for one person.
            if (!body[2..BirthAt].SequenceEqual("0000"u8)) return NumberFault.BadForm;
            type = DocumentType.HmtResidence;
        }
        else if (type == DocumentType.HmtResidence || body[0] is not (>= (byte)'1' and <= (byte)'8'))
        {
            return NumberFault.BadForm;
        }

        return CheckBirthAndDigit(body, check, today);
    }

    /// <summary>Checks a foreign permanent resident card of 2023 (18 characters, the first a 9) or of 2017 (three letters, twelve digits).</summary>
    internal static NumberFault WriteForeign(ReadOnlySpan<char> text, DateOnly today, Span<byte> body, out int length)
    {
        length = NumberText.Compact(text, body);
        if (length == NumberText.BadCharacter) return NumberFault.BadCharacter;

        if (length == ForeignLettersLength)
        {
            // Never upgraded like 15 digits of a resident: these begin with the letters of a country.
            var letters = NumberText.IsLetter(body[0]) && NumberText.IsLetter(body[1]) && NumberText.IsLetter(body[2]);
            return letters && NumberText.AreDigits(body[3..ForeignLettersLength]) ? NumberFault.None : NumberFault.BadForm;
        }

        if (length != Length) return NumberFault.WrongLength;

        var check = CheckDigits.Citizen(body);
        if (check == 0 || !IsCheckCharacter(body[Length - 1])) return NumberFault.BadCharacter;
        return body[0] == (byte)'9' ? CheckBirthAndDigit(body, check, today) : NumberFault.BadForm;
    }

    /// <summary>Reads eight ASCII digits as a date from 1800 on.</summary>
    internal static bool TryReadDate(ReadOnlySpan<byte> digits, out DateOnly date)
    {
        date = default;
        if (digits.Length != BirthLength || !NumberText.AreDigits(digits)) return false;

        var year = (Two(digits) * 100) + Two(digits[2..]);
        var month = Two(digits[4..]);
        var day = Two(digits[6..]);
        if (year < EarliestYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;

        date = new DateOnly(year, month, day);
        return true;
    }

    // The first generation had no century and no check character. Its sequences 996 to 999 were kept for those born before 1900.
    private static NumberFault WriteFirstGeneration(DateOnly today, Span<byte> body)
    {
        if (!NumberText.AreDigits(body[..FirstGenerationLength])) return NumberFault.BadCharacter;
        if (body[0] is not (>= (byte)'1' and <= (byte)'8') || IsPermitArea(body)) return NumberFault.BadForm;

        var bornBefore1900 = body[12] == '9' && body[13] == '9' && body[14] >= '6';
        body[BirthAt..FirstGenerationLength].CopyTo(body[(BirthAt + 2)..]);
        body[BirthAt] = (byte)'1';
        body[BirthAt + 1] = bornBefore1900 ? (byte)'8' : (byte)'9';

        var check = CheckDigits.Citizen(body);
        body[Length - 1] = check;
        return CheckBirthAndDigit(body, check, today);
    }

    private static NumberFault CheckBirthAndDigit(ReadOnlySpan<byte> body, byte check, DateOnly today)
    {
        if (!TryReadDate(body.Slice(BirthAt, BirthLength), out var birth)) return NumberFault.BadDate;
        if (birth > today) return NumberFault.DateInFuture;
        return body[Length - 1] == check ? NumberFault.None : NumberFault.WrongCheckDigit;
    }

    private static bool IsPermitArea(ReadOnlySpan<byte> body) => body[0] == '8' && body[1] is >= (byte)'1' and <= (byte)'3';

    private static bool IsCheckCharacter(byte c) => NumberText.IsDigit(c) || c == 'X';

    private static int Two(ReadOnlySpan<byte> digits) => ((digits[0] - '0') * 10) + (digits[1] - '0');
}
