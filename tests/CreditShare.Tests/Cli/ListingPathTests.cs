using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;
using Google.Type;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ListingPathTests
{
    private readonly Listing _listing = new()
    {
        Subject = new Subject { Name = "测试甲" },
        Performance = new Performance { State = PerformanceState.None, UnperformedPart = "全部" },
        Grounds = { Ground.Evades, Ground.Obstructs },
        Decision = new Decision { Date = new Date { Year = 2025, Month = 12, Day = 31 } },
    };

    [Test]
    public void A_part_is_set_and_the_rest_of_its_value_stays()
    {
        var mask = ListingPath.Assign(_listing, "performance.state=partial");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(mask, Is.EqualTo("performance"));
            Assert.That(_listing.Performance.State, Is.EqualTo(PerformanceState.Partial));
            Assert.That(_listing.Performance.UnperformedPart, Is.EqualTo("全部"));
        }
    }

    [TestCase("subject.name=测试\"乙\"=丙", "subject.name")]
    [TestCase("conduct=违反", "conduct")]
    [TestCase("article3_checked=true", "article3_checked")]
    [TestCase("grounds=refuses-though-able,evades", "grounds")]
    [TestCase("decision.date=2026-01-05", "decision")]
    [TestCase("filing_date=2026-01-05", "filing_date")]
    [TestCase("obligation_amount={\"currencyCode\":\"CNY\",\"units\":\"5\"}", "obligation_amount")]
    [TestCase("service.method=post", "service")]
    [TestCase("term=", "term")]
    public void The_mask_names_what_is_replaced(string assignment, string mask) =>
        Assert.That(ListingPath.Assign(_listing, assignment), Is.EqualTo(mask));

    [Test]
    public void Values_of_every_kind_arrive()
    {
        string[] assignments =
        [
            "subject.name=测试\"乙\"=丙", "article3_checked=true", "grounds=refuses-though-able", "decision.date=2026-01-05",
            "obligation_amount={\"currencyCode\":\"CNY\",\"units\":\"5\"}", "service.method=SERVICE_METHOD_POST",
        ];
        foreach (var assignment in assignments)
        {
            ListingPath.Assign(_listing, assignment);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_listing.Subject.Name, Is.EqualTo("测试\"乙\"=丙"));
            Assert.That(_listing.Article3Checked, Is.True);
            Assert.That(_listing.Grounds, Is.EqualTo(new[] { Ground.RefusesThoughAble }));
            Assert.That(_listing.Decision.Date, Is.EqualTo(new Date { Year = 2026, Month = 1, Day = 5 }));
            Assert.That(_listing.ObligationAmount.Units, Is.EqualTo(5));
            Assert.That(_listing.Service.Method, Is.EqualTo(ServiceMethod.Post));
        }
    }

    [TestCase("case_number=（2026）测0101执1号")]
    [TestCase("subject.kind=person")]
    [TestCase("performance.nothing=1")]
    [TestCase("performance.state=nothing")]
    [TestCase("decision.date=yesterday")]
    [TestCase("name")]
    [TestCase("=x")]
    public void What_cannot_be_corrected_is_a_wrong_command_line(string assignment) =>
        Assert.That(
            () => ListingPath.Assign(_listing, assignment),
            Throws.TypeOf<CommandFailedException>().With.Property(nameof(CommandFailedException.ExitCode)).EqualTo(2));
}
