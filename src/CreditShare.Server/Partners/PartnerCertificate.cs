using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;

namespace CreditShare.Server.Partners;

/// <summary>Reads the public key out of a certificate that an operator sends; nothing else of it is kept.</summary>
internal static class PartnerCertificate
{
    /// <summary>The longest certificate, in bytes.</summary>
    public const int MaxBytes = 8 * 1024;

    private const int MinRsaBits = 2_048;
    private const int MinEcBits = 256;

    /// <summary>Reads PEM or DER.</summary>
    /// <returns>Whether <paramref name="fingerprint"/> is one; otherwise a problem of <paramref name="field"/> was added.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, string field, Problems problems, out string fingerprint)
    {
        fingerprint = "";
        if (bytes.IsEmpty)
        {
            problems.Add(field, ErrorReason.FieldRequired);
            return false;
        }

        if (bytes.Length > MaxBytes)
        {
            problems.Add(field, ErrorReason.FieldTooLong, $"It has at most {MaxBytes} bytes.");
            return false;
        }

        if (bytes.IndexOf("PRIVATE KEY"u8) >= 0)
        {
            problems.Add(field, ErrorReason.FieldInvalid, "It holds a private key, which must never be sent: consider that key lost.");
            return false;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            if (IsStrong(certificate))
            {
                fingerprint = KeyFingerprint.Of(certificate);
                return true;
            }

            problems.Add(field, ErrorReason.FieldInvalid, $"The key must be RSA of {MinRsaBits} bits, an elliptic curve of {MinEcBits} bits, or stronger.");
        }
        catch (CryptographicException)
        {
            problems.Add(field, ErrorReason.FieldInvalid, "It is no X.509 certificate in PEM or DER.");
        }

        return false;
    }

    private static bool IsStrong(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        return rsa?.KeySize >= MinRsaBits || ec?.KeySize >= MinEcBits;
    }
}
