using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A refusal as a client sees it.</summary>
/// <param name="Code">The gRPC code.</param>
/// <param name="Reason">The reason, without its prefix; empty if none was sent.</param>
internal sealed record Refusal(StatusCode Code, string Reason)
{
    /// <summary>How long to wait before another try; null if nothing was said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fields that were wrong, with the reason of each.</summary>
    public IReadOnlyList<(string Field, string Reason)> Violations { get; init; } = [];

    /// <summary>Awaits a call that must be refused.</summary>
    public static async Task<Refusal> OfAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException exception)
        {
            return Of(exception);
        }

        throw new AssertionException("The call was not refused.");
    }

    /// <summary>Reads a stream that must end with a refusal.</summary>
    public static async Task<Refusal> OfAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.MoveNext(cancellationToken))
            {
                // Whatever it still sends.
            }
        }
        catch (RpcException exception)
        {
            return Of(exception);
        }

        throw new AssertionException("The stream ended without a refusal.");
    }

    /// <summary>What a failed call said.</summary>
    public static Refusal Of(RpcException exception)
    {
        var status = exception.GetRpcStatus();
        return new(exception.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason ?? "")
        {
            RetryAfter = status?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan(),
            Violations = [.. status?.GetDetail<BadRequest>()?.FieldViolations.Select(violation => (violation.Field, violation.Reason)) ?? []],
        };
    }
}
