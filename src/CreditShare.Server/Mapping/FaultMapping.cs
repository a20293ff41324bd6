using CreditShare.Core.Courts;
using CreditShare.Core.Numbers;
using CreditShare.V1;

namespace CreditShare.Server.Mapping;

/// <summary>What Core's parsers found wrong, in the contract's words.</summary>
internal static class FaultMapping
{
    public static ErrorReason ReasonOf(NumberFault fault) => fault switch
    {
        NumberFault.None => throw new ArgumentOutOfRangeException(nameof(fault), "There is no fault."),
        NumberFault.Missing => ErrorReason.FieldRequired,
        NumberFault.TooLong => ErrorReason.FieldTooLong,
        NumberFault.WrongLength => ErrorReason.NumberLength,
        NumberFault.BadCharacter => ErrorReason.NumberCharacter,
        NumberFault.BadDate => ErrorReason.NumberDate,
        NumberFault.DateInFuture => ErrorReason.NumberDate,
        NumberFault.WrongCheckDigit => ErrorReason.NumberCheckDigit,
        NumberFault.BadForm => ErrorReason.NumberForm,
        NumberFault.CountryMissing => ErrorReason.NumberCountry,
        NumberFault.CountryUnknown => ErrorReason.NumberCountry,
        NumberFault.CountryNotAllowed => ErrorReason.NumberCountry,
        NumberFault.TypeUnknown => ErrorReason.FieldInvalid,
    };

    public static ErrorReason ReasonOf(NameFault fault) => fault switch
    {
        NameFault.None => throw new ArgumentOutOfRangeException(nameof(fault), "There is no fault."),
        NameFault.Missing => ErrorReason.FieldRequired,
        NameFault.TooLong => ErrorReason.FieldTooLong,
        NameFault.BadCharacter => ErrorReason.NameCharacter,
    };

    public static ErrorReason ReasonOf(CaseNumberFault fault) => fault switch
    {
        CaseNumberFault.None => throw new ArgumentOutOfRangeException(nameof(fault), "There is no fault."),
        CaseNumberFault.Missing => ErrorReason.FieldRequired,
        CaseNumberFault.TooLong => ErrorReason.FieldTooLong,
        CaseNumberFault.BadForm => ErrorReason.CaseNumberForm,
    };

    /// <summary>Whether the field that has this fault is the country rather than the number.</summary>
    public static bool IsOfCountry(NumberFault fault) =>
        fault is NumberFault.CountryMissing or NumberFault.CountryUnknown or NumberFault.CountryNotAllowed;
}
