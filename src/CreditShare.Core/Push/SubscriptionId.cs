using CreditShare.Core.Access;

namespace CreditShare.Core.Push;

/// <summary>A subscription's name: its partner, and an id of the same form as a partner's.</summary>
/// <param name="Partner">Whose it is.</param>
/// <param name="Value">2 to 40 characters of a–z, 0–9 and hyphen.</param>
public readonly record struct SubscriptionId(PartnerId Partner, string Value)
{
    /// <summary>The resource name, <c>partners/{id}/subscriptions/{id}</c>.</summary>
    public override string ToString() => $"partners/{Partner}/subscriptions/{Value}";
}
