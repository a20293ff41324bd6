using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>A message's id: the same over all retries, since it names what the message is and nothing of when it was sent.</summary>
internal static class MessageName
{
    private const int Digits = 32;

    /// <param name="purpose">What for.</param>
    /// <param name="subscription">Whose.</param>
    /// <param name="lane">On which lane.</param>
    /// <param name="epoch">The journal's life.</param>
    /// <param name="range">From (not included) and to.</param>
    /// <param name="distinction">Parts messages without changes, which have no range; empty otherwise.</param>
    public static string Of(
        DeliveryPurpose purpose, SubscriptionId subscription, Lane lane, uint epoch, (long From, long To) range, string distinction = "")
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{purpose}:{subscription}:{epoch}:{lane}:{range.From}:{range.To}:{distinction}");
        return "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
    }
}
