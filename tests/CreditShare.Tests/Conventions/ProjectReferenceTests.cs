using System.Xml.Linq;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

/// <summary>Who may build on whom; src/README.md says why each project is one.</summary>
internal sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new(StringComparer.Ordinal)
    {
        ["CreditShare.Contracts"] = [],
        ["CreditShare.Core"] = [],
        ["CreditShare.Storage"] = ["CreditShare.Core"],
        ["CreditShare.Server"] = ["CreditShare.Contracts", "CreditShare.Core", "CreditShare.Storage"],
        ["CreditShare.Client"] = ["CreditShare.Contracts", "CreditShare.Core"],
        ["CreditShare.Receiver"] = ["CreditShare.Client", "CreditShare.Contracts"],
        ["CreditShare.Cli"] = ["CreditShare.Client", "CreditShare.Receiver"],
    };

    /// <summary>Packages that only these projects may name, so that what they stand for can be replaced there.</summary>
    private static readonly Dictionary<string, string[]> s_only = new(StringComparer.Ordinal)
    {
        ["Npgsql"] = ["CreditShare.Storage"],
        ["Microsoft.Data.Sqlite"] = ["CreditShare.Storage", "CreditShare.Receiver"],
        ["NSec.Cryptography"] = ["CreditShare.Storage"],
        ["StackExchange.Redis"] = ["CreditShare.Server"],
        ["Grpc.Tools"] = ["CreditShare.Contracts"],
        ["System.CommandLine"] = ["CreditShare.Cli"],
        ["Spectre.Console"] = ["CreditShare.Cli"],
    };

    private static IEnumerable<TestCaseData> Projects() =>
        SourceTree.Files("src", ".csproj").Select(file => new TestCaseData(file).SetName($"{Path.GetFileNameWithoutExtension(file)}_references_only_what_it_may"));

    [TestCaseSource(nameof(Projects))]
    public void References_only_what_it_may(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);

        Assert.That(s_mayReference, Does.ContainKey(name), "a project earns its place in the table first");
        Assert.That(ReferencesOf(project), Is.SubsetOf(s_mayReference[name]));
    }

    [Test]
    public void Packages_with_a_home_are_referenced_there_only()
    {
        var homes =
            from project in SourceTree.Files("src", ".csproj")
            from package in Includes(project, "PackageReference")
            where s_only.ContainsKey(package)
            select (Package: package, Project: Path.GetFileNameWithoutExtension(project));

        Assert.That(homes, Is.Not.Empty, "nothing was scanned");
        Assert.That(homes.Where(home => !s_only[home.Package].Contains(home.Project)), Is.Empty);
    }

    [Test]
    public void Core_needs_the_base_class_library_only() =>
        Assert.That(Includes(SourceTree.PathOf("src/CreditShare.Core/CreditShare.Core.csproj"), "PackageReference"), Is.Empty);

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            // What is only built alongside is not referenced.
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

    private static IEnumerable<string> Includes(string project, string element) =>
        XDocument.Load(project).Descendants(element).Select(item => (string)item.Attribute("Include")!);
}
