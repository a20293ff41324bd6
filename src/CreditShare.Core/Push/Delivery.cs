using System.Collections.Immutable;

namespace CreditShare.Core.Push;

/// <summary>How a subscription's changes travel. Closed: the cases below are all there are.</summary>
public abstract record Delivery
{
    private Delivery()
    {
    }

    /// <summary>The partner fetches.</summary>
    public sealed record Pull : Delivery;

    /// <summary>We call the partner's ChangeReceiver.</summary>
    /// <param name="Endpoint">An https address with host and port.</param>
    /// <param name="ServerSpkiSha256">The one server key that is trusted: SHA-256 of the SPKI, 64 lower-case hexadecimal digits.</param>
    public sealed record Grpc(Uri Endpoint, string ServerSpkiSha256) : Delivery;

    /// <summary>We post to the partner's endpoint.</summary>
    /// <param name="Endpoint">An https address.</param>
    /// <param name="Secrets">One or two, newest first, each <c>whsec_</c> and base64; every one signs. Kept sealed.</param>
    public sealed record Webhook(Uri Endpoint, ImmutableArray<string> Secrets) : Delivery
    {
        /// <summary>The secrets do not show.</summary>
        public override string ToString() => $"Webhook {Endpoint}";
    }
}
