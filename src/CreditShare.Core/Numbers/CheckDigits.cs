namespace CreditShare.Core.Numbers;

/// <summary>The check characters of the three standards. Safe for concurrent callers; allocates nothing.</summary>
public static class CheckDigits
{
    internal const int CitizenBody = 17;
    internal const int SocialCreditBody = 17;
    internal const int OrganisationBody = 8;

    private static ReadOnlySpan<byte> CitizenWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> SocialCreditWeights => [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    private static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> SocialCreditAlphabet => "0123456789ABCDEFGHJKLMNPQRTUWXY"u8;

    // By character from '0' to 'Z'; -1 for the letters I O S V Z and the signs between 9 and A.
    private static ReadOnlySpan<sbyte> SocialCreditValues =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1, -1,
        10, 11, 12, 13, 14, 15, 16, 17, -1, 18, 19, 20, 21, 22, -1, 23, 24, 25, -1, 26, 27, -1, 28, 29, 30, -1,
    ];

    /// <summary>The check character of a citizen identity number (GB 11643-1999, ISO 7064 MOD 11-2). The residence permit of 810000 to
    /// 830000 and the foreign permanent resident card of 2023 use the same.</summary>
    /// <param name="body">The first 17 digits, ASCII.</param>
    /// <returns>'0' to '9' or 'X'.</returns>
    /// <exception cref="ArgumentException">Not 17 ASCII digits.</exception>
    public static char Citizen(ReadOnlySpan<char> body)
    {
        Span<byte> ascii = stackalloc byte[CitizenBody];
        Narrow(body, ascii);
        return OrThrow(Citizen(ascii));
    }

    /// <summary>The check character of a unified social credit code (GB 32100-2015).</summary>
    /// <param name="body">The first 17 characters: digits and capital letters without I, O, S, V and Z.</param>
    /// <returns>A character of the same alphabet.</returns>
    /// <exception cref="ArgumentException">Not 17 characters of that alphabet.</exception>
    public static char SocialCredit(ReadOnlySpan<char> body)
    {
        Span<byte> ascii = stackalloc byte[SocialCreditBody];
        Narrow(body, ascii);
        return OrThrow(SocialCredit(ascii));
    }

    /// <summary>The check character of an organisation code (GB 11714).</summary>
    /// <param name="body">The first 8 characters: digits and capital letters, all 26 of them.</param>
    /// <returns>'0' to '9' or 'X'.</returns>
    /// <exception cref="ArgumentException">Not 8 digits or capital letters.</exception>
    public static char Organisation(ReadOnlySpan<char> body)
    {
        Span<byte> ascii = stackalloc byte[OrganisationBody];
        Narrow(body, ascii);
        return OrThrow(Organisation(ascii));
    }

    /// <summary>The check character, or 0 if a character is no digit. The length must be 17.</summary>
    internal static byte Citizen(ReadOnlySpan<byte> body)
    {
        var weights = CitizenWeights;
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var digit = (uint)(body[i] - '0');
            if (digit > 9) return 0;
            sum += weights[i] * (int)digit;
        }

        return "10X98765432"u8[sum % 11];
    }

    /// <summary>The check character, or 0 if a character is outside the alphabet of 31. The length must be 17.</summary>
    internal static byte SocialCredit(ReadOnlySpan<byte> body)
    {
        var weights = SocialCreditWeights;
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var value = SocialCreditValue(body[i]);
            if (value < 0) return 0;
            sum += weights[i] * value;
        }

        // A remainder of 0 gives 31, which is written 0.
        return SocialCreditAlphabet[(31 - (sum % 31)) % 31];
    }

    /// <summary>The check character, or 0 if a character is no digit and no capital letter. The length must be 8.</summary>
    /// <remarks>The letters count 10 to 35 without gaps here, unlike in the social credit code: the two maps part from J on.</remarks>
    internal static byte Organisation(ReadOnlySpan<byte> body)
    {
        var weights = OrganisationWeights;
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var c = body[i];
            if (NumberText.IsDigit(c))
            {
                sum += weights[i] * (c - '0');
            }
            else if (NumberText.IsLetter(c))
            {
                sum += weights[i] * (c - 'A' + 10);
            }
            else
            {
                return 0;
            }
        }

        // 11 minus the remainder is 1 to 11; 10 is written X and 11 is written 0.
        return "0X987654321"u8[sum % 11];
    }

    /// <summary>The value of a character in the alphabet of 31, or -1.</summary>
    internal static int SocialCreditValue(byte c)
    {
        var index = (uint)(c - '0');
        return index < (uint)SocialCreditValues.Length ? SocialCreditValues[(int)index] : -1;
    }

    private static void Narrow(ReadOnlySpan<char> body, Span<byte> ascii)
    {
        if (body.Length != ascii.Length)
        {
            throw new ArgumentException($"Exactly {ascii.Length} characters are needed.", nameof(body));
        }

        for (var i = 0; i < ascii.Length; i++)
        {
            ascii[i] = body[i] < 0x80 ? (byte)body[i] : (byte)0;
        }
    }

    private static char OrThrow(byte check) =>
        check != 0 ? (char)check : throw new ArgumentException("A character of the body does not belong to this alphabet.");
}
