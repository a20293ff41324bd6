using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CreditShare.Server.Access;

/// <summary>Reads the public key out of a certificate that an operator hands over; nothing else of it is kept.</summary>
internal static class PartnerCertificate
{
    /// <summary>The longest certificate, in bytes.</summary>
    public const int MaxBytes = 8 * 1024;

    private const int MinRsaBits = 2_048;
    private const int MinEcBits = 256;

    /// <summary>Reads PEM or DER.</summary>
    /// <returns>Whether <paramref name="fingerprint"/> is one; otherwise <paramref name="fault"/> says what is wrong.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out string fingerprint, out string fault)
    {
        fingerprint = "";
        fault = "It is no X.509 certificate in PEM or DER.";
        if (bytes.IndexOf("PRIVATE KEY"u8) >= 0)
        {
            fault = "It holds a private key, which must never be sent: consider that key lost.";
            return false;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            if (!IsStrong(certificate))
            {
                fault = $"The key must be RSA of {MinRsaBits} bits, an elliptic curve of {MinEcBits} bits, or stronger.";
                return false;
            }

            fingerprint = KeyFingerprint.Of(certificate);
            fault = "";
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsStrong(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        return rsa?.KeySize >= MinRsaBits || ec?.KeySize >= MinEcBits;
    }
}
