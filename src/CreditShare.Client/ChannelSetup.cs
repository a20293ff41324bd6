using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace CreditShare.Client;

/// <summary>Builds the channel: HTTP/2 over mutual TLS, kept alive, never through a redirect.</summary>
internal static class ChannelSetup
{
    /// <summary>Bytes of one answer; above the server's 4 MiB so that its limit is the one that counts.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    /// <summary>Bytes the server may send on one stream before it must wait; sized for frames of an export.</summary>
    private const int StreamWindowBytes = 1024 * 1024;

    internal static GrpcChannel Open(CreditShareClientOptions options) =>
        GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = CreateHandler(options),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxAnswerBytes,
        });

    private static SocketsHttpHandler CreateHandler(CreditShareClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAliveInterval,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options.Proxy is not null,
            Proxy = options.Proxy,
        };
        if (options.Identity is { } identity) Present(identity, handler.SslOptions);
        return handler;
    }

    private static void Present(PartnerIdentity identity, SslClientAuthenticationOptions tls)
    {
        tls.ClientCertificateContext =
            SslStreamCertificateContext.Create(identity.Certificate, identity.Intermediates, offline: true);
        if (identity.Authorities.Count == 0) return;

        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        tls.CertificateChainPolicy.CustomTrustStore.AddRange(identity.Authorities);
    }
}
