namespace CreditShare.Tests.Conventions.Samples.Beta;

/// <summary>What no other sample folder may name.</summary>
internal sealed class BetaLimits
{
    public int Largest { get; } = 7;
}
