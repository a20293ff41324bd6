using Hidden = CreditShare.Tests.Conventions.Samples.Beta.BetaLimits;

namespace CreditShare.Tests.Conventions.Samples.Alpha;

/// <summary>Breaks the rule on purpose and as quietly as it can: behind an alias, within a lambda, in no signature.</summary>
internal static class AlphaReader
{
    public static Func<int> Read() => () => new List<Hidden> { new() }.Sum(limits => limits.Largest) + Shared.SharedEdge.Name.Length;
}
