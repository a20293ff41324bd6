using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>What a screening says of one subject that is not simply NOT_LISTED.</summary>
public sealed record ScreenFinding
{
    /// <summary>The subject's place in the whole screening, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Whom it is about.</summary>
    public required ScreenSubject Subject { get; init; }

    /// <summary>LISTED or NAME_MISMATCH; unspecified if the subject could not be asked about, which is not NOT_LISTED.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Why the subject could not be asked about; unspecified if it was.</summary>
    public ErrorReason InvalidReason { get; init; }

    /// <summary>With LISTED: the listings, at most 10, the newest first.</summary>
    public IReadOnlyList<ListingReference> Listings { get; init; } = [];

    /// <summary>With LISTED: how many listings there are.</summary>
    public int ListingCount { get; init; }

    /// <summary>With NAME_MISMATCH: the courts to ask, at most 10.</summary>
    public IReadOnlyList<CourtReference> CourtsToAsk { get; init; } = [];
}
