using System.Security.Cryptography.X509Certificates;

namespace CreditShare.Client;

/// <summary>A partner's certificate with its private key, and the authority whose servers it trusts.</summary>
public sealed class PartnerIdentity : IDisposable
{
    /// <summary>The certificate's file in a folder of an identity; what follows the first certificate are intermediates.</summary>
    public const string CertificateFile = "cert.pem";

    /// <summary>The private key's file in a folder of an identity.</summary>
    public const string KeyFile = "key.pem";

    /// <summary>The authority's file in a folder of an identity.</summary>
    public const string AuthorityFile = "ca.pem";

    /// <summary>Takes certificates that are in memory already; they are disposed of with this object.</summary>
    /// <param name="certificate">The partner's certificate, with its private key.</param>
    /// <param name="authorities">The authorities for the server's certificate; empty for those of the machine.</param>
    /// <param name="intermediates">What the server needs besides to build the chain; may be empty.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public PartnerIdentity(
        X509Certificate2 certificate, X509Certificate2Collection authorities, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(authorities);
        if (!certificate.HasPrivateKey) throw new ArgumentException("The certificate comes without its private key.", nameof(certificate));

        Certificate = certificate;
        Authorities = authorities;
        Intermediates = intermediates ?? [];
    }

    /// <summary>The partner's certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authorities for the server's certificate; empty for those of the machine.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>What the server needs besides to build the chain.</summary>
    public X509Certificate2Collection Intermediates { get; }

    /// <summary>Reads <see cref="CertificateFile"/>, <see cref="KeyFile"/> and, if it is there, <see cref="AuthorityFile"/> from a folder.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is no PEM, or key and certificate do not belong together.</exception>
    public static PartnerIdentity FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var authority = Path.Combine(folder, AuthorityFile);
        return FromFiles(
            Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile), File.Exists(authority) ? authority : null);
    }

    /// <summary>Reads PEM files.</summary>
    /// <param name="certificateFile">The partner's certificate; intermediates may follow it.</param>
    /// <param name="keyFile">Its private key, not encrypted.</param>
    /// <param name="authorityFile">The authorities for the server's certificate; null for those of the machine.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is no PEM, or key and certificate do not belong together.</exception>
    public static PartnerIdentity FromFiles(string certificateFile, string keyFile, string? authorityFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        var authorities = new X509Certificate2Collection();
        if (authorityFile is not null) authorities.ImportFromPemFile(authorityFile);

        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (OperatingSystem.IsWindows())
        {
            // Windows does not present a key that lives in memory only; passing it through PKCS #12 gives it a place.
            using var inMemory = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), password: null);
        }

        return new PartnerIdentity(certificate, authorities, [.. chain.Skip(1)]);
    }

    /// <summary>Releases the certificates.</summary>
    public void Dispose()
    {
        foreach (var certificate in Authorities.Concat(Intermediates).Append(Certificate))
        {
            certificate.Dispose();
        }
    }
}
