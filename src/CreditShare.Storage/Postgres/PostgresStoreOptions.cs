namespace CreditShare.Storage.Postgres;

/// <summary>Which PostgreSQL, and what may be done to it at the start.</summary>
internal sealed record PostgresStoreOptions
{
    /// <summary>An Npgsql connection string. Several hosts may be named; the one that accepts writes is used.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The password, where it does not stand in the connection string.</summary>
    public string? Password { get; init; }

    /// <summary>Whether an older schema may be brought to this version's. Otherwise it is refused.</summary>
    public bool Migrate { get; init; }
}
