using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class FeatureFolderTests
{
    private const string SamplesRoot = "CreditShare.Tests.Conventions.Samples";

    [Test]
    public void A_name_behind_an_alias_within_a_lambda_is_seen()
    {
        var samples = new FeatureFolders(typeof(FeatureFolderTests).Assembly, SamplesRoot, "Shared");

        Assert.That(samples.Features, Is.EqualTo(["Alpha", "Beta"]));
        Assert.That(samples.Trespasses(), Has.Some.StartsWith("Alpha names Beta"));
        Assert.That(samples.Trespasses(), Has.None.Contains("Shared").And.None.StartsWith("Beta"));
    }
}
