namespace CreditShare.Core.Push;

/// <summary>One message that was sent to a receiver, or was to be.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>The most characters of <see cref="Error"/>.</summary>
    public const int MaxError = 500;

    /// <summary>Its number in the store, ascending; 0 before it is stored.</summary>
    public long Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it was for.</summary>
    public required DeliveryPurpose Purpose { get; init; }

    /// <summary>On which lane.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The journal's life of the range.</summary>
    public required uint Epoch { get; init; }

    /// <summary>The range's lower end, not included.</summary>
    public required long From { get; init; }

    /// <summary>The range's upper end, included.</summary>
    public required long To { get; init; }

    /// <summary>What came of it.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>The HTTP status, or the name of gRPC's status code; empty without an answer.</summary>
    public string Status { get; init; } = "";

    /// <summary>An excerpt of what went wrong.</summary>
    public string Error { get; init; } = "";

    /// <summary>How far the receiver had accepted after it.</summary>
    public long Accepted { get; init; }

    /// <summary>How far the receiver had applied after it.</summary>
    public long Applied { get; init; }
}
