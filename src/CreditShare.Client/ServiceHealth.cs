namespace CreditShare.Client;

/// <summary>What a node says of itself.</summary>
public enum HealthStatus
{
    /// <summary>It does not know.</summary>
    Unknown = 0,

    /// <summary>It answers calls.</summary>
    Serving = 1,

    /// <summary>It runs, but cannot answer now: it is starting, stopping, or not fresh enough.</summary>
    NotServing = 2,
}

/// <summary>A node's health.</summary>
/// <param name="Status">What it says of itself.</param>
/// <param name="ServerTime">Its clock, to the second; null if it did not tell.</param>
public sealed record ServiceHealth(HealthStatus Status, DateTimeOffset? ServerTime);
