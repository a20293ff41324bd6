using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Server.Store;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>Who the server is in a handshake, and whose client certificates it accepts. Read once at start.</summary>
internal sealed class ServerIdentity
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2];

    private readonly SslStreamCertificateContext _certificate;
    private readonly X509Certificate2Collection _clientAuthorities;

    public ServerIdentity(IOptions<TlsOptions> tls, IOptions<DataOptions> data, IHostEnvironment environment, TimeProvider clock)
    {
        if (tls.Value.IsSet)
        {
            (_certificate, _clientAuthorities) = Load(tls.Value);
        }
        else if (environment.IsDevelopment())
        {
            Development = DevelopmentIdentities.Ensure(data.Value.FullPath, clock);
            _certificate = ContextOf(Development.Server, []);
            _clientAuthorities = [Development.Authority];
        }
        else
        {
            throw new OptionsValidationException(TlsOptions.Section, typeof(TlsOptions),
                ["Outside of development the server needs Tls:CertificateFile, Tls:KeyFile and Tls:ClientAuthorityFile."]);
        }
    }

    /// <summary>The certificates made for development; null if files are configured.</summary>
    public DevelopmentIdentities? Development { get; }

    /// <summary>The server's certificate, which it also shows to the partners that it calls.</summary>
    public SslStreamCertificateContext Certificate => _certificate;

    /// <summary>What a handshake demands: TLS 1.2 or 1.3, HTTP/2, and a valid client certificate of one of our authorities. Nothing is
    /// downloaded: a partner is shut out through the registry, within seconds, not through a revocation list.</summary>
    public SslServerAuthenticationOptions HandshakeOptions() => new()
    {
        ServerCertificateContext = _certificate,
        ApplicationProtocols = Protocols,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = ClientPolicy(),
    };

    private X509ChainPolicy ClientPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_clientAuthorities);
        policy.ApplicationPolicy.Add(new Oid(CertificatePurpose.Client));
        return policy;
    }

    private static (SslStreamCertificateContext Certificate, X509Certificate2Collection Authorities) Load(TlsOptions files)
    {
        var failed = nameof(TlsOptions.CertificateFile);
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile!, files.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.CertificateFile!);

            failed = nameof(TlsOptions.ClientAuthorityFile);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(files.ClientAuthorityFile!);
            if (authorities.Count == 0) throw new CryptographicException("The file holds no certificate.");
            return (ContextOf(certificate, chain), authorities);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                TlsOptions.Section, typeof(TlsOptions), [$"Tls:{failed} (or its key) cannot be used: {exception.Message}"]);
        }
    }

    private static SslStreamCertificateContext ContextOf(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        // Windows cannot use a key that was read from PEM in a handshake unless it was stored once.
        var usable = OperatingSystem.IsWindows()
            ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null)
            : certificate;
        return SslStreamCertificateContext.Create(usable, chain, offline: true);
    }
}
