using System.Buffers;
using System.Text.Unicode;

namespace CreditShare.Core.Numbers;

/// <summary>
/// The lookup key of an identity number: document type, 0x00, canonical number in UTF-8; a passport's number is preceded by the
/// issuing country and a colon.
/// </summary>
/// <remarks>
/// This is the one place where numbers are checked and normalised: <see cref="DocumentNumber"/> is built on it, and client and server
/// agree byte for byte. Allocates nothing; safe for concurrent callers. What a failed call leaves in the destination is undefined.
/// </remarks>
public static class CanonicalNumber
{
    /// <summary>The most characters of a number as sent, spaces included.</summary>
    public const int MaxTextLength = 32;

    /// <summary>The most bytes of a key, and the least a destination must hold: two, and 32 characters of up to three bytes.</summary>
    public const int MaxKeyBytes = HeadLength + (MaxTextLength * 3);

    internal const int HeadLength = 2;
    internal const byte CountryEnd = (byte)':';

    private const int UsccKeyLength = HeadLength + OrganisationNumbers.UsccLength;
    private const int OrganisationCodeKeyLength = HeadLength + OrganisationNumbers.CodeLength;

    /// <summary>Checks a number and writes its key.</summary>
    /// <param name="type">The type as sent. A resident number of area 810000, 820000 or 830000 is keyed as a residence permit whichever of
    /// the two was sent; otherwise a number of another type is a fault.</param>
    /// <param name="text">The number as sent. ASCII spaces and letter case are ignored, and hyphens in the codes of organisations.</param>
    /// <param name="country">A passport's issuing country, ISO 3166-1 alpha-2 or alpha-3; empty for every other type.</param>
    /// <param name="today">The day in UTC+8; no birth date may be after it.</param>
    /// <param name="destination">At least <see cref="MaxKeyBytes"/> bytes.</param>
    /// <param name="written">How many bytes were written; 0 on a fault.</param>
    /// <param name="fault">The first fault found.</param>
    /// <returns>Whether the number is valid.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static bool TryWriteKey(
        DocumentType type,
        ReadOnlySpan<char> text,
        ReadOnlySpan<char> country,
        DateOnly today,
        Span<byte> destination,
        out int written,
        out NumberFault fault)
    {
        written = 0;
        fault = CheckHead(type, country, destination);
        if (fault != NumberFault.None) return false;

        fault = WriteBody(type, text, today, destination, out written);
        return fault == NumberFault.None;
    }

    /// <summary>Checks a number given in UTF-8 and writes its key; the same result as for the same number in UTF-16.</summary>
    /// <param name="type">The type as sent.</param>
    /// <param name="utf8Text">The number as sent. Malformed UTF-8 is <see cref="NumberFault.BadCharacter"/>.</param>
    /// <param name="country">A passport's issuing country, ISO 3166-1 alpha-2 or alpha-3; empty for every other type.</param>
    /// <param name="today">The day in UTC+8; no birth date may be after it.</param>
    /// <param name="destination">At least <see cref="MaxKeyBytes"/> bytes.</param>
    /// <param name="written">How many bytes were written; 0 on a fault.</param>
    /// <param name="fault">The first fault found.</param>
    /// <returns>Whether the number is valid.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static bool TryWriteKey(
        DocumentType type,
        ReadOnlySpan<byte> utf8Text,
        ReadOnlySpan<char> country,
        DateOnly today,
        Span<byte> destination,
        out int written,
        out NumberFault fault)
    {
        written = 0;
        fault = CheckHead(type, country, destination);
        if (fault != NumberFault.None) return false;

        Span<char> text = stackalloc char[MaxTextLength];
        fault = Utf8.ToUtf16(utf8Text, text, out _, out var length, replaceInvalidSequences: false) switch
        {
            OperationStatus.Done => WriteBody(type, text[..length], today, destination, out written),
            OperationStatus.DestinationTooSmall => NumberFault.TooLong,
            _ => NumberFault.BadCharacter,
        };
        return fault == NumberFault.None;
    }

    /// <summary>Writes the key of the organisation code inside a social credit code (its characters 9 to 17).</summary>
    /// <param name="usccKey">A key as written by this class.</param>
    /// <param name="destination">At least 11 bytes.</param>
    /// <param name="written">How many bytes were written; 0 if the key is of another type.</param>
    /// <returns>Whether the key was that of a social credit code.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static bool TryWriteOrganisationCodeKey(ReadOnlySpan<byte> usccKey, Span<byte> destination, out int written)
    {
        written = 0;
        if (usccKey.Length != UsccKeyLength || usccKey[0] != (byte)DocumentType.Uscc) return false;

        usccKey.Slice(HeadLength + OrganisationNumbers.CodeInUscc, OrganisationNumbers.CodeLength).CopyTo(destination[HeadLength..]);
        destination[0] = (byte)DocumentType.OrgCode;
        destination[1] = 0;
        written = OrganisationCodeKeyLength;
        return true;
    }

    // Everything but the number: the type, and the country, which goes straight to its place.
    private static NumberFault CheckHead(DocumentType type, ReadOnlySpan<char> country, Span<byte> destination)
    {
        if (destination.Length < MaxKeyBytes)
        {
            throw new ArgumentException($"A key may need {MaxKeyBytes} bytes.", nameof(destination));
        }

        if (type is < DocumentType.ResidentId or > DocumentType.RegNo) return NumberFault.TypeUnknown;
        if (type == DocumentType.Passport) return IssuingCountries.Write(country, destination[HeadLength..]);
        return country.IsEmpty ? NumberFault.None : NumberFault.CountryNotAllowed;
    }

    private static NumberFault WriteBody(
        DocumentType type, ReadOnlySpan<char> text, DateOnly today, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length > MaxTextLength) return NumberFault.TooLong;
        if (text.IndexOfAnyExcept(' ') < 0) return NumberFault.Missing;

        var body = destination[HeadLength..];
        int length;
        var fault = type switch
        {
            DocumentType.ResidentId or DocumentType.HmtResidence => ResidentNumbers.Write(text, today, body, ref type, out length),
            DocumentType.ForeignPr => ResidentNumbers.WriteForeign(text, today, body, out length),
            DocumentType.HmPermit => TravelNumbers.WriteHmPermit(text, body, out length),
            DocumentType.TwPermit => TravelNumbers.WriteTwPermit(text, body, out length),
            DocumentType.Passport => TravelNumbers.WritePassport(text, body, out length),
            DocumentType.Uscc => OrganisationNumbers.WriteUscc(text, body, out length),
            DocumentType.OrgCode => OrganisationNumbers.WriteCode(text, body, out length),
            _ => FreeNumbers.Write(text, body, out length),
        };
        if (fault != NumberFault.None) return fault;

        destination[0] = (byte)type;
        destination[1] = 0;
        written = HeadLength + length;
        return NumberFault.None;
    }
}
