using System.Collections.Immutable;
using System.Net;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Partner = CreditShare.Core.Access.Partner;
using PartnerKind = CreditShare.Core.Access.PartnerKind;
using Purpose = CreditShare.Core.Access.Purpose;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Partners;

/// <summary>Registrations between the contract and Core.</summary>
internal static class PartnerMapping
{
    /// <summary>What stands before the id in a partner's name.</summary>
    public const string NamePrefix = "partners/";

    /// <summary>The fields that can be changed, as an update mask names them.</summary>
    public static readonly ImmutableArray<string> Changeable =
        ["display_name", "rpcs", "views", "purposes", "court_codes", "platform_codes", "quota", "suspended", "address_ranges"];

    private const int MaxDisplayName = 200;
    private const int MaxRpcs = 200;
    private const int MaxCourts = 5_000;
    private const int MaxQuota = 100_000_000;

    /// <summary>Reads a partner's id.</summary>
    public static PartnerId ReadId(string text, string field, Problems problems)
    {
        if (PartnerId.TryParse(text, out var id)) return id;

        problems.Add(field, text.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.NameForm);
        return default;
    }

    /// <summary>Reads <c>partners/{id}</c>.</summary>
    public static PartnerId ReadName(string name, string field, Problems problems)
    {
        if (name.StartsWith(NamePrefix, StringComparison.Ordinal) && PartnerId.TryParse(name[NamePrefix.Length..], out var id)) return id;

        problems.Add(field, name.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.NameForm);
        return default;
    }

    /// <summary>Reads a partner's kind.</summary>
    public static PartnerKind ReadKind(V1.PartnerKind kind, string field, Problems problems)
    {
        var read = kind switch
        {
            V1.PartnerKind.Court => PartnerKind.Court,
            V1.PartnerKind.Bank => PartnerKind.Bank,
            V1.PartnerKind.Department => PartnerKind.Department,
            V1.PartnerKind.Operator => PartnerKind.Operator,
            V1.PartnerKind.Auditor => PartnerKind.Auditor,

            // Open: a newer client may send what this server does not know.
            _ => PartnerKind.None,
        };
        if (read == PartnerKind.None)
        {
            problems.Add(field, kind == V1.PartnerKind.Unspecified ? ErrorReason.FieldRequired : ErrorReason.FieldInvalid);
        }

        return read;
    }

    /// <summary>Puts the fields named by the mask into a registration, and adds a problem for everything that is wrong with them.</summary>
    /// <param name="sent">What was sent, at <c>partner</c> in the request.</param>
    /// <param name="mask">Fields to replace, all of <see cref="Changeable"/>.</param>
    /// <param name="partner">The registration before; its kind decides what can be granted.</param>
    /// <param name="courts">The known courts.</param>
    /// <param name="problems">Where problems go.</param>
    public static Partner Apply(V1.Partner sent, IReadOnlyCollection<string> mask, Partner partner, CourtTable courts, Problems problems)
    {
        foreach (var field in mask)
        {
            partner = field switch
            {
                "display_name" => partner with { DisplayName = ReadDisplayName(sent.DisplayName, problems) },
                "rpcs" => partner with { Rpcs = ReadRpcs(sent.Rpcs, partner.Kind, problems) },
                "views" => partner with { Views = ReadViews(sent.Views, problems) },
                "purposes" => partner with { Purposes = ReadPurposes(sent.Purposes, problems) },
                "court_codes" => partner with { Courts = ReadCourts(sent.CourtCodes, "partner.court_codes", partner.Kind, courts, problems) },
                "platform_codes" => partner with
                {
                    Platforms = ReadCourts(sent.PlatformCodes, "partner.platform_codes", partner.Kind, courts, problems),
                },
                "quota" => partner with
                {
                    CallsPerSecond = ReadQuota(sent.Quota?.CallsPerSecond ?? 0, "partner.quota.calls_per_second", problems),
                    SubjectsPerSecond = ReadQuota(sent.Quota?.SubjectsPerSecond ?? 0, "partner.quota.subjects_per_second", problems),
                },
                "suspended" => partner with { Suspended = sent.Suspended },
                "address_ranges" => partner with { AddressRanges = ReadRanges(sent.AddressRanges, problems) },
                _ => throw new ArgumentException($"The field {field} cannot be changed.", nameof(mask)),
            };
        }

        return partner;
    }

    extension(Partner partner)
    {
        /// <summary>The registration in the contract's words.</summary>
        public V1.Partner ToProto() => new()
        {
            Name = NamePrefix + partner.Id.Value,
            DisplayName = partner.DisplayName,
            Kind = (V1.PartnerKind)partner.Kind,
            Rpcs = { partner.Rpcs },
            Views = { partner.Views.Select(view => (V1.View)view) },
            Purposes = { partner.Purposes.Select(purpose => (V1.Purpose)purpose) },
            CourtCodes = { partner.Courts.Select(court => court.Value) },
            PlatformCodes = { partner.Platforms.Select(court => court.Value) },
            Quota = new PartnerQuota { CallsPerSecond = partner.CallsPerSecond, SubjectsPerSecond = partner.SubjectsPerSecond },
            Suspended = partner.Suspended,
            AddressRanges = { partner.AddressRanges },
            Keys =
            {
                partner.Keys.Select(key => new V1.PartnerKey
                {
                    SpkiSha256 = key.SpkiSha256,
                    CreateTime = Timestamp.FromDateTimeOffset(key.AddedAt),
                }),
            },
            CreateTime = Timestamp.FromDateTimeOffset(partner.CreatedAt),
            UpdateTime = Timestamp.FromDateTimeOffset(partner.UpdatedAt),
        };
    }

    private static string ReadDisplayName(string text, Problems problems)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0) problems.Add("partner.display_name", ErrorReason.FieldRequired);
        else if (trimmed.Length > MaxDisplayName) problems.Add("partner.display_name", ErrorReason.FieldTooLong, $"It has at most {MaxDisplayName} characters.");
        else if (trimmed.Any(char.IsControl)) problems.Add("partner.display_name", ErrorReason.NameCharacter);
        return trimmed;
    }

    private static ImmutableArray<string> ReadRpcs(RepeatedField<string> rpcs, PartnerKind kind, Problems problems)
    {
        if (!IsWithin(rpcs.Count, MaxRpcs, "partner.rpcs", problems)) return [];

        for (var i = 0; i < rpcs.Count; i++)
        {
            // Without a kind, which is a problem of its own, nothing can be said of what it may be granted.
            if (kind != PartnerKind.None && !RpcRights.CanGrant(rpcs[i], kind)) problems.Add($"partner.rpcs[{i}]", ErrorReason.RpcNotGrantable);
        }

        return [.. rpcs.Distinct(StringComparer.Ordinal)];
    }

    private static ImmutableArray<View> ReadViews(RepeatedField<V1.View> views, Problems problems)
    {
        for (var i = 0; i < views.Count; i++)
        {
            if (views[i] is not (V1.View.Status or V1.View.Public or V1.View.Full)) problems.Add($"partner.views[{i}]", ErrorReason.FieldInvalid);
        }

        return [.. views.Distinct().Select(view => (View)view)];
    }

    private static ImmutableArray<Purpose> ReadPurposes(RepeatedField<V1.Purpose> purposes, Problems problems)
    {
        for (var i = 0; i < purposes.Count; i++)
        {
            if (purposes[i] is <= V1.Purpose.Unspecified or > V1.Purpose.SelfInformation)
            {
                problems.Add($"partner.purposes[{i}]", ErrorReason.FieldInvalid);
            }
        }

        return [.. purposes.Distinct().Select(purpose => (Purpose)purpose)];
    }

    private static ImmutableArray<CourtCode> ReadCourts(
        RepeatedField<string> codes, string field, PartnerKind kind, CourtTable courts, Problems problems)
    {
        if (codes.Count > 0 && kind is not (PartnerKind.None or PartnerKind.Court))
        {
            problems.Add(field, ErrorReason.FieldInvalid, "Only a court speaks for courts.");
            return [];
        }

        if (!IsWithin(codes.Count, MaxCourts, field, problems)) return [];

        var read = ImmutableArray.CreateBuilder<CourtCode>(codes.Count);
        for (var i = 0; i < codes.Count; i++)
        {
            if (!CourtCode.TryParse(codes[i], out var code)) problems.Add($"{field}[{i}]", ErrorReason.FieldInvalid, "It is no court's code.");
            else if (!courts.TryFind(code, out _)) problems.Add($"{field}[{i}]", ErrorReason.CourtUnknown);
            else if (!read.Contains(code)) read.Add(code);
        }

        return read.ToImmutable();
    }

    private static ImmutableArray<string> ReadRanges(RepeatedField<string> ranges, Problems problems)
    {
        if (!IsWithin(ranges.Count, Partner.MaxAddressRanges, "partner.address_ranges", problems)) return [];

        var read = ImmutableArray.CreateBuilder<string>(ranges.Count);
        for (var i = 0; i < ranges.Count; i++)
        {
            // IPNetwork refuses bits behind the prefix, so a range says exactly what it covers.
            if (!IPNetwork.TryParse(ranges[i], out var range) || range.PrefixLength == 0)
            {
                problems.Add($"partner.address_ranges[{i}]", ErrorReason.FieldInvalid, "It is no range like 10.20.0.0/16, or it covers everything.");
            }
            else if (!read.Contains(range.ToString()))
            {
                read.Add(range.ToString());
            }
        }

        return read.ToImmutable();
    }

    private static int ReadQuota(int quota, string field, Problems problems)
    {
        if (quota is < 0 or > MaxQuota) problems.Add(field, ErrorReason.FieldInvalid, $"It is 0 to {MaxQuota}.");
        return quota;
    }

    private static bool IsWithin(int count, int limit, string field, Problems problems)
    {
        if (count <= limit) return true;

        problems.Add(field, ErrorReason.FieldTooLong, $"It has at most {limit} elements.");
        return false;
    }
}
