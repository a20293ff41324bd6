namespace CreditShare.Client;

/// <summary>Whether an import writes.</summary>
public enum ImportMode
{
    /// <summary>Rows are published.</summary>
    Publish,

    /// <summary>Rows are checked and answered, and nothing is written.</summary>
    CheckOnly,
}

/// <summary>How rows are imported.</summary>
public sealed record ImportOptions
{
    /// <summary>Rows sent ahead of their answers, by the contract.</summary>
    public const int MaxRowsInFlight = 2_000;

    /// <summary>Who answers for the rows at the court (Provisions Art. 13), 1 to 200 characters.</summary>
    public required string Operator { get; init; }

    /// <summary>Whether to write. Default <see cref="ImportMode.Publish"/>.</summary>
    public ImportMode Mode { get; init; }
}
