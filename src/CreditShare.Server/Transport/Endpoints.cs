using System.Net;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Server.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>The two ports: partners come over TLS with their certificate, health and metrics are plain and for this machine.</summary>
internal sealed class Endpoints(IOptions<TransportOptions> options, ServerIdentity identity, IHostEnvironment environment)
    : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Streams at once on one connection.</summary>
    public const int StreamsPerConnection = 100;

    /// <summary>All metadata of one call, in bytes.</summary>
    public const int MaxMetadataBytes = 8 * 1024;

    private const int CreditedBytesPerSecond = 1 << 20;
    private const int StreamWindowBytes = 1024 * 1024;
    private const int ConnectionWindowBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    public void Configure(KestrelServerOptions kestrel)
    {
        var settings = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxMetadataBytes;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxMetadataBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;

        // Whoever leaves an answer unread loses that stream first (UnreadAnswers). This limit cuts the connection with everything on it: so it
        // has twice the time, and any byte that the connection takes renews it. The rate is high because what was written faster than it is
        // credited as time.
        kestrel.Limits.MinResponseDataRate = new MinDataRate(CreditedBytesPerSecond, 2 * settings.WriteTimeout);

        var address = settings.Address
            ?? (environment.IsDevelopment() ? TransportOptions.LoopbackAddress : TransportOptions.AnyAddress);
        Listen(kestrel, address, settings.Port, ForPartners);
        Listen(kestrel, settings.ManagementAddress, settings.ManagementPort, ForManagement);
    }

    private void ForPartners(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(identity.HandshakeOptions()),
        });
        listen.Use(next => connection =>
        {
            if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate)
            {
                connection.Features.Set<IPartnerKeyFeature>(new PartnerKey(certificate));
            }

            return next(connection);
        });
    }

    private static void ForManagement(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Features.Set(ManagementConnection.Mark);
            return next(connection);
        });
    }

    private static void Listen(KestrelServerOptions kestrel, string address, int port, Action<ListenOptions> configure)
    {
        switch (address)
        {
            case TransportOptions.AnyAddress:
                kestrel.ListenAnyIP(port, configure);
                break;

            // Both families get one port, unless it is a free one, which only one of them can be given.
            case TransportOptions.LoopbackAddress when port > 0:
                kestrel.ListenLocalhost(port, configure);
                break;

            case TransportOptions.LoopbackAddress:
                kestrel.Listen(IPAddress.Loopback, port, configure);
                break;

            default:
                kestrel.Listen(IPAddress.Parse(address), port, configure);
                break;
        }
    }

    private sealed class PartnerKey(X509Certificate2 certificate) : IPartnerKeyFeature
    {
        private volatile Caller? _lastCaller;

        public string Fingerprint { get; } = KeyFingerprint.Of(certificate);

        public Caller? LastCaller
        {
            get => _lastCaller;
            set => _lastCaller = value;
        }
    }
}
