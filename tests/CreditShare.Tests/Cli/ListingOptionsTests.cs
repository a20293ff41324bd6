using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ListingOptionsTests
{
    [Test]
    public void An_option_replaces_what_the_file_had()
    {
        var listing = new Listing
        {
            Subject = new Subject
            {
                RelatedPersons =
                {
                    new RelatedPerson { Name = "测试甲", Role = RelatedPersonRole.LegalRepresentative },
                    new RelatedPerson { Name = "测试乙", Role = RelatedPersonRole.ActualController },
                },
                SpecialStatuses = { SpecialStatus.CppccMember },
                Documents = { new IdentityDocument { Type = DocumentType.Uscc, Number = "x" } },
            },
            Grounds = { Ground.Evades },
        };

        Apply(
            listing,
            "--legal-representative", "测试丙", "--special-status", "congress-deputy", "--document", "org-code:YY000000-1", "--ground", "obstructs");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                listing.Subject.RelatedPersons.Select(p => (p.Name, p.Role)),
                Is.EqualTo(new[] { ("测试丙", RelatedPersonRole.LegalRepresentative), ("测试乙", RelatedPersonRole.ActualController) }));
            Assert.That(listing.Subject.SpecialStatuses, Is.EqualTo(new[] { SpecialStatus.CongressDeputy }));
            Assert.That(listing.Subject.Documents.Select(d => d.Type), Is.EqualTo(new[] { DocumentType.OrgCode }));
            Assert.That(listing.Grounds, Is.EqualTo(new[] { Ground.Obstructs }));
        }
    }

    private static void Apply(Listing listing, params string[] args)
    {
        var options = new ListingOptions();
        var command = new Command("publish");
        options.AddTo(command);
        var parse = command.Parse(args);
        Assert.That(parse.Errors, Is.Empty);
        using var host = CliRun.Host(TextWriter.Null, TextWriter.Null);
        options.ApplyTo(listing, new Invocation(parse, host));
    }
}
