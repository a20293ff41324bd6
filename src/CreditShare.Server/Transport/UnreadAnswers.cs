using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>
/// Resets the stream of a call whose caller leaves the answer unread, so that nobody holds a call, its memory or its places by not reading.
/// What a reset cannot see, the last few KiB that the server itself keeps for a stream and a socket that takes nothing, ends with the
/// connection: <see cref="Endpoints"/> sets that limit.
/// </summary>
internal sealed class UnreadAnswers(
    RequestDelegate next, IOptions<TransportOptions> options, TransportMetrics metrics, TimeProvider clock, ILogger<UnreadAnswers> logger)
{
    /// <summary>HTTP/2's ENHANCE_YOUR_CALM, which gRPC reads as RESOURCE_EXHAUSTED.</summary>
    private const int EnhanceYourCalm = 0xB;

    public async Task InvokeAsync(HttpContext http)
    {
        var answer = TimedAnswer.Over(http, this);
        await next(http);

        // An answer in one piece was not flushed yet, so nobody has waited until it was taken.
        await answer.FlushRestAsync();
    }

    /// <summary>Waits for a write, and resets the stream once that takes too long; the write then ends by itself.</summary>
    public async Task<T> WatchAsync<T>(HttpContext http, Task<T> writing)
    {
        await using var patience = clock.CreateTimer(_ => Reset(http), state: null, options.Value.WriteTimeout, Timeout.InfiniteTimeSpan);
        return await writing;
    }

    private void Reset(HttpContext http)
    {
        metrics.Unread();
        logger.AnswerUnread(http.GetEndpoint()?.DisplayName ?? "A call of no service");
        if (http.Features.Get<IHttpResetFeature>() is { } stream) stream.Reset(EnhanceYourCalm);
        else http.Abort();
    }
}
