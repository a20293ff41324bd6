using CreditShare.V1;
using Google.Rpc;
using StatusCode = Grpc.Core.StatusCode;

namespace CreditShare.Client;

/// <summary>Why one call, or one row of a call about many, was not carried out.</summary>
public sealed record Refusal
{
    /// <summary>The status code of gRPC.</summary>
    public required StatusCode Code { get; init; }

    /// <summary>Why, in the contract's words; <see cref="ErrorReason.Unspecified"/> if no server said why, as when none was reached.</summary>
    public required ErrorReason Reason { get; init; }

    /// <summary>An English sentence for people; never to be parsed.</summary>
    public required string Message { get; init; }

    /// <summary>The same in Chinese where the server gave it, else null.</summary>
    public string? LocalMessage { get; init; }

    /// <summary>All that is wrong with the request's fields; empty for other reasons.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    /// <summary>How long to wait before another attempt, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further facts by name, such as <c>epoch</c> and <c>sequence</c> of the last point in common.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    /// <summary>Whether the same request may well succeed later: the server, not the request, was the obstacle.</summary>
    public bool IsTransient => Reason switch
    {
        ErrorReason.OutcomeUnknown or ErrorReason.QuotaExceeded or ErrorReason.Overloaded or ErrorReason.FollowerTooSlow => true,
        _ => Code == StatusCode.Unavailable,
    };

    private static readonly IReadOnlyDictionary<string, string> EmptyMetadata = new Dictionary<string, string>();

    /// <summary>Reads a status with its details, as it stands in the answers to batches and imports.</summary>
    /// <param name="status">The status; details of unknown types are passed over.</param>
    public static Refusal From(Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var error = status.GetDetail<ErrorInfo>();
        var delay = status.GetDetail<RetryInfo>()?.RetryDelay;
        return new Refusal
        {
            Code = (StatusCode)status.Code,
            Reason = ReasonNames.Parse(error?.Reason),
            Message = status.Message,
            LocalMessage = status.GetDetail<LocalizedMessage>()?.Message,
            Violations = [.. (status.GetDetail<BadRequest>()?.FieldViolations ?? []).Select(ToViolation)],
            RetryAfter = delay?.ToTimeSpan(),
            Metadata = error is null ? EmptyMetadata : new Dictionary<string, string>(error.Metadata),
        };
    }

    private static FieldViolation ToViolation(BadRequest.Types.FieldViolation violation) => new(
        violation.Field,
        ReasonNames.Parse(violation.Reason),
        violation.Description,
        violation.LocalizedMessage?.Message);
}
