using Grpc.Core;

namespace CreditShare.Client;

/// <summary>Whether a call may be sent twice.</summary>
internal enum Repetition
{
    /// <summary>It reads, or its request id makes the second sending harmless.</summary>
    Safe,

    /// <summary>A second sending could do it twice, or fail because the first one was carried out.</summary>
    Unsafe,
}

/// <summary>Runs one call to its end: a deadline over all attempts, repetition of what is safe, errors of this package.</summary>
internal sealed class CallRunner(CreditShareClientOptions options)
{
    internal async Task<TResponse> RunAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method,
        TRequest request,
        Repetition repetition,
        CancellationToken cancellationToken)
    {
        var clock = options.Clock;
        var deadline = clock.GetUtcNow() + options.Deadline;
        var backoff = new Backoff(options);
        while (true)
        {
            try
            {
                using var call = method(request, new CallOptions(deadline: deadline.UtcDateTime, cancellationToken: cancellationToken));
                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException failure)
            {
                var mayTryAgain = repetition == Repetition.Safe && RpcFailures.MayTryAgain(failure);
                var wait = mayTryAgain ? backoff.Next(RpcFailures.ReadRefusal(failure).RetryAfter) : null;
                if (wait is null || cancellationToken.IsCancellationRequested || clock.GetUtcNow() + wait >= deadline)
                {
                    throw RpcFailures.Translate(failure, cancellationToken);
                }

                await Task.Delay(wait.Value, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
