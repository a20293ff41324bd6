using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace CreditShare.Server.Access;

/// <summary>Lets a call in only if its key is registered, its partner not suspended and the RPC granted; and ends an open stream when that
/// is no longer so, or when the server stops.</summary>
internal sealed class AccessInterceptor(
    PartnerRegistry registry, Quotas quotas, AccessMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<AccessInterceptor> logger) : Interceptor
{
    /// <summary>How long a stream that must end may take to end by itself; then its call is cut off.</summary>
    public static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(2);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        LetIn(context, isStream: false);
        return continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = default;
        await GuardAsync(context, async guarded => response = await continuation(requestStream, guarded));
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, guarded => continuation(request, responseStream, guarded));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, guarded => continuation(requestStream, responseStream, guarded));

    /// <summary>Finds who calls and whether they may; null if nobody needs to be known.</summary>
    private Registration? LetIn(ServerCallContext context, bool isStream)
    {
        var path = context.Method;
        var right = RpcRights.Find(path);
        if (right?.Openness == RpcOpenness.Anyone) return null;
        if (right is null) throw Refuse(path, "-", ErrorReason.RpcNotGranted);
        if (!registry.IsCurrent) throw Refuse(path, "-", ErrorReason.NodeStale);

        var features = context.GetHttpContext().Features;
        var fingerprint = features.Get<IPartnerKeyFeature>()?.Fingerprint;
        if (fingerprint is null || registry.Find(fingerprint) is not { } registration) throw Refuse(path, "-", ErrorReason.CallerUnknown);

        var caller = registry.CallerOf(registration, fingerprint, path);

        // Entered before the check: a change of rights in between is then seen by one of them.
        if (isStream) registration.Enter(caller);
        context.UserState[typeof(Caller)] = caller;
        try
        {
            if (caller.Objection() is { } reason) throw Refuse(path, caller.Id.Value, reason);
            if (isStream && registration.OpenStreams > quotas.StreamsPerPartner) throw Exceeded(Quotas.StreamWait);

            if (features.Get<Prepaid>() is { } prepaid) caller.Prepay(prepaid.Subjects);
            else if (!quotas.TrySpendCall(registration.Partner, out var retryAfter)) throw Exceeded(retryAfter);
        }
        catch (RefusedException) when (isStream)
        {
            registration.Leave(caller);
            throw;
        }

        return registration;
    }

    private async Task GuardAsync(ServerCallContext context, Func<ServerCallContext, Task> run)
    {
        if (LetIn(context, isStream: true) is not { } registration)
        {
            await run(context);
            return;
        }

        var caller = context.Caller;
        metrics.Stream(context.Method, 1);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(caller.Revoked, lifetime.ApplicationStopping);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, over.Token);
            using var watch = new CutOff(context, clock, logger, over.Token);
            try
            {
                await run(new GuardedCallContext(context, linked.Token));
            }
            catch (Exception exception) when (exception is not RefusedException && over.IsCancellationRequested)
            {
                // The service broke off because it was told to; the reason follows below.
            }

            if (over.IsCancellationRequested) throw EndOf(context.Method, caller);
        }
        finally
        {
            registration.Leave(caller);
            metrics.Stream(context.Method, -1);
        }
    }

    private RefusedException EndOf(string path, Caller caller)
    {
        var reason = caller.RevokedBecause ?? ErrorReason.ShuttingDown;
        logger.StreamEnded(path, caller.Id.Value, reason);
        return new RefusedException(reason);
    }

    private RefusedException Exceeded(TimeSpan retryAfter)
    {
        metrics.Refused(ErrorReason.QuotaExceeded);
        return Quotas.Exceeded(retryAfter);
    }

    private RefusedException Refuse(string path, string partner, ErrorReason reason)
    {
        metrics.Refused(reason);
        logger.Refused(path, partner, reason);
        return new RefusedException(reason);
    }

    /// <summary>Cuts a call off whose service does not end although it must: a write to a reader that has stalled can wait for ever.</summary>
    private sealed class CutOff : IDisposable
    {
        private readonly CancellationTokenRegistration _registration;
        private ITimer? _timer;

        public CutOff(ServerCallContext context, TimeProvider clock, ILogger logger, CancellationToken over)
        {
            var http = context.GetHttpContext();
            var partner = context.Caller.Id.Value;
            _registration = over.Register(() => _timer = clock.CreateTimer(
                _ =>
                {
                    logger.StreamCutOff(context.Method, partner);
                    http.Abort();
                },
                state: null, EndWithin, Timeout.InfiniteTimeSpan));
        }

        public void Dispose()
        {
            // Waits for a registration that is just running, so the timer is seen here if there is one.
            _registration.Dispose();
            _timer?.Dispose();
        }
    }
}
