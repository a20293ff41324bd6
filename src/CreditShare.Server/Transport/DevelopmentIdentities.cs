using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Server.Access;

namespace CreditShare.Server.Transport;

/// <summary>Certificates for a first try: an authority, the server, and one partner a role, under the data folder. Made once and used again;
/// so the quickstart takes the same way through TLS as production.</summary>
internal sealed class DevelopmentIdentities
{
    /// <summary>The roles, each with a folder of its name under <c>identities</c>.</summary>
    public static readonly string[] Roles = ["court", "bank", "department", "operator", "auditor"];

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3_650);
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    // A certificate that ends sooner than this is made anew at start.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly string _folder;
    private readonly DateTimeOffset _now;
    private readonly HashSet<string> _renewed = [];

    private DevelopmentIdentities(string folder, DateTimeOffset now)
    {
        _folder = folder;
        _now = now;
        Authority = EnsureAuthority();
        Server = EnsureLeaf(Path.Combine(folder, "server"), "CN=CreditShare development server", role: null);
        Fingerprints = Roles.ToDictionary(role => role, EnsurePartner);
    }

    /// <summary>The authority, with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The server's certificate, with its key, for localhost, 127.0.0.1 and ::1.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The key fingerprint of each role.</summary>
    public IReadOnlyDictionary<string, string> Fingerprints { get; }

    /// <summary>The roles whose certificate was made at this start.</summary>
    public IReadOnlySet<string> Renewed => _renewed;

    /// <summary>Makes what is missing under a data folder.</summary>
    public static DevelopmentIdentities Ensure(string folder, TimeProvider clock) => new(folder, clock.GetUtcNow());

    /// <summary>Where a role's certificate, key and authority lie.</summary>
    public static string FolderOf(string dataFolder, string role) => Path.Combine(dataFolder, "identities", role);

    private X509Certificate2 EnsureAuthority()
    {
        var folder = Path.Combine(_folder, "authority");
        if (TryLoad(folder) is { } existing) return existing;

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=CreditShare development authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(_now.AddDays(-1), _now + AuthorityLife);
        Save(folder, certificate.ExportCertificatePem(), key);
        return TryLoad(folder) ?? throw new InvalidOperationException($"The development authority under {folder} cannot be read back.");
    }

    private string EnsurePartner(string role)
    {
        var folder = FolderOf(_folder, role);
        using var certificate = EnsureLeaf(folder, $"CN=CreditShare development {role}", role);
        PemFile.Write(Path.Combine(folder, "ca.pem"), Authority.ExportCertificatePem());
        return KeyFingerprint.Of(certificate);
    }

    private X509Certificate2 EnsureLeaf(string folder, string subject, string? role)
    {
        if (TryLoad(folder) is { } existing)
        {
            if (IsIssuedByAuthority(existing)) return existing;
            existing.Dispose();
        }

        if (role is not null) _renewed.Add(role);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        if (role is null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificatePurpose.Server)], critical: false));
        }
        else
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificatePurpose.Client)], critical: false));
        }

        using var certificate = request.Create(Authority, _now.AddDays(-1), _now + Life, RandomNumberGenerator.GetBytes(16));
        Save(folder, certificate.ExportCertificatePem(), key);
        return TryLoad(folder) ?? throw new InvalidOperationException($"The development certificate under {folder} cannot be read back.");
    }

    private X509Certificate2? TryLoad(string folder)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        if (!File.Exists(certificateFile) || !File.Exists(keyFile)) return null;

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (certificate.NotAfter.ToUniversalTime() > (_now + RenewBefore).UtcDateTime) return certificate;
            certificate.Dispose();
        }
        catch (CryptographicException)
        {
            // Broken, or key and certificate of two different starts: made anew, since nothing but a first try hangs on it.
        }

        return null;
    }

    private bool IsIssuedByAuthority(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _now.UtcDateTime;
        return chain.Build(certificate);
    }

    private static void Save(string folder, string certificate, ECDsa key)
    {
        // The key first: a certificate without its key would look complete to nobody.
        PemFile.WriteSecret(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
        PemFile.Write(Path.Combine(folder, "cert.pem"), certificate + "\n");
    }
}
