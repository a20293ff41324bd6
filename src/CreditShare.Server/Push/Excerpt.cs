using System.Text.RegularExpressions;
using CreditShare.Core.Push;

namespace CreditShare.Server.Push;

/// <summary>Text of a stranger's, fit to be kept: short, without control characters, and without anything that could be an identity number,
/// since receivers echo what they were sent.</summary>
internal static partial class Excerpt
{
    private const int MaxRead = 4 * DeliveryAttempt.MaxError;

    public static string Of(string text)
    {
        var read = text.Length > MaxRead ? text[..MaxRead] : text;
        var masked = Numbers().Replace(read, "#");
        var clean = string.Create(masked.Length, masked, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
        }).Trim();
        return clean.Length > DeliveryAttempt.MaxError ? clean[..DeliveryAttempt.MaxError] : clean;
    }

    // Eight letters and digits or more with four digits among them, also where blanks or hyphens part them.
    [GeneratedRegex(@"(?=(?:[A-Za-z]*[0-9][ \-]?){4})[0-9A-Za-z](?:[ \-]?[0-9A-Za-z]){7,}", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Numbers();
}
