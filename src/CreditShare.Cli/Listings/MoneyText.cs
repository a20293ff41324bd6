using System.Globalization;
using Google.Type;

namespace CreditShare.Cli.Listings;

/// <summary>Amounts such as <c>1234.50</c> (yuan) or <c>USD 10</c>.</summary>
internal static class MoneyText
{
    private const string Yuan = "CNY";
    private const decimal NanosInUnit = 1_000_000_000m;

    internal static bool TryParse(ReadOnlySpan<char> text, out Money money)
    {
        money = new Money { CurrencyCode = Yuan };
        text = text.Trim();
        var space = text.IndexOf(' ');
        if (space >= 0)
        {
            if (space != Yuan.Length || text[..space].ContainsAnyExceptInRange('A', 'Z')) return false;
            money.CurrencyCode = text[..space].ToString();
            text = text[(space + 1)..];
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
        if (amount > long.MaxValue || decimal.Round(amount, 9) != amount) return false;

        money.Units = (long)decimal.Truncate(amount);
        money.Nanos = (int)((amount - money.Units) * NanosInUnit);
        return true;
    }

    internal static string Form(Money money) =>
        string.Create(CultureInfo.InvariantCulture, $"{money.CurrencyCode} {money.Units + (money.Nanos / NanosInUnit):0.00#######}");
}
