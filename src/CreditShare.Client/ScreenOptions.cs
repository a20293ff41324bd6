using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>Why a screening is made, and how much of it is under way at once.</summary>
public sealed record ScreenOptions
{
    /// <summary>Subjects in one frame, by the contract.</summary>
    public const int MaxFrameSubjects = 5_000;

    /// <summary>Why the caller asks; must be granted to it.</summary>
    public required Purpose Purpose { get; init; }

    /// <summary>The caller's own file number, 1 to 200 characters.</summary>
    public required string Reference { get; init; }

    /// <summary>Who asks at the caller, a pseudonym of 1 to 200 characters.</summary>
    public required string Operator { get; init; }

    /// <summary>Answer only from this position on; null for no demand.</summary>
    public Position? AtLeast { get; init; }

    /// <summary>Subjects in one block, that is in one result: 1 to 1,000,000. Default 20,000. Within a block the documents are sorted by
    /// type into frames, so blocks must be larger than frames for the frames of a mixed list to become full.</summary>
    public int BlockSubjects { get; init => field = InRange(value, 1_000_000); } = 4 * MaxFrameSubjects;

    /// <summary>Frames sent ahead of the answers: 1 to 64. Default 8.</summary>
    public int FramesInFlight { get; init => field = InRange(value, 64); } = 8;

    private static int InRange(int value, int most) =>
        value >= 1 && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"1 to {most}.");
}
