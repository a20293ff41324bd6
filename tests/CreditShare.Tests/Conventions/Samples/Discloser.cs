using CreditShare.Core.Numbers;

namespace CreditShare.Tests.Conventions.Samples;

/// <summary>Reveals within a lambda.</summary>
internal static class Discloser
{
    public static IEnumerable<string> Disclose(IEnumerable<DocumentNumber> numbers) => numbers.Select(number => number.Reveal());
}
