using System.Buffers;
using System.Runtime.CompilerServices;
using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Date = Google.Type.Date;

namespace CreditShare.Server.Mapping;

/// <summary>Dates, instants, positions and short texts between the contract and Core.</summary>
internal static class ValueMapping
{
    // Tabs and line ends are part of what people write; the other control characters are part of nothing.
    private static readonly SearchValues<char> s_controls = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085'))]);

    private static readonly long s_earliest = new DateTimeOffset(1800, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private static readonly long s_latest = new DateTimeOffset(2201, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    public static Date ToProto(this DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    public static Date? ToProto(this DateOnly? day) => day?.ToProto();

    public static Timestamp ToProto(this DateTimeOffset instant) => Timestamp.FromDateTimeOffset(instant);

    public static Cursor ToProto(this JournalHead head) =>
        new() { Epoch = head.Epoch, Sequence = head.Sequence, Hash = UnsafeByteOperations.UnsafeWrap(head.Hash) };

    /// <summary>The number of an enumeration's value for Core, whose values are bytes with the contract's numbers. One that no byte holds becomes
    /// 255, which no enumeration knows: cut to its last byte it could become a value that the caller did not send.</summary>
    public static byte NumberOf<T>(T value)
        where T : struct, System.Enum
    {
        // The contract's enumerations are all of 32 bits.
        var number = Unsafe.BitCast<T, int>(value);
        return number is >= 0 and < byte.MaxValue ? (byte)number : byte.MaxValue;
    }

    /// <summary>Reads a whole date; null when the field is missing or when a problem was added.</summary>
    public static DateOnly? ReadDate(Date? date, FieldPath path, Problems problems)
    {
        if (date is null) return null;

        // An old number of 15 digits can carry a birth before 1900.
        if (date.Year is < 1800 or > 2200 || date.Month is < 1 or > 12
            || date.Day < 1 || date.Day > DateTime.DaysInMonth(date.Year, date.Month))
        {
            problems.Add(path.ToString(), ErrorReason.DateInvalid, null);
            return null;
        }

        return new DateOnly(date.Year, date.Month, date.Day);
    }

    /// <summary>Reads an instant, cut to the milliseconds that every store keeps; null when the field is missing or when a problem was added.</summary>
    public static DateTimeOffset? ReadInstant(Timestamp? instant, FieldPath path, Problems problems)
    {
        if (instant is null) return null;

        if (instant.Nanos is < 0 or > 999_999_999 || instant.Seconds < s_earliest || instant.Seconds >= s_latest)
        {
            problems.Add(path.ToString(), ErrorReason.DateInvalid, null);
            return null;
        }

        return DateTimeOffset.FromUnixTimeSeconds(instant.Seconds).AddMilliseconds(instant.Nanos / 1_000_000);
    }

    /// <summary>Whether a text has characters that no text has: NUL, escape and the like.</summary>
    public static bool HasControls(ReadOnlySpan<char> text) => text.ContainsAny(s_controls);

    /// <summary>Reads a text of limited length; the text itself even when it is too long, since a problem then stands.</summary>
    public static string ReadText(string text, FieldPath path, int maxLength, Problems problems)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > maxLength)
        {
            problems.Add(path.ToString(), ErrorReason.FieldTooLong, $"At most {maxLength} characters.");
        }

        if (HasControls(trimmed)) problems.Add(path.ToString(), ErrorReason.FieldInvalid, "It has control characters.");

        return trimmed;
    }

    /// <summary>Reads a text that must be there.</summary>
    public static string ReadRequiredText(string text, FieldPath path, int maxLength, Problems problems)
    {
        var trimmed = ReadText(text, path, maxLength, problems);
        if (trimmed.Length == 0)
        {
            problems.Add(path.ToString(), ErrorReason.FieldRequired, null);
        }

        return trimmed;
    }
}
