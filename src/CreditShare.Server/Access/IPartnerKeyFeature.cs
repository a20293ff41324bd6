namespace CreditShare.Server.Access;

/// <summary>The public key that a connection was opened with; computed once a connection, when the handshake is done.</summary>
internal interface IPartnerKeyFeature
{
    /// <summary>SHA-256 of the certificate's subject public key info, 64 lower-case hexadecimal digits.</summary>
    string Fingerprint { get; }

    /// <summary>Who was last let in by <see cref="QuickEntry"/> with this key, so that it need not be made for each call.</summary>
    Caller? LastCaller { get; set; }
}
