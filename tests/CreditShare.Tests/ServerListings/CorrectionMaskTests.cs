using System.Text.RegularExpressions;
using CreditShare.Core.Listings;
using CreditShare.Server.Listings;
using CreditShare.Server.Transport;
using CreditShare.Tests.Conventions;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using Enum = System.Enum;

namespace CreditShare.Tests.ServerListings;

internal sealed partial class CorrectionMaskTests
{
    [Test]
    public void The_paths_are_those_that_the_contract_lists()
    {
        var contract = File.ReadAllText(SourceTree.PathOf("protos/creditshare/v1/listing.proto"));
        var listed = PathList().Match(contract).Groups["paths"].Value.Replace("//", "", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        Assert.That(listed, Is.Not.Empty, "nothing was scanned");
        Assert.That(CorrectionMask.Paths, Is.EquivalentTo(listed));
    }

    [Test]
    public void Every_path_is_one_of_the_messages_and_every_part_has_one()
    {
        var problems = new Problems();

        var parts = CorrectionMask.Read(FieldMask.FromStringEnumerable<V1.Listing>(CorrectionMask.Paths), "update_mask", problems);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(problems.IsEmpty, Is.True);
            Assert.That(parts, Is.EqualTo(Enum.GetValues<ContentParts>().Aggregate((all, part) => all | part)));
        }
    }

    [TestCase("conduct,conduct", ContentParts.Conduct)]
    [TestCase("conduct,subject.name", ContentParts.Conduct | ContentParts.Name)]
    public void Paths_add_up(string paths, ContentParts expected) =>
        Assert.That(CorrectionMask.Read(new FieldMask { Paths = { paths.Split(',') } }, "update_mask", new Problems()), Is.EqualTo(expected));

    [TestCase]
    [TestCase("name")]
    [TestCase("case_number")]
    [TestCase("court_code")]
    [TestCase("grace_until")]
    [TestCase("origin")]
    [TestCase("subject")]
    [TestCase("subject.kind")]
    [TestCase("decision.date")]
    [TestCase("Conduct")]
    [TestCase("*")]
    [TestCase("")]
    public void A_mask_that_names_nothing_or_something_fixed_is_refused(params string[] paths)
    {
        var problems = new Problems();

        CorrectionMask.Read(new FieldMask { Paths = { paths } }, "update_mask", problems);

        Assert.That(problems.Found.Select(problem => (problem.Field, problem.Reason)), Is.EqualTo(new[] { ("update_mask", ErrorReason.MaskInvalid) }));
    }

    [Test]
    public void A_mask_that_is_missing_is_refused()
    {
        var problems = new Problems();

        CorrectionMask.Read(null, "update_mask", problems);

        Assert.That(problems.Found.Single().Reason, Is.EqualTo(ErrorReason.MaskInvalid));
    }

    [GeneratedRegex(@"at least one path of:(?<paths>[^.]*(\.[a-z_]+[^.]*)*)\. A path replaces", RegexOptions.Singleline)]
    private static partial Regex PathList();
}
