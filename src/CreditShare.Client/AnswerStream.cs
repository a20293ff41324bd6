using Grpc.Core;

namespace CreditShare.Client;

/// <summary>One server stream, read until it ends or gives no sign of life for too long.</summary>
internal sealed class AnswerStream<TResponse> : IDisposable
    where TResponse : class
{
    private readonly CreditShareClientOptions _options;
    private readonly CancellationToken _callers;
    private readonly CancellationTokenSource _stop;
    private readonly AsyncServerStreamingCall<TResponse> _call;

    internal AnswerStream(
        Func<CallOptions, AsyncServerStreamingCall<TResponse>> open,
        CreditShareClientOptions options,
        CancellationToken cancellationToken)
    {
        _options = options;
        _callers = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _call = open(new CallOptions(cancellationToken: _stop.Token));
    }

    /// <summary>Why the stream ended; null if the server closed it in good order, or fell silent.</summary>
    internal RpcException? Failure { get; private set; }

    /// <summary>The next message; null once the stream has ended, for whatever reason but the caller's cancellation.</summary>
    internal async ValueTask<TResponse?> NextAsync()
    {
        try
        {
            var next = _call.ResponseStream.MoveNext(_stop.Token);
            if (!next.IsCompleted) await next.WaitAsync(_options.AnswerTimeout, _options.Clock).ConfigureAwait(false);
            return await next.ConfigureAwait(false) ? _call.ResponseStream.Current : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (RpcException failure)
        {
            _callers.ThrowIfCancellationRequested();
            Failure = failure;
            return null;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _call.Dispose();
        _stop.Dispose();
    }
}
