namespace CreditShare.Core.Numbers;

/// <summary>What is wrong with an identity number. The first fault found is told, in about this order.</summary>
public enum NumberFault : byte
{
    /// <summary>Nothing: the number was parsed.</summary>
    None,

    /// <summary>There is no number, or only spaces.</summary>
    Missing,

    /// <summary>More than <see cref="CanonicalNumber.MaxTextLength"/> characters as sent, spaces included.</summary>
    TooLong,

    /// <summary>Not as many characters as this type has.</summary>
    WrongLength,

    /// <summary>A character that this type does not have at that place; full-width and invisible characters are never taken.</summary>
    BadCharacter,

    /// <summary>The birth date in the number is no day of the calendar, or is before 1800.</summary>
    BadDate,

    /// <summary>The birth date in the number has not come yet.</summary>
    DateInFuture,

    /// <summary>The check digit does not agree with the rest; most often one digit was mistyped or two were swapped.</summary>
    WrongCheckDigit,

    /// <summary>The characters do not stand as they do in a number of this type; it may be of another type.</summary>
    BadForm,

    /// <summary>A passport came without the country that issued it.</summary>
    CountryMissing,

    /// <summary>The country is no current ISO 3166-1 alpha-2 or alpha-3 code.</summary>
    CountryUnknown,

    /// <summary>A country came with a document that is no passport.</summary>
    CountryNotAllowed,

    /// <summary>The type is unspecified or outside the enumeration.</summary>
    TypeUnknown,
}
