using System.Reflection;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class TypeShapeTests
{
    private static readonly string[] s_emptyNames =
        ["Manager", "Helper", "Helpers", "Utils", "Util", "Common", "Base", "Impl", "Processor"];

    /// <summary>Only these are libraries for others; the rest shows nothing.</summary>
    private static readonly Assembly[] s_libraries = [Product.Core, Product.Client, Product.Receiver];

    [Test]
    public void Classes_are_sealed()
    {
        var classes = Product.HandWritten.SelectMany(Product.WrittenTypes).Where(type => type is { IsClass: true, IsAbstract: false }).ToList();

        Assert.That(classes, Is.Not.Empty, "nothing was scanned");
        Assert.That(classes.Where(IsOpen), Is.Empty);
    }

    [Test]
    public void An_open_class_is_seen() => Assert.That(IsOpen(typeof(Samples.OpenClass)), Is.True);

    [Test]
    public void Abstract_classes_are_closed_families_or_extend_nothing_of_ours()
    {
        var classes = Product.HandWritten.SelectMany(Product.WrittenTypes).Where(type => type is { IsClass: true, IsSealed: false }).ToList();

        Assert.That(classes, Is.Not.Empty, "nothing was scanned");
        Assert.That(classes.Where(type => IsOurs(type.BaseType)), Is.Empty, "inheritance has depth 1");
    }

    [Test]
    public void Only_the_libraries_have_public_types()
    {
        var shown = Product.HandWritten.Except(s_libraries).SelectMany(Product.WrittenTypes).Where(type => type.IsVisible);

        Assert.That(s_libraries.SelectMany(Product.WrittenTypes).Where(type => type.IsVisible), Is.Not.Empty, "nothing was scanned");
        Assert.That(shown, Is.Empty);
    }

    [Test]
    public void Names_say_what_a_type_is()
    {
        var types = Product.HandWritten.SelectMany(Product.WrittenTypes).ToList();

        Assert.That(types, Is.Not.Empty, "nothing was scanned");
        Assert.That(types.Where(type => s_emptyNames.Any(name => type.Name.EndsWith(name, StringComparison.Ordinal))), Is.Empty);
        Assert.That(types.Where(type => type.Name is "Extensions" or "Constants"), Is.Empty);
    }

    private static bool IsOpen(Type type) => type is { IsClass: true, IsAbstract: false, IsSealed: false };

    private static bool IsOurs(Type? type) => type is not null && Product.HandWritten.Contains(type.Assembly);
}
