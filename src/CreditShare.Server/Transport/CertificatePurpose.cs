namespace CreditShare.Server.Transport;

/// <summary>What a certificate may be used for (RFC 5280, section 4.2.1.12).</summary>
internal static class CertificatePurpose
{
    /// <summary>To prove a server.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>To prove a client.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";
}
