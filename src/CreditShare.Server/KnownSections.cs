using CreditShare.Server.Access;
using CreditShare.Server.Feed;
using CreditShare.Server.Journal;
using CreditShare.Server.Listings;
using CreditShare.Server.Lookup;
using CreditShare.Server.Push;
using CreditShare.Server.Store;
using CreditShare.Server.Transport;
using Microsoft.Extensions.Options;

namespace CreditShare.Server;

/// <summary>The sections that settings may have. A misspelt key is found by its section; a misspelt section would be passed over, and with it
/// the database that it names.</summary>
internal static class KnownSections
{
    /// <summary>The sections of this program.</summary>
    public static readonly string[] Own =
    [
        AccessOptions.Section, DataOptions.Section, FeedOptions.Section, JournalOptions.Section, KeysOptions.Section,
        ListingsOptions.Section, LookupOptions.Section, PostgresOptions.Section, PushOptions.Section, RedisOptions.Section, SubscriptionOptions.Section, TlsOptions.Section,
        TransportOptions.Section,
    ];

    /// <summary>Sections that the framework reads.</summary>
    private static readonly string[] s_frameworks = ["Kestrel", "Logging"];

    /// <summary>Refuses settings of sections that nobody reads.</summary>
    /// <param name="settings">What the environment and the command line say for this program. A value without a section is another's.</param>
    /// <exception cref="OptionsValidationException">Names the section, and the one that was probably meant.</exception>
    public static void Check(IConfiguration settings)
    {
        string[] known = [.. Own, .. s_frameworks];
        string[] unknown =
        [
            .. settings.GetChildren()
                .Where(section => section.GetChildren().Any() && !known.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                .Select(section => $"There are no settings under {section.Key}; {NearestTo(section.Key)} is the nearest."),
        ];
        if (unknown.Length > 0) throw new OptionsValidationException("", typeof(KnownSections), unknown);
    }

    private static string NearestTo(string name) => Own.MinBy(known => Distance(known.ToUpperInvariant(), name.ToUpperInvariant()))!;

    // How many characters must be put in, taken out or exchanged.
    private static int Distance(string from, string to)
    {
        int[] before = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var exchanged = before[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(exchanged, Math.Min(before[j], row[j - 1]) + 1);
            }

            before = row;
        }

        return before[^1];
    }
}
