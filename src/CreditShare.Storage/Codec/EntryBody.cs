using System.Text.Json.Serialization;

namespace CreditShare.Storage.Codec;

// The stored form of a listing after a change. These names are the format: a released one is never given another meaning, new ones
// may be added, and a missing one means the value's default. Days are day numbers (0001-01-01 is 0), enumerations their numbers.
// The bodies stand in one file because they are read as one: the text that is sealed.

internal sealed class EntryBody
{
    [JsonPropertyName("s")] public byte State { get; set; }

    [JsonPropertyName("p")] public int? PublishedOn { get; set; }

    [JsonPropertyName("e")] public EndingBody? Ending { get; set; }

    [JsonPropertyName("c")] public required ContentBody Content { get; set; }

    [JsonPropertyName("b")] public DocumentBody[]? IndexedBefore { get; set; }
}

internal sealed class EndingBody
{
    [JsonPropertyName("r")] public byte Reason { get; set; }

    [JsonPropertyName("s")] public string? SubReason { get; set; }

    [JsonPropertyName("v")] public int EventDate { get; set; }

    [JsonPropertyName("d")] public int EndDate { get; set; }
}

internal sealed class DocumentBody
{
    [JsonPropertyName("t")] public byte Type { get; set; }

    [JsonPropertyName("c")] public string? Country { get; set; }

    [JsonPropertyName("n")] public required string Number { get; set; }

    /// <summary>As it was submitted, where that differs.</summary>
    [JsonPropertyName("s")] public string? Submitted { get; set; }
}

internal sealed class SubjectBody
{
    [JsonPropertyName("k")] public byte Kind { get; set; }

    [JsonPropertyName("n")] public required string Name { get; set; }

    [JsonPropertyName("d")] public required DocumentBody[] Documents { get; set; }

    [JsonPropertyName("s")] public byte Sex { get; set; }

    [JsonPropertyName("b")] public int? BirthDate { get; set; }

    [JsonPropertyName("r")] public RelatedBody[]? RelatedPersons { get; set; }

    [JsonPropertyName("x")] public int[]? SpecialStatuses { get; set; }
}

internal sealed class RelatedBody
{
    [JsonPropertyName("n")] public required string Name { get; set; }

    [JsonPropertyName("r")] public byte Role { get; set; }
}

internal sealed class ContentBody
{
    [JsonPropertyName("c")] public required string Court { get; set; }

    [JsonPropertyName("n")] public required string Case { get; set; }

    [JsonPropertyName("s")] public required SubjectBody Subject { get; set; }

    [JsonPropertyName("f")] public int? FilingDate { get; set; }

    [JsonPropertyName("g")] public required int[] Grounds { get; set; }

    [JsonPropertyName("w")] public string? Conduct { get; set; }

    [JsonPropertyName("bt")] public byte BasisType { get; set; }

    [JsonPropertyName("bn")] public string? BasisNumber { get; set; }

    [JsonPropertyName("bm")] public string? BasisMaker { get; set; }

    [JsonPropertyName("o")] public string? Obligation { get; set; }

    [JsonPropertyName("ac")] public string? AmountCurrency { get; set; }

    [JsonPropertyName("au")] public long AmountUnits { get; set; }

    [JsonPropertyName("an")] public int AmountNanos { get; set; }

    [JsonPropertyName("ps")] public byte PerformanceState { get; set; }

    [JsonPropertyName("pd")] public string? PerformedPart { get; set; }

    [JsonPropertyName("pu")] public string? UnperformedPart { get; set; }

    [JsonPropertyName("dn")] public string? DecisionNumber { get; set; }

    [JsonPropertyName("dd")] public int DecisionDate { get; set; }

    [JsonPropertyName("dr")] public byte SignerRole { get; set; }

    [JsonPropertyName("ds")] public string? Signer { get; set; }

    [JsonPropertyName("vd")] public int? ServiceDate { get; set; }

    [JsonPropertyName("vm")] public byte ServiceMethod { get; set; }

    [JsonPropertyName("r")] public byte Origin { get; set; }

    [JsonPropertyName("a3")] public bool Article3Checked { get; set; }

    [JsonPropertyName("ts")] public int? TermStart { get; set; }

    [JsonPropertyName("te")] public int? TermEnd { get; set; }

    [JsonPropertyName("tr")] public byte ExtensionReason { get; set; }

    [JsonPropertyName("ta")] public string[]? ExtensionActs { get; set; }

    [JsonPropertyName("gu")] public int? GraceUntil { get; set; }
}

/// <summary>The published listings that name a document, as the lookup cache holds them.</summary>
internal sealed class RecordBody
{
    [JsonPropertyName("e")] public uint Epoch { get; set; }

    [JsonPropertyName("q")] public long Sequence { get; set; }

    [JsonPropertyName("l")] public required RecordListingBody[] Listings { get; set; }
}

internal sealed class RecordListingBody
{
    [JsonPropertyName("i")] public Guid Id { get; set; }

    [JsonPropertyName("v")] public long Version { get; set; }

    [JsonPropertyName("e")] public uint Epoch { get; set; }

    [JsonPropertyName("q")] public long Sequence { get; set; }

    [JsonPropertyName("t")] public long RecordedAt { get; set; }

    [JsonPropertyName("b")] public required EntryBody Body { get; set; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EntryBody))]
[JsonSerializable(typeof(RecordBody))]
internal sealed partial class BodyJson : JsonSerializerContext;
