using CreditShare.V1;

namespace CreditShare.Server.Transport;

/// <summary>A refusal on its way to the caller. gRPC for .NET can answer with an error only by throwing, so a refusal becomes an exception
/// at the last possible line and <see cref="StatusInterceptor"/> makes a status of it.</summary>
internal sealed class RefusedException(ErrorReason reason) : Exception($"Refused: {reason}.")
{
    /// <summary>Why, for the call as a whole.</summary>
    public ErrorReason Reason => reason;

    /// <summary>All fields that are wrong; empty if the refusal is no field's.</summary>
    public IReadOnlyList<FieldProblem> Violations { get; init; } = [];

    /// <summary>Sent as the metadata of <c>ErrorInfo</c>, for programs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    /// <summary>When a retry may help; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>More in English, put behind the sentence of the reason; never an identity number.</summary>
    public string? Detail { get; init; }

    private static readonly Dictionary<string, string> EmptyMetadata = [];
}
