using CreditShare.Server.Access;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CreditShare.Tests.Access;

/// <summary>A call as the framework hands it to the interceptors.</summary>
internal sealed class FakeCall : ServerCallContext
{
    private readonly Dictionary<object, object> _state = [];
    private readonly TaskCompletionSource _aborted = new();
    private readonly string _method;

    public FakeCall(string method, string? fingerprint = null)
        : this(method, new DefaultHttpContext())
    {
        if (fingerprint is not null) Http.Features.Set<IPartnerKeyFeature>(new Key(fingerprint));
        Http.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(_aborted));
    }

    /// <summary>One over an HTTP request that is there already.</summary>
    public FakeCall(string method, HttpContext http)
    {
        _method = method;
        Http = http;
        _state["__HttpContext"] = Http;
    }

    /// <summary>The HTTP request below.</summary>
    public HttpContext Http { get; }

    /// <summary>Completes when the server cuts the call off.</summary>
    public Task Aborted => _aborted.Task;

    /// <summary>When the caller gives up.</summary>
    public DateTime Until { get; init; } = DateTime.MaxValue;

    /// <summary>Whether the caller has gone away.</summary>
    public bool IsGone { get; init; }

    protected override string MethodCore => _method;

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:127.0.0.1:1";

    protected override DateTime DeadlineCore => Until;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => IsGone ? new(canceled: true) : CancellationToken.None;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override IDictionary<object, object> UserStateCore => _state;

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    private sealed class Lifetime(TaskCompletionSource aborted) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => aborted.TrySetResult();
    }

    private sealed record Key(string Fingerprint) : IPartnerKeyFeature
    {
        public Caller? LastCaller { get; set; }
    }
}
