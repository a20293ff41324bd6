using CreditShare.Core.Listings;
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
        IdentityDocument? document, FieldPath path, DateOnly today, Problems problems, out DocumentNumber number, out DateOnly? holderBirthDate)
    {
        number = default;
        holderBirthDate = null;
        if (document is null)
        {
            problems.Add(path.ToString(), ErrorReason.FieldRequired, null);
            return false;
        }

        holderBirthDate = ValueMapping.ReadDate(document.HolderBirthDate, path.Below("holder_birth_date"), problems);
        var type = (DocumentType)ValueMapping.NumberOf(document.Type);
        if (type == DocumentType.Unspecified)
        {
            problems.Add(path.Below("type").ToString(), ErrorReason.FieldRequired, null);
            if (document.Number.Length == 0) problems.Add(path.Below("number").ToString(), ErrorReason.FieldRequired, null);
            return false;
        }

        if (DocumentNumber.TryParse(type, document.Number, document.Country, today, out number, out var fault)) return true;

        var field = fault switch
        {
            NumberFault.TypeUnknown => "type",
            _ when FaultMapping.IsOfCountry(fault) => "country",
            _ => "number",
        };
        problems.Add(path.Below(field).ToString(), FaultMapping.ReasonOf(fault), null);
        return false;
    }

    public static IdentityDocument ToProto(this DocumentNumber number, NumberForm form) => new()
    {
        Type = (V1.DocumentType)number.Type,
        Number = form == NumberForm.Masked ? number.Mask() : number.Reveal(),
        Country = number.Country,
    };

    public static IdentityDocument ToProto(this SubjectDocument document, NumberForm form)
    {
        var result = document.Number.ToProto(form);
        if (form == NumberForm.Submitted) result.Number = document.Submitted;
        return result;
    }
}

/// <summary>How a number is given out.</summary>
internal enum NumberForm
{
    /// <summary>The whole canonical number.</summary>
    Whole,

    /// <summary>A person's with its middle hidden.</summary>
    Masked,

    /// <summary>As the court sent it, for the court alone.</summary>
    Submitted,
}
