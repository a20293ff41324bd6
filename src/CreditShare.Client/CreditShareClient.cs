using CreditShare.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace CreditShare.Client;

/// <summary>
/// A partner's way to the service: courts publish and end listings, banks ask, departments follow changes, operators administer.
/// </summary>
/// <remarks>
/// One instance serves a whole process: it is safe for concurrent callers and keeps its connections. Every method throws a
/// <see cref="CreditShareException"/> when the service refuses or cannot be reached, <see cref="OperationCanceledException"/> when the
/// caller cancels, and <see cref="ArgumentException"/> for a programmer's error. Readings, and commands that carry a request id, are
/// repeated while the service is unavailable, within <see cref="CreditShareClientOptions.Deadline"/>.
/// </remarks>
public sealed partial class CreditShareClient : IDisposable
{
    private readonly GrpcChannel? _channel;
    private readonly CreditShareClientOptions _options;
    private readonly CallInvoker _invoker;
    private readonly CallRunner _runner;
    private readonly ListingService.ListingServiceClient _listings;
    private readonly LookupService.LookupServiceClient _lookup;
    private readonly FeedService.FeedServiceClient _feed;
    private readonly PartnerService.PartnerServiceClient _partners;
    private readonly CourtService.CourtServiceClient _courts;
    private readonly SubscriptionService.SubscriptionServiceClient _subscriptions;
    private readonly PropagationService.PropagationServiceClient _propagation;
    private readonly MeasureService.MeasureServiceClient _measures;

    /// <summary>Prepares a client; it connects with the first call.</summary>
    /// <param name="options">Where and as whom. The identity stays the caller's to dispose of, after this client.</param>
    public CreditShareClient(CreditShareClientOptions options)
        : this(options, ChannelSetup.Open(options ?? throw new ArgumentNullException(nameof(options))))
    {
    }

    /// <summary>Prepares a client over calls made elsewhere: a channel of your own, an interceptor, a test.</summary>
    /// <param name="options">For waits and deadlines; address and identity are not used.</param>
    /// <param name="invoker">Makes the calls; stays the caller's to dispose of.</param>
    public CreditShareClient(CreditShareClientOptions options, CallInvoker invoker)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(invoker);
        _options = options;
        _invoker = invoker;
        _runner = new CallRunner(options);
        _listings = new ListingService.ListingServiceClient(invoker);
        _lookup = new LookupService.LookupServiceClient(invoker);
        _feed = new FeedService.FeedServiceClient(invoker);
        _partners = new PartnerService.PartnerServiceClient(invoker);
        _courts = new CourtService.CourtServiceClient(invoker);
        _subscriptions = new SubscriptionService.SubscriptionServiceClient(invoker);
        _propagation = new PropagationService.PropagationServiceClient(invoker);
        _measures = new MeasureService.MeasureServiceClient(invoker);
    }

    private CreditShareClient(CreditShareClientOptions options, GrpcChannel channel)
        : this(options, channel.CreateCallInvoker()) => _channel = channel;

    /// <summary>Closes the connections; calls under way end with <see cref="OperationCanceledException"/> or <see cref="ServiceUnavailableException"/>.</summary>
    public void Dispose() => _channel?.Dispose();

    /// <summary>Asks a node for its health. Needs no registration, only a certificate that the service trusts.</summary>
    public async Task<ServiceHealth> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        var deadline = _options.Clock.GetUtcNow() + _options.Deadline;
        try
        {
            return await HealthCheck.RunAsync(
                _invoker, new CallOptions(deadline: deadline.UtcDateTime, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw RpcFailures.Translate(failure, cancellationToken);
        }
    }

    private Task<TResponse> SendAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
    {
        ArgumentNullException.ThrowIfNull(request);
        return _runner.RunAsync(method, request, Repetition.Safe, cancellationToken);
    }

    private Task<TResponse> SendOnceAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
    {
        ArgumentNullException.ThrowIfNull(request);
        return _runner.RunAsync(method, request, Repetition.Unsafe, cancellationToken);
    }
}
