using System.Threading.Channels;
using Grpc.Core;

namespace CreditShare.Tests.Infrastructure;

/// <summary>The end of a stream at which a partner reads, or stops to.</summary>
internal sealed class FrameLog<T> : IServerStreamWriter<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _frames = [];
    private readonly Channel<T> _arrived = Channel.CreateBounded<T>(10_000);

    /// <summary>Whether the partner has stopped reading: then a write waits until it is cancelled.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Thrown by every write.</summary>
    public Exception? Fault { get; set; }

    public WriteOptions? WriteOptions { get; set; }

    public IReadOnlyList<T> Frames
    {
        get
        {
            lock (_gate) return [.. _frames];
        }
    }

    /// <summary>The next frame that was not taken yet.</summary>
    public ValueTask<T> NextAsync(CancellationToken cancellationToken) => _arrived.Reader.ReadAsync(cancellationToken);

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (Fault is { } fault) throw fault;
        if (IsStalled) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate) _frames.Add(message);
        await _arrived.Writer.WriteAsync(message, cancellationToken);
    }
}

/// <summary>The end of a stream at which a partner writes.</summary>
internal sealed class FrameQueue<T> : IAsyncStreamReader<T>
    where T : class
{
    private readonly Channel<T> _frames = Channel.CreateBounded<T>(10_000);

    /// <summary>How many frames were taken.</summary>
    public int Taken { get; private set; }

    public T Current { get; private set; } = null!;

    public FrameQueue<T> Send(params IEnumerable<T> frames)
    {
        foreach (var frame in frames)
        {
            if (!_frames.Writer.TryWrite(frame)) throw new InvalidOperationException("More frames than a test needs.");
        }

        return this;
    }

    /// <summary>Ends the stream behind what was sent.</summary>
    public FrameQueue<T> Complete()
    {
        _frames.Writer.Complete();
        return this;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _frames.Reader.WaitToReadAsync(cancellationToken) || !_frames.Reader.TryRead(out var frame)) return false;

        Current = frame;
        Taken++;
        return true;
    }
}
