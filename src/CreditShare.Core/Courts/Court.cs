namespace CreditShare.Core.Courts;

/// <summary>A court as reference data.</summary>
public sealed record Court
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Its code in case numbers.</summary>
    public required CourtCode Code { get; init; }

    /// <summary>Its name, 1 to <see cref="MaxNameLength"/> characters.</summary>
    public required string Name { get; init; }

    /// <summary>Its level, the same as its code tells.</summary>
    public required CourtLevel Level { get; init; }

    /// <summary>The court above it, which in municipalities cannot be told from the code (京0105 is under 京03); null only for the Supreme
    /// People's Court.</summary>
    public CourtCode? Parent { get; init; }

    /// <summary>The first day on which it acts under this code; null if not known.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>The last day on which it acts under this code; null if there is none yet.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Whether the court acts under this code on a day; the first and the last day count.</summary>
    public bool IsValidOn(DateOnly day) => (ValidFrom is null || ValidFrom <= day) && (ValidTo is null || day <= ValidTo);
}
