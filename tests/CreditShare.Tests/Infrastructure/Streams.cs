using Grpc.Core;

namespace CreditShare.Tests.Infrastructure;

/// <summary>The end of a stream at which a partner reads, or stops to.</summary>
internal sealed class FrameLog<T> : IServerStreamWriter<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _frames = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private int _read;

    /// <summary>Whether the partner has stopped reading: then a write waits until it is cancelled.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Thrown by the next write.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Runs with every frame, before it counts as written.</summary>
    public Action<T>? Writing { get; set; }

    public WriteOptions? WriteOptions { get; set; }

    public IReadOnlyList<T> Frames
    {
        get
        {
            lock (_gate) return [.. _frames];
        }
    }

    /// <summary>The next frame that was not taken yet.</summary>
    public async Task<T> NextAsync(CancellationToken cancellationToken)
    {
        await _arrived.WaitAsync(cancellationToken);
        lock (_gate) return _frames[_read++];
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (Fault is { } fault) throw fault;
        if (IsStalled) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        cancellationToken.ThrowIfCancellationRequested();
        Writing?.Invoke(message);
        lock (_gate) _frames.Add(message);
        _arrived.Release();
    }
}

/// <summary>The end of a stream at which a partner writes.</summary>
internal sealed class FrameQueue<T> : IAsyncStreamReader<T>
    where T : class
{
    private readonly Queue<T> _frames = new();
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>How many frames were taken.</summary>
    public int Taken { get; private set; }

    public T Current { get; private set; } = null!;

    public FrameQueue<T> Send(params IEnumerable<T> frames)
    {
        foreach (var frame in frames)
        {
            lock (_frames) _frames.Enqueue(frame);
            _arrived.Release();
        }

        return this;
    }

    /// <summary>Ends the stream behind what was sent.</summary>
    public FrameQueue<T> Complete()
    {
        _arrived.Release();
        return this;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        await _arrived.WaitAsync(cancellationToken);
        lock (_frames)
        {
            if (!_frames.TryDequeue(out var frame)) return false;

            Current = frame;
            Taken++;
            return true;
        }
    }
}
