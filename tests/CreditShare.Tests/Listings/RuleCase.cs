using CreditShare.Core.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

/// <summary>Rows of the tables of rules: what is changed in a lawful content, and what must then be found wrong with it.</summary>
internal static class RuleCase
{
    public static TestCaseData Lawful(string name, ListingContent content) => Unlawful(name, content);

    public static TestCaseData Unlawful(string name, ListingContent content, params string[] violations) =>
        new TestCaseData(content, violations).SetName(name);
}
