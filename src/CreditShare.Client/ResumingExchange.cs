using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;

namespace CreditShare.Client;

/// <summary>
/// Sends frames over a bidirectional stream, several in flight, and takes their answers in the same order. When the connection is
/// lost, another one is opened and the frames without an answer are sent again.
/// </summary>
/// <remarks>
/// For one caller at a time. A frame must be safe to send twice. The frames kept in memory are those in flight, at most the window.
/// An exception of the source is thrown after the answers to all that came before it.
/// </remarks>
internal sealed class ResumingExchange<TRequest, TResponse>(
    Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>> open,
    int window,
    CreditShareClientOptions options) : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly Channel<TRequest> _ready = Channel.CreateBounded<TRequest>(
        new BoundedChannelOptions(window) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly SemaphoreSlim _free = new(window, window);
    private readonly Lock _gate = new();
    private readonly Queue<TRequest> _unanswered = new();
    private readonly Backoff _backoff = new(options);
    private bool _allSent;
    private long _waitingSince;

    /// <summary>Runs the exchange.</summary>
    /// <param name="source">The frames; read ahead by at most the window.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each frame with its answer, in order.</returns>
    internal async IAsyncEnumerable<(TRequest Frame, TResponse Answer)> RunAsync(
        IAsyncEnumerable<TRequest> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync(source, stop.Token);
        try
        {
            // No frame at all opens no stream.
            var any = await _ready.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            while (any)
            {
                var connection = new Connection(this, stop.Token);
                try
                {
                    while (await connection.NextAsync().ConfigureAwait(false) is { } answer)
                    {
                        yield return (TakeAnswered(), answer);
                    }
                }
                finally
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                }

                if (IsDone()) break;
                await WaitAfterAsync(connection.Failure, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Whatever broke the source is reported now, not swallowed as an end.
        await feeding.ConfigureAwait(false);
    }

    /// <summary>To be called once the enumeration has ended.</summary>
    public void Dispose() => _free.Dispose();

    private async Task FeedAsync(IAsyncEnumerable<TRequest> source, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in source.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
                await _ready.Writer.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _ready.Writer.Complete();
        }
    }

    private TRequest TakeAnswered()
    {
        TRequest frame;
        lock (_gate)
        {
            if (!_unanswered.TryDequeue(out frame!))
            {
                throw new ServerFaultException("The server answered a frame that was not sent.");
            }

            _waitingSince = options.Clock.GetTimestamp();
        }

        _free.Release();
        _backoff.Reset();
        return frame;
    }

    private bool IsDone()
    {
        lock (_gate)
        {
            return _allSent && _unanswered.Count == 0;
        }
    }

    private async Task WaitAfterAsync(RpcException? failure, CancellationToken cancellationToken)
    {
        if (failure is not null && !RpcFailures.MayTryAgain(failure)) throw RpcFailures.Translate(failure, cancellationToken);

        var wait = _backoff.Next(failure is null ? null : RpcFailures.ReadRefusal(failure).RetryAfter);
        if (wait is null)
        {
            throw failure is null
                ? new ServiceUnavailableException("The stream ended again and again before all frames were answered.", inner: null)
                : RpcFailures.Translate(failure, cancellationToken);
        }

        await Task.Delay(wait.Value, options.Clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One stream: a loop that writes, and the reading of answers.</summary>
    private sealed class Connection : IAsyncDisposable
    {
        private readonly ResumingExchange<TRequest, TResponse> _exchange;
        private readonly CancellationTokenSource _stop;
        private readonly CancellationToken _callers;
        private readonly AsyncDuplexStreamingCall<TRequest, TResponse> _call;
        private readonly Task _writing;

        internal Connection(ResumingExchange<TRequest, TResponse> exchange, CancellationToken cancellationToken)
        {
            _exchange = exchange;
            _callers = cancellationToken;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _call = exchange.OpenCall(_stop.Token);
            _writing = WriteAsync(_stop.Token);
        }

        /// <summary>Why the stream ended; null if the server closed it in good order, or did not answer in time.</summary>
        internal RpcException? Failure { get; private set; }

        /// <summary>The next answer; null once the stream has ended, for whatever reason but the caller's cancellation.</summary>
        internal async ValueTask<TResponse?> NextAsync()
        {
            try
            {
                var next = _call.ResponseStream.MoveNext(_stop.Token);
                while (!next.IsCompleted && !await CompletesAsync(next).ConfigureAwait(false))
                {
                    if (!_exchange.IsOverdue()) continue;

                    // The server has had a frame for too long: this connection counts as lost.
                    await _stop.CancelAsync().ConfigureAwait(false);
                }

                return await next.ConfigureAwait(false) ? _call.ResponseStream.Current : null;
            }
            catch (RpcException failure)
            {
                _callers.ThrowIfCancellationRequested();
                Failure = _stop.IsCancellationRequested ? null : failure;
                return null;
            }
            catch (OperationCanceledException) when (!_callers.IsCancellationRequested)
            {
                return null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            _call.Dispose();
            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task<bool> CompletesAsync(Task next)
        {
            try
            {
                await next.WaitAsync(_exchange.AnswerTimeout, _exchange.Clock).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        private async Task WriteAsync(CancellationToken cancellationToken)
        {
            try
            {
                foreach (var frame in _exchange.Unanswered())
                {
                    await _call.RequestStream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
                }

                await foreach (var frame in _exchange._ready.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    // Noted before it is written: if writing fails, the next connection sends it.
                    _exchange.Note(frame);
                    await _call.RequestStream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
                }

                _exchange.NoteAllSent();
                await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            }
            catch (Exception ex) when (ex is RpcException or InvalidOperationException or OperationCanceledException)
            {
                // The call is over; whoever reads the answers learns why.
            }
        }
    }

    private TimeSpan AnswerTimeout => options.AnswerTimeout;

    private TimeProvider Clock => options.Clock;

    private AsyncDuplexStreamingCall<TRequest, TResponse> OpenCall(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waitingSince = options.Clock.GetTimestamp();
        }

        return open(new CallOptions(cancellationToken: cancellationToken));
    }

    private TRequest[] Unanswered()
    {
        lock (_gate)
        {
            return [.. _unanswered];
        }
    }

    private void Note(TRequest frame)
    {
        lock (_gate)
        {
            if (_unanswered.Count == 0) _waitingSince = options.Clock.GetTimestamp();
            _unanswered.Enqueue(frame);
        }
    }

    private void NoteAllSent()
    {
        lock (_gate)
        {
            _allSent = true;
        }
    }

    private bool IsOverdue()
    {
        lock (_gate)
        {
            return _unanswered.Count > 0 && options.Clock.GetElapsedTime(_waitingSince) >= options.AnswerTimeout;
        }
    }
}
