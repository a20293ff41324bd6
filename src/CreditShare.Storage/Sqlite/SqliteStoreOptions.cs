namespace CreditShare.Storage.Sqlite;

/// <summary>Where the embedded store lives.</summary>
internal sealed record SqliteStoreOptions
{
    /// <summary>The folder, made if it is absent; one server at a time.</summary>
    public required string Folder { get; init; }
}
