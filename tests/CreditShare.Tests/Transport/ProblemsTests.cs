using CreditShare.Core.Listings;
using CreditShare.Server.Transport;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Transport;

internal sealed class ProblemsTests
{
    [Test]
    public void A_request_without_problems_passes() => Assert.That(() => new Problems().ThrowIfAny(), Throws.Nothing);

    [TestCase("FieldRequired", "FieldRequired")]
    [TestCase("FieldRequired,FieldRequired", "FieldRequired")]
    [TestCase("FieldRequired,FieldTooLong", "SeveralViolations")]
    [TestCase("FieldRequired,VersionMismatch", "VersionMismatch")]
    [TestCase("ListingEnded,FieldRequired,FieldTooLong", "ListingEnded")]
    public void Several_reasons_about_fields_are_told_as_such_and_one_about_the_state_goes_first(string found, string told)
    {
        var problems = new Problems();
        foreach (var (reason, index) in found.Split(',').Select((reason, index) => (Enum.Parse<ErrorReason>(reason), index)))
        {
            problems.Add($"field[{index}]", reason);
        }

        var refused = Assert.Throws<RefusedException>(problems.ThrowIfAny);

        Assert.That($"{refused!.Reason}", Is.EqualTo(told));
        Assert.That(refused.Violations, Has.Count.EqualTo(found.Split(',').Length));
    }

    [TestCase("subject", true)]
    [TestCase("subject.documents", true)]
    [TestCase("subject.documents[0]", true)]
    [TestCase("subject.documents[0].number", true)]
    [TestCase("subject.documents[0].number.x", false)]
    [TestCase("subj", false)]
    [TestCase("subject.document", false)]
    public void A_field_has_the_problems_of_those_below_it(string field, bool has)
    {
        var problems = new Problems();
        problems.Add("subject.documents[0].number", ErrorReason.NumberLength);

        Assert.That(problems.Has(field), Is.EqualTo(has));
    }

    [Test]
    public void The_list_of_problems_is_bounded()
    {
        var problems = new Problems();
        for (var row = 0; row < 2 * Problems.Limit; row++) problems.Add($"rows[{row}]", ErrorReason.FieldRequired);

        Assert.That(problems.Found, Has.Count.EqualTo(Problems.Limit));
    }

    [Test]
    public void What_the_rules_found_is_told_at_its_place_in_the_request()
    {
        var refused = RefusalMapping.ToRefused(
            [new Violation("subject.name", RefusalReason.NameCharacter), new Violation("", RefusalReason.AlreadyPerformed)], "items[3].listing");

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.SeveralViolations));
        Assert.That(refused.Violations, Is.EqualTo([new FieldProblem("items[3].listing.subject.name", ErrorReason.NameCharacter, null)]));
    }
}
