using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>A message's id: the same over all retries, since it names what the message is and nothing of when it was sent.</summary>
internal static class MessageName
{
    private const int Digits = 32;

    /// <summary>More than the text of names and numbers can have.</summary>
    private const int MaxBytes = 512;

    /// <param name="purpose">What for.</param>
    /// <param name="subscription">Whose.</param>
    /// <param name="lane">On which lane.</param>
    /// <param name="epoch">The journal's life.</param>
    /// <param name="range">From (not included) and to.</param>
    /// <param name="distinction">Parts messages without changes, which have no range; empty otherwise.</param>
    public static string Of(
        DeliveryPurpose purpose, SubscriptionId subscription, Lane lane, uint epoch, (long From, long To) range, string distinction = "")
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        if (!Utf8.TryWrite(
            text, CultureInfo.InvariantCulture, $"{purpose}:{subscription}:{epoch}:{lane}:{range.From}:{range.To}:{distinction}", out var length))
        {
            throw new ArgumentException("The names are longer than names can be.", nameof(subscription));
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return string.Concat("msg_", Convert.ToHexStringLower(hash[..(Digits / 2)]));
    }
}
