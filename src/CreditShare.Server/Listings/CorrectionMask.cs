using CreditShare.Core.Listings;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Server.Listings;

/// <summary>Which parts of a listing an update mask names.</summary>
internal static class CorrectionMask
{
    private static readonly Dictionary<string, ContentParts> Parts = new(StringComparer.Ordinal)
    {
        ["subject.name"] = ContentParts.Name,
        ["subject.documents"] = ContentParts.Documents,
        ["subject.sex"] = ContentParts.Sex,
        ["subject.birth_date"] = ContentParts.BirthDate,
        ["subject.related_persons"] = ContentParts.RelatedPersons,
        ["subject.special_statuses"] = ContentParts.SpecialStatuses,
        ["filing_date"] = ContentParts.FilingDate,
        ["grounds"] = ContentParts.Grounds,
        ["conduct"] = ContentParts.Conduct,
        ["basis"] = ContentParts.Basis,
        ["obligation"] = ContentParts.Obligation,
        ["obligation_amount"] = ContentParts.ObligationAmount,
        ["performance"] = ContentParts.Performance,
        ["decision"] = ContentParts.Decision,
        ["service"] = ContentParts.Service,
        ["article3_checked"] = ContentParts.Article3,
        ["term"] = ContentParts.Term,
    };

    /// <summary>Every path that a correction may name.</summary>
    public static IReadOnlyCollection<string> Paths => Parts.Keys;

    public static ContentParts Read(FieldMask? mask, string path, Problems problems)
    {
        if (mask is not { Paths.Count: > 0 })
        {
            problems.Add(path, ErrorReason.MaskInvalid, "Name at least one field.");
            return ContentParts.None;
        }

        var parts = ContentParts.None;
        foreach (var field in mask.Paths)
        {
            if (Parts.TryGetValue(field, out var part))
            {
                parts |= part;
            }
            else
            {
                problems.Add(path, ErrorReason.MaskInvalid, "A field is unknown or fixed for the listing's life.");
            }
        }

        return parts;
    }
}
