using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class FeatureFolderTests
{
    private const string ServerRoot = "CreditShare.Server";
    private const string SamplesRoot = "CreditShare.Tests.Conventions.Samples";

    /// <summary>The edges that every feature of the server may name.</summary>
    private static readonly string[] s_shared = ["Access", "Changes", "Journal", "Mapping", "Store", "Telemetry", "Transport"];

    [Test]
    public void Feature_folders_do_not_name_each_other()
    {
        var server = new FeatureFolders(Product.Server, ServerRoot, s_shared);

        Assert.That(server.Features, Is.Not.Empty, "nothing was scanned");
        Assert.That(server.Trespasses(), Is.Empty);
    }

    [Test]
    public void Feature_folders_do_not_borrow_each_others_constants()
    {
        // A constant leaves no trace in what is compiled, but its owner's name in the source.
        var server = new FeatureFolders(Product.Server, ServerRoot, s_shared);
        var trespasses =
            from folder in server.Folders
            from file in SourceTree.Files($"src/{ServerRoot}/{folder}", ".cs")
            let text = File.ReadAllText(file)
            from other in server.Features
            where other != folder && text.Contains($"{ServerRoot}.{other};", StringComparison.Ordinal)
            select $"{SourceTree.NameOf(file)} uses {other}";

        Assert.That(server.Features, Is.Not.Empty, "nothing was scanned");
        Assert.That(trespasses, Is.Empty);
    }

    [Test]
    public void A_name_behind_an_alias_within_a_lambda_is_seen()
    {
        var samples = new FeatureFolders(typeof(FeatureFolderTests).Assembly, SamplesRoot, "Shared");

        Assert.That(samples.Features, Is.EqualTo(["Alpha", "Beta"]));
        Assert.That(samples.Trespasses(), Has.Some.StartsWith("Alpha names Beta"));
        Assert.That(samples.Trespasses(), Has.None.Contains("Shared").And.None.StartsWith("Beta"));
    }
}
