using System.Text.Json;
using System.Text.Json.Serialization;
using CreditShare.Core.Access;

namespace CreditShare.Storage.Codec;

/// <summary>A partner's stored form; it holds no personal data. The names are the format.</summary>
internal sealed class PartnerBody
{
    [JsonPropertyName("id")] public required string Id { get; set; }

    [JsonPropertyName("display_name")] public required string DisplayName { get; set; }

    [JsonPropertyName("kind")] public byte Kind { get; set; }

    [JsonPropertyName("rpcs")] public string[] Rpcs { get; set; } = [];

    [JsonPropertyName("views")] public int[] Views { get; set; } = [];

    [JsonPropertyName("purposes")] public int[] Purposes { get; set; } = [];

    [JsonPropertyName("courts")] public string[] Courts { get; set; } = [];

    [JsonPropertyName("platforms")] public string[] Platforms { get; set; } = [];

    [JsonPropertyName("calls_per_second")] public int CallsPerSecond { get; set; }

    [JsonPropertyName("subjects_per_second")] public int SubjectsPerSecond { get; set; }

    [JsonPropertyName("address_ranges")] public string[] AddressRanges { get; set; } = [];

    [JsonPropertyName("suspended")] public bool Suspended { get; set; }

    [JsonPropertyName("keys")] public PartnerKeyBody[] Keys { get; set; } = [];

    [JsonPropertyName("created_at")] public DateTimeOffset CreatedAt { get; set; }

    [JsonPropertyName("updated_at")] public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Writes a partner.</summary>
    public static string Write(Partner partner) => JsonSerializer.Serialize(
        new PartnerBody
        {
            Id = partner.Id.Value,
            DisplayName = partner.DisplayName,
            Kind = (byte)partner.Kind,
            Rpcs = [.. partner.Rpcs],
            Views = [.. partner.Views.Select(view => (int)view)],
            Purposes = [.. partner.Purposes.Select(purpose => (int)purpose)],
            Courts = [.. partner.Courts.Select(court => court.Value)],
            Platforms = [.. partner.Platforms.Select(court => court.Value)],
            CallsPerSecond = partner.CallsPerSecond,
            SubjectsPerSecond = partner.SubjectsPerSecond,
            AddressRanges = [.. partner.AddressRanges],
            Suspended = partner.Suspended,
            Keys = [.. partner.Keys.Select(key => new PartnerKeyBody { SpkiSha256 = key.SpkiSha256, AddedAt = key.AddedAt })],
            CreatedAt = partner.CreatedAt,
            UpdatedAt = partner.UpdatedAt,
        },
        RegistryJson.Default.PartnerBody);

    /// <summary>Reads a partner.</summary>
    /// <exception cref="InvalidDataException">The form is damaged.</exception>
    public static Partner Read(string json, long revision)
    {
        var body = JsonSerializer.Deserialize(json, RegistryJson.Default.PartnerBody)
            ?? throw new InvalidDataException("A stored partner is empty.");
        return new Partner
        {
            Id = PartnerId.Restore(body.Id),
            DisplayName = body.DisplayName,
            Kind = (PartnerKind)body.Kind,
            Rpcs = [.. body.Rpcs],
            Views = [.. body.Views.Select(view => (View)view)],
            Purposes = [.. body.Purposes.Select(purpose => (Purpose)purpose)],
            Courts = [.. body.Courts.Select(CourtRows.ToCode)],
            Platforms = [.. body.Platforms.Select(CourtRows.ToCode)],
            CallsPerSecond = body.CallsPerSecond,
            SubjectsPerSecond = body.SubjectsPerSecond,
            AddressRanges = [.. body.AddressRanges],
            Suspended = body.Suspended,
            Keys = [.. body.Keys.Select(key => new PartnerKey(key.SpkiSha256, key.AddedAt))],
            CreatedAt = body.CreatedAt,
            UpdatedAt = body.UpdatedAt,
            Revision = revision,
        };
    }
}

internal sealed class PartnerKeyBody
{
    [JsonPropertyName("spki_sha256")] public required string SpkiSha256 { get; set; }

    [JsonPropertyName("added_at")] public DateTimeOffset AddedAt { get; set; }
}

[JsonSerializable(typeof(PartnerBody))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RegistryJson : JsonSerializerContext;
