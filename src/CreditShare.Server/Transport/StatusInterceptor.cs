using System.Diagnostics;
using CreditShare.Core.Journal;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace CreditShare.Server.Transport;

/// <summary>The one place where an error becomes a status. What it does not know becomes INTERNAL with an incident id and no text; the details
/// go to the log.</summary>
internal sealed class StatusInterceptor(EndedCalls ended, ILogger<StatusInterceptor> logger, TimeProvider clock) : Interceptor
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var started = clock.GetTimestamp();
        try
        {
            var response = await continuation(request, context);
            ended.Note(context.Method, StatusCode.OK, started);
            return response;
        }
        catch (Exception exception)
        {
            throw Translate(exception, context, started);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var started = clock.GetTimestamp();
        try
        {
            var response = await continuation(requestStream, context);
            ended.Note(context.Method, StatusCode.OK, started);
            return response;
        }
        catch (Exception exception)
        {
            throw Translate(exception, context, started);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var started = clock.GetTimestamp();
        try
        {
            await continuation(request, responseStream, context);
            ended.Note(context.Method, StatusCode.OK, started);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context, started);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var started = clock.GetTimestamp();
        try
        {
            await continuation(requestStream, responseStream, context);
            ended.Note(context.Method, StatusCode.OK, started);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context, started);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context, long started)
    {
        var translated = exception switch
        {
            RefusedException refused => StatusMapping.ToStatus(refused).ToRpcException(),
            StoreUnavailableException => Unavailable(ErrorReason.StoreUnavailable, exception, context),
            OutcomeUnknownException => Unavailable(ErrorReason.OutcomeUnknown, exception, context),
            StoreOverloadedException => Unavailable(ErrorReason.Overloaded, exception, context),

            // Whatever breaks once the caller is gone, breaks because it is gone.
            OperationCanceledException or IOException or InvalidOperationException
                when context.CancellationToken.IsCancellationRequested => Gone(context),

            // Raised by the framework itself: a message over its limit, a stream that ended within a message.
            RpcException { StatusCode: StatusCode.ResourceExhausted } => StatusMapping.For(ErrorReason.MessageTooLarge),
            InvalidProtocolBufferException => StatusMapping.ToStatus(StatusMapping.Unreadable).ToRpcException(),
            RpcException raised => raised,
            _ => Internal(exception, context),
        };
        ended.Note(context.Method, translated.StatusCode, started);
        return translated;
    }

    private RpcException Unavailable(ErrorReason reason, Exception exception, ServerCallContext context)
    {
        logger.StoreFailed(context.Method, reason, exception);
        return StatusMapping.ToStatus(new RefusedException(reason) { RetryAfter = StoreRetry }).ToRpcException();
    }

    private RpcException Gone(ServerCallContext context) => context.Deadline <= clock.GetUtcNow().UtcDateTime
        ? new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
        : new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));

    private RpcException Internal(Exception exception, ServerCallContext context)
    {
        var incident = Guid.NewGuid().ToString("N")[..12];
        logger.CallFailed(context.Method, incident, exception);
        Activity.Current?.SetStatus(ActivityStatusCode.Error);
        var refused = new RefusedException(ErrorReason.Internal)
        {
            Metadata = new Dictionary<string, string> { ["incident"] = incident },
            Detail = $"Incident {incident}.",
        };
        return StatusMapping.ToStatus(refused).ToRpcException();
    }
}
