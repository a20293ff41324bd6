using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A certificate to call with, and the authority whose server is trusted.</summary>
internal sealed record TestIdentity(X509Certificate2? Certificate, X509Certificate2 TrustedAuthority)
{
    /// <summary>One of those that a development server made.</summary>
    public static TestIdentity Of(string dataFolder, string role)
    {
        var folder = Path.Combine(dataFolder, "identities", role);
        return new(
            X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem")),
            X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem")));
    }

    /// <summary>Copies what the nodes of one store have in common: authority, identities and master key.</summary>
    public static void CopyAll(string fromDataFolder, string toDataFolder)
    {
        foreach (var file in new[] { "authority", "server", "identities", "keys" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(fromDataFolder, folder), "*", SearchOption.AllDirectories)))
        {
            var to = Path.Combine(toDataFolder, Path.GetRelativePath(fromDataFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    /// <summary>Another certificate for a key of its own, issued by the development authority.</summary>
    public static TestIdentity Issue(string dataFolder, CertificateWish? wish = null)
    {
        var folder = Path.Combine(dataFolder, "authority");
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        return new(Issue(authority, wish ?? new()), X509CertificateLoader.LoadCertificate(authority.Export(X509ContentType.Cert)));
    }

    /// <summary>A certificate of an authority that the server does not know.</summary>
    public static TestIdentity OfAnotherAuthority(string dataFolder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Another authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(2));
        return Of(dataFolder, "bank") with { Certificate = Issue(authority, new()) };
    }

    /// <summary>A channel that shows this certificate, on a connection of its own.</summary>
    public GrpcChannel Connect(Uri address)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, SslOptions = Handshake() };
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null });
    }

    /// <summary>A handshake that shows this certificate and trusts the authority.</summary>
    public SslClientAuthenticationOptions Handshake()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(TrustedAuthority);
        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        if (Certificate is not null)
        {
            options.ClientCertificates = [Certificate];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificate;
        }

        return options;
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, CertificateWish wish)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test partner", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(wish.Purpose)], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, now.AddDays(-1), now + wish.EndsIn, RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>What a certificate shall be like.</summary>
internal sealed record CertificateWish
{
    /// <summary>When it ends; before now for one that has expired.</summary>
    public TimeSpan EndsIn { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What it may be used for; a client by default.</summary>
    public string Purpose { get; init; } = "1.3.6.1.5.5.7.3.2";
}
