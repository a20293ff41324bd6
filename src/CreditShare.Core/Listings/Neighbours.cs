namespace CreditShare.Core.Listings;

/// <summary>What the rules must know of other listings that share a case and a document with the one at hand.</summary>
/// <param name="Active">Another listing of the same (court, case, document) is published or in grace.</param>
/// <param name="BarredUntil">The last day on which the creditor's application is barred (Provisions Art. 10(4)); null for none.</param>
public readonly record struct Neighbours(bool Active, DateOnly? BarredUntil)
{
    /// <summary>There are none.</summary>
    public static Neighbours None => default;
}
