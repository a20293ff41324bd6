using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class AgeTests
{
    private static readonly DateOnly s_today = new(2026, 11, 24);

    // Born on 1990-03-07: 35 at the decision of 2026-03-02, 36 today.
    [TestCase("110000199003072138", "", "35", false)]
    [TestCase("110000199003072138", "", "36", false)]
    [TestCase("110000199003072138", "", "", false)]
    [TestCase("110000199003072138", "", "34", true)]
    [TestCase("110000199003072138", "", "37", true)]
    [TestCase("110000199003072138", "", "0", true)]
    [TestCase("110000199003072138", "", "三十六", true)]
    [TestCase("ZZ1234567", "1990-03-07", "36", false)]
    [TestCase("ZZ1234567", "1990-03-07", "46", true)]
    [TestCase("ZZ1234567", "", "46", false)]
    public void An_age_is_doubtful_if_it_was_right_on_no_day_since_the_decision(string number, string birth, string age, bool isDoubtful)
    {
        var listing = new Listing
        {
            Subject = new Subject
            {
                Kind = SubjectKind.Person,
                Documents = { new IdentityDocument { Type = DocumentType.ResidentId, Number = number } },
                BirthDate = Values.TryParseDate(birth, out var day) ? day.ToContract() : null,
            },
            Decision = new Decision { Date = new DateOnly(2026, 3, 2).ToContract() },
        };

        Assert.That(AgeCheck.Contradicts(age, listing, s_today), Is.EqualTo(isDoubtful));
    }

    [Test]
    public void An_organisation_has_no_age() =>
        Assert.That(
            AgeCheck.Contradicts("0", new Listing { Subject = new Subject { Kind = SubjectKind.Organisation } }, s_today), Is.False);

    [Test]
    public void Of_many_doubtful_rows_the_first_are_named()
    {
        var rows = new DoubtfulRows();
        for (var row = 1; row <= 30; row++)
        {
            rows.Add(row);
        }

        Assert.That(rows.Count, Is.EqualTo(30));
        Assert.That(rows.Named, Does.StartWith("1, 2, 3").And.EndsWith("20 …"));
    }
}
