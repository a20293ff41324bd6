using CreditShare.Server.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.ServerListings;

internal sealed class ListingsOptionsTests
{
    [TestCase("执 执恢", ExpectedResult = true, Description = "the default")]
    [TestCase("执", ExpectedResult = true)]
    [TestCase("执恢 执他 执", ExpectedResult = true)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("执,执恢", ExpectedResult = false)]
    [TestCase("执 ", ExpectedResult = false)]
    [TestCase("民初", ExpectedResult = false)]
    public bool Case_types_are_those_of_enforcement_with_spaces_between(string types) =>
        new ListingsOptionsValidator().Validate(null, new ListingsOptions { CaseTypes = types }).Succeeded;

    [Test]
    public void The_defaults_are_valid() => Assert.That(new ListingsOptionsValidator().Validate(null, new ListingsOptions()).Succeeded);
}
