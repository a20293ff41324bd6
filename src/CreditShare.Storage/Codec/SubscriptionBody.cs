using System.Text.Json.Serialization;

namespace CreditShare.Storage.Codec;

/// <summary>The part of a subscription's stored form that is sealed. The names are the format; enumerations are their numbers.</summary>
internal sealed class SubscriptionBody
{
    [JsonPropertyName("display_name")] public required string DisplayName { get; set; }

    [JsonPropertyName("courts")] public string[] Courts { get; set; } = [];

    [JsonPropertyName("regions")] public string[] Regions { get; set; } = [];

    [JsonPropertyName("subject_kind")] public int? SubjectKind { get; set; }

    [JsonPropertyName("view")] public int View { get; set; }

    /// <summary>1: pull, 2: gRPC, 3: webhook.</summary>
    [JsonPropertyName("delivery")] public int Delivery { get; set; }

    [JsonPropertyName("endpoint")] public string? Endpoint { get; set; }

    [JsonPropertyName("spki_sha256")] public string? SpkiSha256 { get; set; }

    [JsonPropertyName("secrets")] public string[]? Secrets { get; set; }

    [JsonPropertyName("start_epoch")] public uint StartEpoch { get; set; }

    [JsonPropertyName("start_sequence")] public long StartSequence { get; set; }

    [JsonPropertyName("start_hash")] public required byte[] StartHash { get; set; }

    [JsonPropertyName("start_given")] public bool StartGiven { get; set; }

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    [JsonPropertyName("created_at")] public long CreatedAt { get; set; }
}

/// <summary>The part of a measure's stored form that is sealed. The names are the format.</summary>
internal sealed class MeasureBody
{
    [JsonPropertyName("reference")] public required string Reference { get; set; }

    [JsonPropertyName("legal_basis")] public required string LegalBasis { get; set; }

    [JsonPropertyName("branch")] public string Branch { get; set; } = "";

    [JsonPropertyName("operator")] public required string Operator { get; set; }

    [JsonPropertyName("note")] public string Note { get; set; } = "";
}

[JsonSerializable(typeof(SubscriptionBody))]
[JsonSerializable(typeof(MeasureBody))]
internal sealed partial class PushJson : JsonSerializerContext;
