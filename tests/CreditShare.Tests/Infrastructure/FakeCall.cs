using CreditShare.Server.Access;
using Grpc.Core;

namespace CreditShare.Tests.Infrastructure;

/// <summary>A call as a service sees it, by a caller that access control let in.</summary>
internal sealed class FakeCall : ServerCallContext
{
    private readonly CancellationToken _cancellationToken;

    public FakeCall(Caller caller, CancellationToken cancellationToken = default)
    {
        _cancellationToken = cancellationToken;
        UserState[typeof(Caller)] = caller;
    }

    protected override string MethodCore => "/test";

    protected override string HostCore => "test";

    protected override string PeerCore => "test";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore => [];

    protected override CancellationToken CancellationTokenCore => _cancellationToken;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object>();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
