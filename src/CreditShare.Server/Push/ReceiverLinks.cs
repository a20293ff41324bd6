using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Core.Access;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>Opens ways to receivers: TLS only, no proxy, no redirects, and every connection through the guard. Each has connections of its
/// own, so that no receiver can use up another's.</summary>
internal sealed class ReceiverLinks(
    EndpointGuard guard, RecipientRights rights, ServerIdentity identity, IOptions<PushOptions> options, TimeProvider clock) : IReceiverLinks
{
    private const int MaxHeaderKilobytes = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromMinutes(2);

    /// <summary>Until then a connection may outlive what the guard would say of its address now.</summary>
    private static readonly TimeSpan OldestConnection = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<View, ChangeTexts> _texts = new();
    private readonly X509Certificate2Collection _authorities = AuthoritiesOf(options.Value, identity);

    public IReceiverLink Open(Subscription subscription) => subscription.Delivery switch
    {
        Delivery.Webhook webhook => new WebhookLink(
            webhook.Endpoint, new WebhookSignature(webhook.Secrets), HandlerFor(subscription.Id.Partner, TlsOfWebhook()), clock,
            _texts.GetOrAdd(subscription.View, static _ => new ChangeTexts())),
        Delivery.Grpc grpc => new GrpcLink(grpc.Endpoint, HandlerFor(subscription.Id.Partner, TlsOfGrpc(grpc.ServerSpkiSha256))),
        _ => throw new ArgumentException("A pull subscription has no receiver.", nameof(subscription)),
    };

    private static X509Certificate2Collection AuthoritiesOf(PushOptions options, ServerIdentity identity)
    {
        var authorities = new X509Certificate2Collection();
        if (identity.Development is { } development) authorities.Add(development.Authority);
        if (options.AuthorityFile is not null) authorities.ImportFromPemFile(options.AuthorityFile);
        return authorities;
    }

    private SocketsHttpHandler HandlerFor(PartnerId partner, SslClientAuthenticationOptions tls) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,

        // What a call of ours is part of is nothing that a partner should be told.
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionIdleTimeout = IdleConnection,
        PooledConnectionLifetime = OldestConnection,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = WebhookLink.MaxAnswerBytes,
        SslOptions = tls,
        ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, rights.RangesOf(partner), cancellationToken),
    };

    private SslClientAuthenticationOptions TlsOfWebhook()
    {
        var tls = BareTls();
        if (_authorities.Count > 0)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 server && IsOfAuthority(server, chain));
        }

        return tls;
    }

    private SslClientAuthenticationOptions TlsOfGrpc(string pinned)
    {
        var tls = BareTls();
        tls.ClientCertificateContext = identity.Certificate;
        // The key itself is what is trusted, so neither its name nor who issued the certificate matters.
        tls.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 server && KeyFingerprint.Of(server) == pinned ? true : throw new PinnedKeyException();
        return tls;
    }

    private static SslClientAuthenticationOptions BareTls() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    private bool IsOfAuthority(X509Certificate2 server, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(CertificatePurpose.Server));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(server);
    }
}
