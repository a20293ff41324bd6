namespace CreditShare.Core.Listings;

/// <summary>A listing's own part of its name; the court's code stands before it in the resource name.</summary>
/// <param name="Value">A UUID; never empty in a usable value.</param>
public readonly record struct ListingId(Guid Value)
{
    /// <summary>The UUID, lower case with hyphens.</summary>
    public override string ToString() => Value.ToString("D");
}
