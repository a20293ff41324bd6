using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

internal sealed class ListingRulesTests
{
    private static readonly DateOnly s_today = Sample.Today;
    private static readonly TermExtension s_severalActs = new(ExtensionReason.MultipleActs, ["隐匿车辆", "虚假报告"]);

    [Test]
    public void A_publication_keeps_the_completed_content_and_its_day()
    {
        var bare = Sample.Person.WithTerm(default, default).WithSubject(subject => subject with { BirthDate = null, Sex = Sex.Unspecified });

        var listing = Sample.Listed(bare);

        Assert.That(listing, Is.EqualTo(new Listing
        {
            Id = Sample.Id,
            Version = 1,
            State = ListingState.Published,
            Content = Sample.Person,
            PublishedOn = s_today,
        }));
    }

    [Test]
    public void A_publication_against_the_rules_is_refused_with_everything_that_is_wrong()
    {
        var decision = ListingRules.Decide(
            null, Sample.Publish(Sample.Person with { Obligation = "", Term = null }), s_today, new Neighbours(Active: true, BarredUntil: null));

        Assert.That(Sample.Outcome(decision), Is.EquivalentTo(new[] { "obligation FieldRequired", "term TermRequired" }));
    }

    [Test]
    public void A_grace_is_not_yet_a_publication() => Assert.That(Sample.Listed(Sample.WithGrace).PublishedOn, Is.Null);

    [Test]
    public void A_confirmed_listing_is_published_on_the_day_of_the_confirmation()
    {
        var day = new DateOnly(2026, 4, 1);

        var listing = Sample.Listed(Sample.WithGrace).After(new ListingCommand.Confirm(Sample.Id, 0), day);

        Assert.That(listing.PublishedOn, Is.EqualTo(day));
    }

    [Test]
    public void A_confirmation_after_the_end_of_the_term_is_refused()
    {
        var decision = ListingRules.Decide(
            Sample.Listed(Sample.WithGrace), new ListingCommand.Confirm(Sample.Id, 0), Sample.TermEnd.AddDays(1));

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { "term.end TermOver" }));
    }

    [TestCase(false, null, Origin.CreditorApplication, ExpectedResult = "Published", TestName = "Without_neighbours_a_subject_is_listed")]
    [TestCase(true, null, Origin.ExOfficio, ExpectedResult = "AlreadyListed", TestName = "A_document_is_listed_once_in_a_case")]
    [TestCase(false, "2026-03-01", Origin.CreditorApplication, ExpectedResult = "Published", TestName = "Art_10_4_a_bar_that_ended_yesterday_bars_nobody")]
    [TestCase(false, "2026-03-02", Origin.CreditorApplication, ExpectedResult = "RelistingBarred", TestName = "Art_10_4_the_creditors_application_is_barred_on_the_last_day")]
    [TestCase(false, "2026-03-02", Origin.ExOfficio, ExpectedResult = "Published", TestName = "Art_10_4_the_court_of_its_own_motion_is_not_barred")]
    public string A_publication_minds_its_neighbours(bool active, string? barredUntil, Origin origin)
    {
        var neighbours = new Neighbours(active, barredUntil is null ? null : DateOnly.Parse(barredUntil, null));

        return Sample.Outcome(ListingRules.Decide(null, Sample.Publish(Sample.Person with { Origin = origin }), s_today, neighbours)).Single();
    }

    [TestCase(EndReason.None, ExpectedResult = "reason FieldRequired")]
    [TestCase(EndReason.Performed, ExpectedResult = "reason EndReasonNotAllowed")]
    [TestCase(EndReason.EarlyDeletion, ExpectedResult = "reason EndReasonNotAllowed")]
    [TestCase(EndReason.TermExpired, ExpectedResult = "reason EndReasonNotAllowed")]
    [TestCase(EndReason.WronglyListed, ExpectedResult = "reason EndReasonNotAllowed")]
    [TestCase(EndReason.PerformedInGrace, ExpectedResult = "Cancelled")]
    [TestCase(EndReason.DecisionRecalled, ExpectedResult = "Cancelled")]
    [TestCase((EndReason)13, ExpectedResult = "reason EndReasonNotAllowed")]
    public string Art_15_a_grace_ends_for_two_reasons(EndReason reason) =>
        Sample.Outcome(ListingRules.Decide(
            Sample.Listed(Sample.WithGrace), new ListingCommand.Cancel(Sample.Id, 0, reason), s_today)).Single();

    [Test]
    public void A_cancellation_is_remembered_with_its_reason_and_day()
    {
        var ended = Sample.Listed(Sample.WithGrace).After(new ListingCommand.Cancel(Sample.Id, 0, EndReason.DecisionRecalled));

        Assert.That(ended.Ending, Is.EqualTo(
            new Ending { Reason = EndReason.DecisionRecalled, EventDate = s_today, EndDate = s_today }));
    }

    [TestCase(EndReason.None, "reason FieldRequired", "reason FieldRequired")]
    [TestCase(EndReason.Performed, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.SettlementPerformed, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.CreditorRequest, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.NoProperty, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.Stayed, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.EnforcementRefused, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.EnforcementTerminated, "Withdrawn", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.EarlyDeletion, "reason EndReasonNotAllowed", "Withdrawn")]
    [TestCase(EndReason.TermExpired, "reason EndReasonNotAllowed", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.WronglyListed, "reason EndReasonNotAllowed", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.PerformedInGrace, "reason EndReasonNotAllowed", "reason EndReasonNotAllowed")]
    [TestCase(EndReason.DecisionRecalled, "reason EndReasonNotAllowed", "reason EndReasonNotAllowed")]
    [TestCase((EndReason)13, "reason EndReasonNotAllowed", "reason EndReasonNotAllowed")]
    public void Art_10_1_ends_listings_without_a_term_and_Art_2_2_those_with_one(EndReason reason, string withoutTerm, string withTerm)
    {
        var command = new ListingCommand.Withdraw(Sample.Id, 1, reason, "", EventDate: null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Sample.Outcome(ListingRules.Decide(Sample.Listed(Sample.OpenEnded), command, s_today)), Is.EqualTo(new[] { withoutTerm }));
            Assert.That(Sample.Outcome(ListingRules.Decide(Sample.Listed(Sample.Person), command, s_today)), Is.EqualTo(new[] { withTerm }));
        }
    }

    [TestCase("2026-03-02", 0, ExpectedResult = "Withdrawn", TestName = "Art_10_1_withdrawn_for_an_event_of_today")]
    [TestCase("2026-03-03", 0, ExpectedResult = "event_date DateInFuture", TestName = "Art_10_1_not_withdrawn_for_an_event_of_tomorrow")]
    [TestCase("2026-02-02", 0, ExpectedResult = "Withdrawn", TestName = "Art_10_1_withdrawn_for_an_event_on_the_day_of_the_decision")]
    [TestCase("2026-02-01", 0, ExpectedResult = "event_date DateInvalid", TestName = "Art_10_1_not_withdrawn_for_an_event_before_the_decision")]
    [TestCase("2026-03-02", 200, ExpectedResult = "Withdrawn", TestName = "Art_10_1_withdrawn_with_a_finer_reason_of_200_characters")]
    [TestCase("2026-03-02", 201, ExpectedResult = "sub_reason FieldTooLong", TestName = "Art_10_1_not_withdrawn_with_one_of_201_characters")]
    public string A_withdrawal_has_a_day_and_a_finer_reason(string eventDate, int subReasonLength) =>
        Sample.Outcome(ListingRules.Decide(
            Sample.Listed(Sample.OpenEnded),
            new ListingCommand.Withdraw(
                Sample.Id, 1, EndReason.Performed, new string('因', subReasonLength), DateOnly.Parse(eventDate, null)),
            s_today)).Single();

    [Test]
    public void A_withdrawal_is_remembered_with_the_day_of_the_event_and_its_own()
    {
        var ended = Sample.Listed(Sample.OpenEnded).After(
            new ListingCommand.Withdraw(Sample.Id, 1, EndReason.NoProperty, "两次查询", new DateOnly(2026, 2, 20)));

        Assert.That(ended.Ending, Is.EqualTo(new Ending
        {
            Reason = EndReason.NoProperty,
            SubReason = "两次查询",
            EventDate = new DateOnly(2026, 2, 20),
            EndDate = s_today,
        }));
    }

    [Test]
    public void A_withdrawal_without_a_day_is_for_an_event_of_today() =>
        Assert.That(
            Sample.Listed(Sample.Person).After(new ListingCommand.Withdraw(Sample.Id, 1, EndReason.EarlyDeletion, "", null)).Ending!.EventDate,
            Is.EqualTo(s_today));

    [TestCase(200, ExpectedResult = "Revoked")]
    [TestCase(201, ExpectedResult = "sub_reason FieldTooLong")]
    public string Art_9_a_revocation_has_a_finer_reason_of_at_most_200_characters(int length) =>
        Sample.Outcome(ListingRules.Decide(
            Sample.Listed(Sample.Person), new ListingCommand.Revoke(Sample.Id, 1, new string('因', length)), s_today)).Single();

    [Test]
    public void Art_9_a_revocation_is_remembered_as_a_wrong_listing()
    {
        var ended = Sample.Listed(Sample.Person).After(new ListingCommand.Revoke(Sample.Id, 1, "同名"));

        Assert.That(ended.Ending, Is.EqualTo(new Ending
        {
            Reason = EndReason.WronglyListed,
            SubReason = "同名",
            EventDate = s_today,
            EndDate = s_today,
        }));
    }

    [Test]
    public void An_expiry_is_remembered_with_the_last_day_of_the_term_however_late_it_is_recorded()
    {
        var late = Sample.TermEnd.AddDays(9);

        var ended = Sample.Listed(Sample.Person).After(new ListingCommand.Expire(Sample.Id, 1), late);

        Assert.That(ended.Ending, Is.EqualTo(
            new Ending { Reason = EndReason.TermExpired, EventDate = Sample.TermEnd, EndDate = late }));
    }

    [TestCase("2029-02-01", ExpectedResult = "end TermLength", TestName = "Art_2_1_not_extended_by_a_day_less_than_a_year")]
    [TestCase("2029-02-02", ExpectedResult = "Extended", TestName = "Art_2_1_extended_by_one_year")]
    [TestCase("2031-02-02", ExpectedResult = "Extended", TestName = "Art_2_1_extended_by_three_years")]
    [TestCase("2031-02-03", ExpectedResult = "end TermLength", TestName = "Art_2_1_not_extended_by_a_day_more_than_three_years")]
    [TestCase("0001-01-01", ExpectedResult = "end FieldRequired", TestName = "Art_2_1_not_extended_without_a_day")]
    public string An_extension_is_by_one_to_three_years(string end) =>
        Sample.Outcome(ListingRules.Decide(
            Sample.Listed(Sample.Person),
            new ListingCommand.Extend(Sample.Id, 1, DateOnly.Parse(end, null), s_severalActs),
            s_today)).Single();

    [TestCase("2030-02-02", ExpectedResult = "end TermLength")]
    [TestCase("2030-02-01", ExpectedResult = "end TermLength")]
    [TestCase("2030-02-03", ExpectedResult = "Extended")]
    public string A_second_extension_goes_further_than_the_first(string end)
    {
        var extended = Sample.Listed(Sample.Person).After(new ListingCommand.Extend(Sample.Id, 1, new DateOnly(2030, 2, 2), s_severalActs));

        return Sample.Outcome(ListingRules.Decide(
            extended, new ListingCommand.Extend(Sample.Id, 2, DateOnly.Parse(end, null), s_severalActs), s_today)).Single();
    }

    [Test]
    public void An_extension_without_what_carries_it_is_refused_with_everything_that_is_wrong()
    {
        var decision = ListingRules.Decide(
            Sample.Listed(Sample.Person),
            new ListingCommand.Extend(Sample.Id, 1, default, new TermExtension(ExtensionReason.ViolenceSerious, [""])),
            s_today);

        Assert.That(Sample.Outcome(decision), Is.EquivalentTo(new[]
        {
            "end FieldRequired", "extension.reason ExtensionReason", "extension.acts[0] FieldRequired",
        }));
    }

    [Test]
    public void An_extension_that_is_not_there_is_missing() =>
        Assert.That(
            Sample.Outcome(ListingRules.Decide(
                Sample.Listed(Sample.Person), new ListingCommand.Extend(Sample.Id, 1, new DateOnly(2030, 2, 2), null!), s_today)),
            Is.EqualTo(new[] { "extension FieldRequired" }));

    [Test]
    public void An_extended_listing_is_active_until_the_new_end()
    {
        var end = new DateOnly(2030, 2, 2);

        var extended = Sample.Listed(Sample.Person).After(new ListingCommand.Extend(Sample.Id, 1, end, s_severalActs));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(extended.Content.Term!.Extension, Is.EqualTo(s_severalActs));
            Assert.That(extended.IsActiveOn(end), Is.True);
            Assert.That(extended.IsActiveOn(end.AddDays(1)), Is.False);
        }
    }

    [Test]
    public void Art_10_4_a_withdrawal_that_the_creditor_asked_for_bars_for_six_months()
    {
        var ended = Sample.Listed(Sample.OpenEnded).After(
            new ListingCommand.Withdraw(Sample.Id, 1, EndReason.CreditorRequest, "", new DateOnly(2026, 2, 20)));

        Assert.That(ListingRules.BarredUntil(ended), Is.EqualTo(new DateOnly(2026, 9, 2)));
    }

    [Test]
    public void Art_10_4_six_months_from_the_end_of_August_end_with_February()
    {
        var ended = Sample.Listed(Sample.OpenEnded).After(
            new ListingCommand.Withdraw(Sample.Id, 1, EndReason.CreditorRequest, "", null), new DateOnly(2026, 8, 31));

        Assert.That(ListingRules.BarredUntil(ended), Is.EqualTo(new DateOnly(2027, 2, 28)));
    }

    [Test]
    public void Art_10_4_another_withdrawal_bars_nobody()
    {
        var ended = Sample.Listed(Sample.OpenEnded).After(new ListingCommand.Withdraw(Sample.Id, 1, EndReason.Performed, "", null));

        Assert.That(ListingRules.BarredUntil(ended), Is.Null);
    }

    [Test]
    public void Art_10_4_a_listing_that_stands_bars_nobody() =>
        Assert.That(ListingRules.BarredUntil(Sample.Listed(Sample.Person)), Is.Null);

    [Test]
    public void A_publication_claims_its_documents_and_what_they_contain()
    {
        var claimed = ListingRules.ClaimedDocuments(null, Sample.Publish(Sample.Organisation.WithDocuments(
            Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode), Sample.Unreadable)));

        Assert.That(claimed.Select(number => number.Reveal()), Is.EqualTo(new[] { Sample.SocialCreditCode, Sample.ItsOrganisationCode }));
    }

    [Test]
    public void A_publication_without_a_subject_claims_nothing() =>
        Assert.That(ListingRules.ClaimedDocuments(null, Sample.Publish(Sample.Person with { Subject = null })), Is.Empty);

    [Test]
    public void A_revocation_claims_nothing() =>
        Assert.That(
            ListingRules.ClaimedDocuments(Sample.Listed(Sample.Person), new ListingCommand.Revoke(Sample.Id, 1, "")), Is.Empty);

    [TestCase("another listing")]
    [TestCase("a version left out")]
    [TestCase("a change after the end")]
    [TestCase("a first change that is no publication")]
    [TestCase("a grace that does not begin at nothing")]
    public void A_change_that_does_not_follow_is_not_applied(string fault)
    {
        var listed = Sample.Listed(Sample.Person);
        var revoked = listed.After(new ListingCommand.Revoke(Sample.Id, 1, ""));
        var (state, kind, after) = fault switch
        {
            "another listing" => (listed, ChangeKind.Revoked, revoked with { Id = new ListingId(Guid.AllBitsSet) }),
            "a version left out" => (listed, ChangeKind.Revoked, revoked with { Version = 3 }),
            "a change after the end" => (revoked, ChangeKind.Corrected, listed with { Version = 3 }),
            "a first change that is no publication" => (null, ChangeKind.Revoked, revoked),
            _ => ((Listing?)null, ChangeKind.GraceBegun, listed),
        };

        Assert.That(() => ListingRules.Apply(state, new Decision.Accepted(kind, after)), Throws.InvalidOperationException);
    }
}
