namespace CreditShare.Tests.Conventions.Samples.Shared;

/// <summary>What every sample folder may name.</summary>
internal static class SharedEdge
{
    public static string Name => nameof(SharedEdge);
}
