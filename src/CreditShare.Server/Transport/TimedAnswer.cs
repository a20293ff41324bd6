using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace CreditShare.Server.Transport;

/// <summary>The body of an answer, whose writes are timed once they have to wait. Those that need not wait cost nothing.</summary>
internal sealed class TimedAnswer : PipeWriter, IHttpResponseBodyFeature
{
    /// <summary>Bytes of a stream that Kestrel keeps before a write has to wait.</summary>
    private const int Unnoticed = 4096;

    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _body;
    private readonly PipeWriter _writer;
    private readonly UnreadAnswers _watch;
    private long _unflushed;

    private TimedAnswer(HttpContext http, IHttpResponseBodyFeature body, UnreadAnswers watch) =>
        (_http, _body, _writer, _watch) = (http, body, body.Writer, watch);

    public Stream Stream => _body.Stream;

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => _writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => _writer.UnflushedBytes;

    /// <summary>Puts one between the call and its answer's body.</summary>
    public static TimedAnswer Over(HttpContext http, UnreadAnswers watch)
    {
        var timed = new TimedAnswer(http, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), watch);
        http.Features.Set<IHttpResponseBodyFeature>(timed);
        return timed;
    }

    public override void Advance(int bytes)
    {
        _unflushed += bytes;
        _writer.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _writer.GetSpan(sizeHint);

    public override void CancelPendingFlush() => _writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _writer.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _unflushed = 0;
        return TimedAsync(_writer.FlushAsync(cancellationToken));
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        TimedAsync(_writer.WriteAsync(source, cancellationToken));

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _body.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => _body.CompleteAsync();

    /// <summary>Sends what has not been flushed yet, if it is more than the server keeps for a stream without waiting.</summary>
    public async ValueTask FlushRestAsync()
    {
        if (_unflushed > Unnoticed) await FlushAsync();
    }

    private ValueTask<FlushResult> TimedAsync(ValueTask<FlushResult> writing) =>
        writing.IsCompleted ? writing : new ValueTask<FlushResult>(_watch.WatchAsync(_http, writing.AsTask()));
}
