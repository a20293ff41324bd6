using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using NUnit.Framework;
using Change = CreditShare.V1.Change;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Mapping;

internal sealed class ListingViewTests
{
    private static readonly CourtDirectory s_courts = new();
    private static readonly DateTimeOffset s_now = ChinaTime.StartOf(Sample.Today);

    private static readonly View[] s_viewsWithoutNumbers = [View.Status, View.Public];

    [Test]
    public void The_status_view_is_bare()
    {
        var shown = Shown(Sample.Person, View.Status);

        Assert.That(shown, Is.EqualTo(new V1.Listing
        {
            Name = $"courts/测01/listings/{Sample.Id}",
            Version = 1,
            Epoch = 1,
            State = V1.ListingState.Published,
            CourtCode = "测01",
            CourtName = "测试第一中级人民法院（虚构）",
        }));
    }

    [Test]
    public void The_public_view_hides_the_middle_of_a_persons_number_the_birth_date_and_the_signer()
    {
        var shown = Shown(Sample.Person.WithSubject(subject => subject with { SpecialStatuses = [SpecialStatus.CppccMember] }), View.Public);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown.Subject.Documents[0].Number, Is.EqualTo("1100001990****2138"));
            Assert.That(shown.Subject.BirthDate, Is.Null);
            Assert.That(shown.Subject.Age, Is.EqualTo(35));
            Assert.That(shown.Subject.SpecialStatuses, Is.Empty);
            Assert.That(shown.Decision.Signer, Is.Empty);
            Assert.That(shown.Decision.Number, Is.Not.Empty);
            Assert.That(shown.GraceUntil, Is.Null);
        }
    }

    [Test]
    public void The_public_view_shows_an_organisations_number_whole() =>
        Assert.That(Shown(Sample.Organisation, View.Public).Subject.Documents[0].Number, Is.EqualTo(Sample.SocialCreditCode));

    [Test]
    public void The_full_view_shows_the_canonical_number_and_still_no_signer()
    {
        var content = Sample.Person.WithDocuments(Sample.Document(DocumentType.ResidentId, "110000900307213"));

        var shown = Shown(content, View.Full);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown.Subject.Documents[0].Number, Is.EqualTo(Sample.Man));
            Assert.That(shown.Subject.BirthDate, Is.EqualTo(new Google.Type.Date { Year = 1990, Month = 3, Day = 7 }));
            Assert.That(shown.Decision.Signer, Is.Empty);
        }
    }

    [Test]
    public void Only_the_court_sees_its_signer_its_grace_and_the_number_as_it_was_sent()
    {
        var content = Sample.WithGrace.WithDocuments(Sample.Document(DocumentType.ResidentId, "110000900307213"));

        var shown = ListingMapping.ToCourtProto(Wire.Stored(content), s_courts);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown.Subject.Documents[0].Number, Is.EqualTo("110000900307213"));
            Assert.That(shown.Decision.Signer, Is.EqualTo("测试院长"));
            Assert.That(shown.GraceUntil, Is.Not.Null);
        }
    }

    [TestCase("2026-03-06", 35)]
    [TestCase("2026-03-07", 36)]
    public void An_age_is_that_of_the_day_of_publication_and_never_grows(string publishedOn, int age)
    {
        var stored = Wire.Stored(Sample.Person);
        stored = stored with { Listing = stored.Listing with { PublishedOn = DateOnly.ParseExact(publishedOn, "yyyy-MM-dd") } };

        Assert.That(ListingMapping.ToProto(stored, View.Public, s_courts).Subject.Age, Is.EqualTo(age));
    }

    [Test]
    public void In_grace_the_age_is_that_of_the_day_of_the_decision()
    {
        var stored = Wire.Stored(Sample.WithGrace.DecidedOn(new DateOnly(2026, 3, 7)));
        stored = stored with { Listing = stored.Listing with { PublishedOn = null } };

        Assert.That(ListingMapping.ToCourtProto(stored, s_courts).Subject.Age, Is.EqualTo(36));
    }

    [Test]
    public void Only_the_full_view_and_the_court_see_a_persons_number() =>
        Prop.ForAll(Contents.Persons.ToArbitrary(), content =>
            s_viewsWithoutNumbers.All(view => ShownEverywhere(content, view).All(message => Tells(message, content) is null))
            && Tells(Shown(content, View.Full), content) is not null
            && Tells(ListingMapping.ToCourtProto(Wire.Stored(content), s_courts), content) is not null).QuickCheckThrowOnFailure();

    [Test]
    public void An_ended_or_redacted_change_tells_nobodys_name_in_any_view() =>
        Prop.ForAll(Contents.Lawful.ToArbitrary(), content =>
            new[] { View.Status, View.Public, View.Full }.All(view => Ends(content, view).All(change =>
                change.Listing is null && change.RemovedDocuments.Count == 0
                && Tells(change, content) is null
                && !Text(change).Contains(content.Subject!.Name.Text, StringComparison.Ordinal)))).QuickCheckThrowOnFailure();

    private static V1.Listing Shown(ListingContent content, View view) => ListingMapping.ToProto(Wire.Stored(content), view, s_courts);

    /// <summary>Every message in which a receiver meets the listing while it is active.</summary>
    private static IEnumerable<IMessage> ShownEverywhere(ListingContent content, View view)
    {
        yield return Shown(content, view);
        yield return EntryMapping.ToProto(EntryOf(content, ChangeKind.Published, ending: null), view, isOutdated: false, s_courts, s_now);
        yield return EntryMapping.ToProto(
            EntryOf(content, ChangeKind.Corrected, ending: null) with { IndexedBefore = [Sample.Document(DocumentType.ResidentId, Sample.Woman).Number], RecordedAt = s_now },
            view,
            isOutdated: false,
            s_courts,
            s_now);
    }

    private static IEnumerable<Change> Ends(ListingContent content, View view)
    {
        var ending = new Ending { Reason = EndReason.Performed, SubReason = content.Subject!.Name.Text, EventDate = Sample.Today, EndDate = Sample.Today };
        yield return EntryMapping.ToProto(EntryOf(content, ChangeKind.Published, ending: null), view, isOutdated: true, s_courts, s_now);
        yield return EntryMapping.ToProto(EntryOf(content, ChangeKind.Withdrawn, ending), view, isOutdated: true, s_courts, s_now);
        yield return EntryMapping.ToProto(EntryOf(content, ChangeKind.Revoked, ending), view, isOutdated: false, s_courts, s_now);
    }

    private static JournalEntry EntryOf(ListingContent content, ChangeKind kind, Ending? ending) => new()
    {
        Epoch = 1,
        Sequence = 1,
        Hash = new byte[32],
        Kind = kind,
        Listing = Wire.Stored(content).Listing with { Ending = ending, State = ending is null ? ListingState.Published : ListingState.Withdrawn },
        IndexedBefore = [],
        Partner = Core.Access.PartnerId.System,
        Operator = "书记员",
        RecordedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The first number of the subject's, or of one that was removed, that the message holds; null if it holds none.</summary>
    private static string? Tells(IMessage message, ListingContent content)
    {
        var text = Text(message);
        var numbers = content.Subject!.Documents.SelectMany(document => new[] { document.Number.Reveal(), document.Submitted }).Append(Sample.Woman);
        return numbers.FirstOrDefault(number => text.Contains(number, StringComparison.Ordinal));
    }

    private static string Text(IMessage message) => System.Text.Encoding.UTF8.GetString(message.ToByteArray());
}
