using CreditShare.Core.Access;
using CreditShare.Core.Push;
using CreditShare.Server.Access;

namespace CreditShare.Server.Push;

/// <summary>Whether a partner may still be sent what it once wished for, by its registration as it stands.</summary>
internal sealed class RecipientRights(PartnerRegistry registry)
{
    /// <summary>The objection that is no partner's: this node has lost touch with the store.</summary>
    public const string Unconfirmed = "The registration of partners could not be confirmed; deliveries wait.";

    /// <summary>Why nothing may be sent now; null if it may.</summary>
    public string? ObjectionTo(Subscription subscription)
    {
        if (!registry.IsCurrent) return Unconfirmed;
        if (registry.Find(subscription.Id.Partner)?.Partner is not { } partner) return "The partner is not registered; deliveries wait.";
        if (partner.Suspended) return "The partner is suspended; deliveries wait.";

        // A purge carries nothing of anybody, and matters most when rights were taken away.
        if (subscription.State == SubscriptionState.Revoked) return null;
        return partner.Views.Contains(subscription.View) ? null : $"The view {subscription.View} is no longer granted; deliveries wait.";
    }

    /// <summary>The private ranges in which the partner's endpoints may lie.</summary>
    public IReadOnlyCollection<string> RangesOf(PartnerId partner) => registry.Find(partner)?.Partner.AddressRanges ?? [];
}
