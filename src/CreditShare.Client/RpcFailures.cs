using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Client;

/// <summary>The one place where errors of gRPC become those of this package.</summary>
internal static class RpcFailures
{
    /// <summary>What to throw for a failed call.</summary>
    internal static Exception Translate(RpcException failure, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return new OperationCanceledException(failure.Message, failure, cancellationToken);

        var refusal = ReadRefusal(failure);
        return refusal.Reason switch
        {
            ErrorReason.CursorAhead or ErrorReason.FeedDiverged => new FeedDivergedException(refusal, failure),
            ErrorReason.OutcomeUnknown or ErrorReason.WithdrawalNotConfirmed => new OutcomeUnknownException(refusal, failure),
            _ => ByCode(refusal, failure),
        };
    }

    /// <summary>Whether the same request may be sent again: the server could not answer, or the connection was lost on the way.</summary>
    internal static bool MayTryAgain(RpcException failure) =>
        ReadRefusal(failure) is { } refusal && (refusal.IsTransient || IsConnectionLost(failure, refusal));

    internal static Refusal ReadRefusal(RpcException failure)
    {
        var status = failure.GetRpcStatus();
        if (status is not null) return Refusal.From(status);

        return new Refusal
        {
            Code = failure.StatusCode,
            Reason = ErrorReason.Unspecified,
            Message = failure.StatusCode == StatusCode.Unavailable
                ? $"The server cannot be reached: {InnermostMessage(failure)}"
                : failure.Status.Detail,
        };
    }

    private static CreditShareException ByCode(Refusal refusal, RpcException failure) => refusal.Code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => new RequestInvalidException(refusal, failure),
        StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.Aborted => new RequestRefusedException(refusal, failure),
        StatusCode.NotFound => new NotFoundException(refusal, failure),
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => new AccessDeniedException(refusal, failure),
        StatusCode.ResourceExhausted => new LimitExceededException(refusal, failure),
        StatusCode.Unavailable => new ServiceUnavailableException(refusal, failure),
        StatusCode.DeadlineExceeded => new TimedOutException(refusal, failure),
        _ => IsConnectionLost(failure, refusal)
            ? new ServiceUnavailableException(refusal, failure)
            : new ServerFaultException(refusal, failure),
    };

    // A connection that breaks in the middle of a stream is not always UNAVAILABLE in gRPC for .NET; the exception behind it tells. A stream
    // that was reset because it was read too slowly has a code and no reason.
    private static bool IsConnectionLost(RpcException failure, Refusal refusal) =>
        refusal.Reason == ErrorReason.Unspecified
        && refusal.Code is StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled or StatusCode.Unavailable or StatusCode.ResourceExhausted
        && failure.Status.DebugException is IOException or HttpRequestException or System.Net.Sockets.SocketException;

    private static string InnermostMessage(RpcException failure)
    {
        var inner = failure.Status.DebugException;
        while (inner?.InnerException is not null)
        {
            inner = inner.InnerException;
        }

        return inner?.Message ?? failure.Status.Detail;
    }
}
