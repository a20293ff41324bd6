using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Server.Access;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CreditShare.Tests.Access;

/// <summary>Access control with a registry in memory, and partners to try it with.</summary>
internal sealed class Gate : IDisposable
{
    public const string CheckSubject = "/creditshare.v1.LookupService/CheckSubject";
    public const string FollowChanges = "/creditshare.v1.FeedService/FollowChanges";
    public const string ListCourts = "/creditshare.v1.CourtService/ListCourts";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    /// <summary>Makes one.</summary>
    /// <param name="options">Its options; the defaults if left out.</param>
    /// <param name="fillsQuotas">Whether what is spent comes back with time; else a slow test finds no more than a fast one.</param>
    public Gate(AccessOptions? options = null, bool fillsQuotas = false)
    {
        Quotas = new Quotas(Options.Create(options ?? new AccessOptions()), fillsQuotas ? TimeProvider.System : new FakeTimeProvider());
        Registry = new PartnerRegistry(Store, Courts, Quotas, Clock, NullLogger<PartnerRegistry>.Instance);
        Interceptor = new AccessInterceptor(
            Registry, Quotas, new AccessMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), Lifetime, Clock,
            NullLogger<AccessInterceptor>.Instance);
    }

    public FakeRegistryStore Store { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public CourtDirectory Courts { get; } = new();

    public FakeLifetime Lifetime { get; } = new();

    public Quotas Quotas { get; }

    public PartnerRegistry Registry { get; }

    public AccessInterceptor Interceptor { get; }

    /// <summary>A key for a name: 64 hexadecimal digits.</summary>
    public static string KeyOf(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    /// <summary>A partner with one key, named after it.</summary>
    public static Partner Partner(string id, PartnerKind kind, params ImmutableArray<string> rpcs) => new()
    {
        Id = PartnerId.TryParse(id, out var parsed) ? parsed : throw new ArgumentException("No partner id.", nameof(id)),
        DisplayName = id,
        Kind = kind,
        Rpcs = rpcs,
        Keys = [new PartnerKey(KeyOf(id), DateTimeOffset.UnixEpoch)],
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Registers partners and lets the node know.</summary>
    public async Task RegisterAsync(params Partner[] partners)
    {
        foreach (var partner in partners) Store.With(partner);
        await Registry.RefreshAsync(CancellationToken.None);
    }

    /// <summary>Makes a unary call with a partner's key.</summary>
    /// <returns>The caller as the service saw it.</returns>
    public async Task<Caller> CallAsync(string method, string? keyOf)
    {
        Caller? seen = null;
        await Interceptor.UnaryServerHandler<string, string>(
            "", new FakeCall(method, keyOf is null ? null : KeyOf(keyOf)),
            (_, context) =>
            {
                seen = context.Caller;
                return Task.FromResult("");
            });
        return seen!;
    }

    /// <summary>Opens a server stream with a partner's key.</summary>
    public Task StreamAsync(string method, string keyOf, Func<ServerCallContext, Task> serve) =>
        StreamAsync(new FakeCall(method, KeyOf(keyOf)), serve);

    /// <summary>Opens a server stream.</summary>
    public Task StreamAsync(FakeCall call, Func<ServerCallContext, Task> serve) =>
        Interceptor.ServerStreamingServerHandler<string, string>("", new NoWriter(), call, (_, _, context) => serve(context));

    public void Dispose()
    {
        Registry.Dispose();
        Lifetime.Dispose();
        Quotas.Dispose();
        _services.Dispose();
    }

    internal sealed class FakeLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    private sealed class NoWriter : IServerStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => Task.CompletedTask;
    }
}
