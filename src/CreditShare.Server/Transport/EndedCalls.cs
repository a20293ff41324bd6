using Grpc.Core;

namespace CreditShare.Server.Transport;

/// <summary>Notes every call that has ended, whichever way it was answered.</summary>
internal sealed class EndedCalls(TransportMetrics metrics, TimeProvider clock, ILogger<EndedCalls> logger)
{
    /// <summary>Notes one. The method is one of the contract: a call of any other does not come so far.</summary>
    /// <param name="method">The RPC, as gRPC names it.</param>
    /// <param name="code">How it ended.</param>
    /// <param name="started">The timestamp of when its first message was there.</param>
    public void Note(string method, StatusCode code, long started)
    {
        var elapsed = clock.GetElapsedTime(started);
        metrics.Called(method, code, elapsed);
        if (logger.IsEnabled(LogLevel.Debug)) logger.Called(method, code, elapsed.TotalMilliseconds);
    }
}
