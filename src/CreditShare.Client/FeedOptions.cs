using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>What of the list to follow or to export.</summary>
public sealed record FeedOptions
{
    /// <summary>Which listings; null for all. Only what never changes in a listing's life can be filtered by.</summary>
    public ChangeFilter? Filter { get; init; }

    /// <summary>How much of each listing; must be granted. Unspecified means PUBLIC.</summary>
    public View View { get; init; }
}
