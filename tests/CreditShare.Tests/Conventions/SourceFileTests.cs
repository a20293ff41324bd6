using System.Text.RegularExpressions;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed partial class SourceFileTests
{
    private const int LongestFile = 400;
    private const int LongestMethod = 70;

    private static readonly string[] s_folders = ["src", "tests"];

    /// <summary>One line a reason, and half of the table would be read as the whole.</summary>
    private static readonly string[] s_tables = ["CreditShare.Server.Transport.ReasonTexts.Of", "CreditShare.Server.Transport.StatusMapping.CodeFor"];

    private static IReadOnlyList<string> CSharpFiles { get; } = [.. s_folders.SelectMany(folder => SourceTree.Files(folder, ".cs"))];

    [Test]
    public void Files_are_short_or_say_first_why_they_are_not()
    {
        var tooLong = CSharpFiles.Where(file => IsTooLong(File.ReadAllLines(file)));

        Assert.That(CSharpFiles, Is.Not.Empty, "nothing was scanned");
        Assert.That(tooLong.Select(SourceTree.NameOf), Is.Empty, $"longer than {LongestFile} lines, without a first sentence that says why");
    }

    [TestCase("namespace A;", true)]
    [TestCase("// Long.", true)]
    [TestCase("// The table of the law in one piece, since half of it would be read as the whole.", false)]
    public void A_long_file_is_seen_unless_it_explains_itself(string firstLine, bool tooLong) =>
        Assert.That(IsTooLong([firstLine, .. Enumerable.Repeat("", LongestFile)]), Is.EqualTo(tooLong));

    [Test]
    public void Methods_are_short()
    {
        var methods = Product.HandWritten.SelectMany(MethodLengths.Of).ToList();

        Assert.That(methods, Is.Not.Empty, "nothing was scanned");
        Assert.That(methods.Where(method => method.Lines > LongestMethod && !s_tables.Contains(method.Name)), Is.Empty);
    }

    [Test]
    public void A_methods_lines_are_counted() =>
        Assert.That(
            MethodLengths.Of(typeof(SourceFileTests).Assembly).Where(method => method.Name.EndsWith($"{nameof(MethodLengths)}.Measured", StringComparison.Ordinal)),
            Has.One.With.Property(nameof(MethodLength.Lines)).InRange(3, 5));

    [Test]
    public void A_namespace_is_its_folder()
    {
        var strays =
            from file in CSharpFiles
            let parts = SourceTree.NameOf(file).Split('/')
            let expected = string.Join('.', parts[1..^1])
            let actual = NamespaceLine().Match(File.ReadAllText(file))
            where actual.Success && actual.Groups[1].Value != expected
            select $"{SourceTree.NameOf(file)}: {actual.Groups[1].Value}";

        Assert.That(CSharpFiles, Is.Not.Empty, "nothing was scanned");
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void No_lock_file_names_where_a_package_came_from()
    {
        var locks = SourceTree.Files("tests", "package-lock.json").ToList();

        Assert.That(locks, Is.Not.Empty, "nothing was scanned");
        Assert.That(locks.Where(file => File.ReadAllText(file).Contains("\"resolved\"", StringComparison.Ordinal)), Is.Empty);
    }

    private static bool IsTooLong(string[] lines) => lines.Length > LongestFile && !FirstSentence().IsMatch(lines[0]);

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // A sentence of six words or more: "Long." explains nothing.
    [GeneratedRegex(@"^// (\S+ ){5,}.*[.;:,]?$")]
    private static partial Regex FirstSentence();
}
