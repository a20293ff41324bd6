using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Client;

/// <summary>The result for a run of consecutive subjects. Whoever is in none of the findings is NOT_LISTED.</summary>
public sealed record ScreenBlock
{
    /// <summary>The place of the block's first subject in the whole screening, from 0.</summary>
    public required long FirstIndex { get; init; }

    /// <summary>How many subjects the block has.</summary>
    public required int SubjectCount { get; init; }

    /// <summary>How many of them are NOT_LISTED.</summary>
    public required int NotListedCount { get; init; }

    /// <summary>Everybody else, in the order of the subjects.</summary>
    public required IReadOnlyList<ScreenFinding> Findings { get; init; }

    /// <summary>How fresh the block is: the oldest of its frames; null if no subject of it could be asked about.</summary>
    public AsOf? AsOf { get; init; }

    /// <summary>How long the caller may act on it: the shortest of its frames; null if no subject of it could be asked about.</summary>
    public Timestamp? ValidUntil { get; init; }

    /// <summary>The ids of the frames' answers.</summary>
    public IReadOnlyList<string> AnswerIds { get; init; } = [];
}
