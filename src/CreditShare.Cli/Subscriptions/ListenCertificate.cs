using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Client;

namespace CreditShare.Cli.Subscriptions;

/// <summary>The certificate of a receiver for development.</summary>
internal static class ListenCertificate
{
    private const string AuthorityFolder = "authority";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    /// <summary>Makes a certificate for this machine's own names: of the development server's authority, if it lies in the data folder,
    /// else signed by itself.</summary>
    internal static X509Certificate2 Make(string dataFolder, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse)], critical: false));

        var now = clock.GetUtcNow();
        using var authority = FindAuthority(dataFolder);
        using var made = authority is null
            ? request.CreateSelfSigned(now - Backdated, now + Lifetime)
            : WithKey(request.Create(authority, Later(now - Backdated, authority.NotBefore), Earlier(now + Lifetime, authority.NotAfter), RandomNumberGenerator.GetBytes(16)), key);
        // Windows serves no key that lives in memory only; passing it through PKCS #12 gives it a place.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>The SHA-256 of the subject public key info, by which a key is pinned.</summary>
    internal static string SpkiOf(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static X509Certificate2? FindAuthority(string dataFolder)
    {
        var certificate = Path.Combine(dataFolder, AuthorityFolder, PartnerIdentity.CertificateFile);
        var key = Path.Combine(dataFolder, AuthorityFolder, PartnerIdentity.KeyFile);
        return File.Exists(certificate) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
    }

    private static X509Certificate2 WithKey(X509Certificate2 issued, ECDsa key)
    {
        using (issued)
        {
            return issued.CopyWithPrivateKey(key);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
