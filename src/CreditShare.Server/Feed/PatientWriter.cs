using Grpc.Core;

namespace CreditShare.Server.Feed;

/// <summary>Writes to one receiver, as long as that one reads. A write to a stalled reader would wait for ever: only cancelling ends it.</summary>
/// <remarks>One write at a time.</remarks>
internal sealed class PatientWriter<T> : IAsyncDisposable
{
    private readonly IServerStreamWriter<T> _responses;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _callers;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private volatile bool _isTimeOver;

    /// <param name="responses">The stream.</param>
    /// <param name="patience">How long a write may wait.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public PatientWriter(IServerStreamWriter<T> responses, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_responses, _patience, _callers) = (responses, patience, cancellationToken);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = clock.CreateTimer(_ => GiveUp(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes a message.</summary>
    /// <returns><see langword="false"/> if it was not taken in time; nothing can be written any more then.</returns>
    public async ValueTask<bool> TryWriteAsync(T message)
    {
        // Most writes need not wait, and none of those needs the timer.
        var writing = _responses.WriteAsync(message, _stop.Token);
        if (writing.IsCompletedSuccessfully) return true;

        _timer.Change(_patience, Timeout.InfiniteTimeSpan);
        try
        {
            await writing;
            return true;
        }
        catch (OperationCanceledException) when (_isTimeOver && !_callers.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Waits for a timer that is just firing, which cancels.
        await _timer.DisposeAsync();
        _stop.Dispose();
    }

    private void GiveUp()
    {
        _isTimeOver = true;
        _stop.Cancel();
    }
}
