using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CreditShare.Server.Access;

/// <summary>What identifies a partner: its public key, whatever certificate it comes in.</summary>
internal static class KeyFingerprint
{
    /// <summary>Hexadecimal digits of a fingerprint.</summary>
    public const int Length = 64;

    /// <summary>SHA-256 of the subject public key info, lower-case hexadecimal.</summary>
    public static string Of(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
