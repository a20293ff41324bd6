namespace CreditShare.Storage;

/// <summary>The bounds of the questions to a listing store, alike for every engine.</summary>
internal static class ListingLimits
{
    /// <summary>Listings at most that are read of one document, the newest.</summary>
    public const int ListingsOfDocument = 100;

    private const int MaxDocuments = 5_000;
    private const int MaxPage = 10_000;

    /// <summary>Throws unless that many documents may be asked about at once.</summary>
    public static void CheckDocuments(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxDocuments);
    }

    /// <summary>Throws unless a page may have that many rows.</summary>
    public static void CheckPage(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
    }
}
