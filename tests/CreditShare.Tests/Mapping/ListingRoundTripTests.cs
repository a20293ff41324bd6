using System.Collections.Immutable;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;

namespace CreditShare.Tests.Mapping;

internal sealed class ListingRoundTripTests
{
    private static readonly string[] s_outputOnly =
    [
        "Listing.name", "Listing.version", "Listing.epoch", "Listing.state", "Listing.court_name", "Listing.publish_date",
        "Listing.update_time", "Listing.ending", "Subject.age",
    ];

    /// <summary>For queries only: a listing has its holder's birth date in the subject.</summary>
    private static readonly string[] s_notOfListings = ["IdentityDocument.holder_birth_date"];

    /// <summary>Listings that between them fill every field.</summary>
    private static readonly ListingContent[] s_rich =
    [
        Sample.Person,
        Sample.OpenEnded,
        Sample.WithGrace,
        RichPerson(),
        Sample.Organisation.WithDocuments(
            Sample.Document(DocumentType.Uscc, "91990000-m000100y4n"), Sample.Document(DocumentType.OrgCode, "M000100Y-4"), Sample.Document(DocumentType.RegNo, "110000 000000 001")),
        Sample.Organisation.WithSubject(subject => subject with { SpecialStatuses = [SpecialStatus.StateOwnedEnterprise, SpecialStatus.PublicInstitution] }),
    ];

    private static TestCaseData[] RichContents { get; } = [.. s_rich.Select((content, i) => new TestCaseData(content).SetArgDisplayNames($"content {i + 1}"))];

    [TestCaseSource(nameof(RichContents))]
    public void What_a_court_reads_can_be_sent_as_it_is(ListingContent content) => Assert.That(Again(content), Is.EqualTo(content));

    [Test]
    public void The_samples_fill_every_field_that_a_court_can_send()
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var filled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var content in s_rich) Collect(Wire.Of(content), known, filled);

        Assert.That(known, Is.Not.Empty, "nothing was scanned");
        Assert.That(known.Except(filled).Except(s_notOfListings), Is.EquivalentTo(s_outputOnly));
    }

    [Test]
    public void Whatever_is_lawful_comes_back_as_it_was_sent() =>
        Prop.ForAll(Contents.Lawful.ToArbitrary(), content => Again(content) == content).QuickCheckThrowOnFailure();

    [Test]
    public void What_the_server_says_is_not_read_back()
    {
        var sent = Wire.Of(Sample.Person);
        var same = sent.Clone();
        same.Name = "courts/测02/listings/0197a1b2-0000-7000-8000-000000000009";
        same.Version = 9;
        same.Epoch = 9;
        same.State = V1.ListingState.Revoked;
        same.CourtName = "x";
        same.Subject.Age = 9;
        same.Ending = new V1.Ending { Reason = V1.EndReason.Performed };
        same.PublishDate = new DateOnly(2001, 1, 1).ToProto();

        Assert.That(Read(same), Is.EqualTo(Read(sent)));
    }

    private static ListingContent RichPerson() => Sample.Person
        .WithDocuments(
            Sample.Document(DocumentType.ResidentId, "110000900307213"),
            Sample.Document(DocumentType.Passport, "x1234567", "CA"),
            Sample.Document(DocumentType.HmPermit, "h1234567801"))
        .WithSubject(subject => subject with
        {
            BirthDate = new DateOnly(1990, 3, 7),
            SpecialStatuses = [SpecialStatus.CppccMember, SpecialStatus.CongressDeputy],
        }) with
    {
        Grounds = [Ground.RefusesThoughAble, Ground.Obstructs],
        Article3Checked = true,
        Performance = new Performance { State = PerformanceState.Partial, PerformedPart = "一半", UnperformedPart = "另一半" },
        Term = new Term
        {
            Start = Sample.Decided,
            End = Sample.TermEnd.AddYears(2),
            Extension = new TermExtension(ExtensionReason.MultipleActs, ["其一", "其二"]),
        },
    };

    private static ListingContent Again(ListingContent content) => Read(Wire.Of(content));

    private static ListingContent Read(V1.Listing sent)
    {
        var problems = new Problems();
        var content = ListingReading.ReadContent(sent, Sample.Court("测01"), "listing", Sample.Today, problems);
        Assert.That(problems.Found, Is.Empty);
        return content;
    }

    /// <summary>Notes every field of the contract below a message of ours, and those that are filled here.</summary>
    private static void Collect(IMessage message, HashSet<string> known, HashSet<string> filled)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var name = $"{message.Descriptor.Name}.{field.Name}";
            known.Add(name);
            foreach (var value in Values(field, message))
            {
                filled.Add(name);
                if (value is IMessage inner && inner.Descriptor.File.Package == message.Descriptor.File.Package) Collect(inner, known, filled);
            }
        }
    }

    private static ImmutableArray<object> Values(FieldDescriptor field, IMessage message)
    {
        var value = field.Accessor.GetValue(message);
        if (field.IsRepeated) return [.. ((System.Collections.IEnumerable)value).Cast<object>()];
        if (field.HasPresence) return field.Accessor.HasValue(message) ? [value] : [];
        return value is null or "" or false or 0 or 0L or 0u || (value is System.Enum set && Convert.ToInt32(set, null) == 0) ? [] : [value];
    }
}
