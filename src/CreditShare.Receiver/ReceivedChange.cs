using CreditShare.V1;

namespace CreditShare.Receiver;

/// <summary>A change that is newer than what was applied of its listing.</summary>
/// <param name="Subscription">The subscription's name, <c>partners/{id}/subscriptions/{id}</c>. Each has a copy of the list of its own.</param>
/// <param name="Lane">On which way it came.</param>
/// <param name="Change">The change as it was sent.</param>
public sealed record ReceivedChange(string Subscription, Lane Lane, Change Change)
{
    /// <summary>The listing's name.</summary>
    public string ListingName => Change.ListingName;

    /// <summary>The listing's full state after the change; null if it <see cref="HasEnded"/>.</summary>
    public Listing? Listing => HasEnded ? null : Change.Listing;

    /// <summary>Whether the listing is no longer on the list, by this change or since: whoever was restricted because of it must not be any longer.</summary>
    public bool HasEnded => Change.Listing is null;

    /// <summary>Says where and what, without personal data.</summary>
    public override string ToString() => $"{Change.Epoch}:{Change.Sequence} {Change.Kind} {ListingName} v{Change.Version}";
}
