using CreditShare.Core.Numbers;
using CreditShare.Server.Transport;
using CreditShare.V1;
using DocumentType = CreditShare.Core.Numbers.DocumentType;

namespace CreditShare.Server.Mapping;

/// <summary>Identity documents between the contract and Core. The enumerations share their numbers.</summary>
internal static class DocumentMapping
{
    /// <summary>Reads a document; adds every problem found below <paramref name="path"/>.</summary>
    /// <returns><see langword="false"/> if there is no usable number.</returns>
    public static bool TryRead(
        IdentityDocument? document, string path, DateOnly today, Problems problems, out DocumentNumber number, out DateOnly? holderBirthDate)
    {
        number = default;
        holderBirthDate = null;
        if (document is null)
        {
            problems.Add(path, ErrorReason.FieldRequired, null);
            return false;
        }

        holderBirthDate = ValueMapping.ReadDate(document.HolderBirthDate, path + ".holder_birth_date", problems);
        var type = (DocumentType)document.Type;
        if (type == DocumentType.Unspecified)
        {
            problems.Add(path + ".type", ErrorReason.FieldRequired, null);
            if (document.Number.Length == 0) problems.Add(path + ".number", ErrorReason.FieldRequired, null);
            return false;
        }

        if (DocumentNumber.TryParse(type, document.Number, document.Country, today, out number, out var fault)) return true;

        var field = fault switch
        {
            NumberFault.TypeUnknown => ".type",
            _ when FaultMapping.IsOfCountry(fault) => ".country",
            _ => ".number",
        };
        problems.Add(path + field, FaultMapping.ReasonOf(fault), null);
        return false;
    }

    public static IdentityDocument ToProto(this DocumentNumber number, NumberForm form) => new()
    {
        Type = (V1.DocumentType)number.Type,
        Number = form == NumberForm.Whole ? number.Reveal() : number.Mask(),
        Country = number.Country,
    };
}

/// <summary>Whether a number is given out whole or masked.</summary>
internal enum NumberForm
{
    Whole,
    Masked,
}
