using Google.Rpc;
using Grpc.Core;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>All that a refused caller is told.</summary>
internal sealed record Rejection
{
    public required StatusCode Code { get; init; }

    /// <summary>The reason of its ErrorInfo; empty if there was none.</summary>
    public required string Reason { get; init; }

    /// <summary>The violations as <c>field REASON</c>.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>The metadata of its ErrorInfo as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>Message and details in one: whatever stands in it, the caller can read.</summary>
    public string Text { get; init; } = "";

    public static Rejection Of(RpcException exception) => exception.GetRpcStatus() is { } status
        ? Of(status) with { Code = exception.StatusCode }
        : new Rejection { Code = exception.StatusCode, Reason = "", Text = exception.Status.Detail };

    public static Rejection Of(Google.Rpc.Status status)
    {
        var info = status.GetDetail<ErrorInfo>();
        var bad = status.GetDetail<BadRequest>();
        return new()
        {
            Code = (StatusCode)status.Code,
            Reason = info?.Reason ?? "",
            Violations = [.. bad?.FieldViolations.Select(violation => $"{violation.Field} {violation.Reason}") ?? []],
            Metadata = [.. info?.Metadata.Select(pair => $"{pair.Key}={pair.Value}") ?? []],
            Text = string.Join('\n', status.Message, info, bad, status.GetDetail<LocalizedMessage>()),
        };
    }

    public override string ToString() => $"{Code} {Reason} [{string.Join(", ", Violations)}] {Text}";
}
