using CreditShare.Core.Listings;
using NUnit.Framework;
using static CreditShare.Tests.Listings.RuleCase;

namespace CreditShare.Tests.Listings;

internal sealed class TermRulesTests
{
    private static readonly TermExtension s_severalActs = new(ExtensionReason.MultipleActs, ["隐匿车辆", "虚假报告"]);
    private static readonly DateOnly s_start = Sample.Decided;

    [TestCaseSource(nameof(Cases))]
    public void A_term_is_that_of_Article_2(ListingContent content, string[] expected) =>
        Assert.That(Sample.Words(ContentRules.Check(content, Sample.Today)), Is.EquivalentTo(expected));

    [TestCase("2024-02-29", "2026-02-28", "2026-02-28")]
    [TestCase("2024-02-28", "2026-02-28", "2026-02-28")]
    [TestCase("2023-03-01", "2025-03-01", "2025-03-01")]
    public void Two_years_end_on_the_day_of_the_same_number_or_the_last_of_its_month(string decided, string end, string today)
    {
        var content = Sample.Person.DecidedOn(DateOnly.Parse(decided, null)) with
        {
            Case = Sample.Case("（2022）测01执1号"),
            FilingDate = new DateOnly(2022, 5, 1),
        };
        content = content.WithTerm(DateOnly.Parse(decided, null), DateOnly.Parse(end, null));

        Assert.That(Sample.Words(ContentRules.Check(content, DateOnly.Parse(today, null))), Is.Empty);
    }

    [Test]
    public void A_term_without_days_begins_with_the_decision_and_runs_two_years()
    {
        var completed = ListingRules.Complete(Sample.Person.WithTerm(default, default));

        Assert.That(completed.Term, Is.EqualTo(new Term { Start = Sample.Decided, End = Sample.TermEnd }));
    }

    [Test]
    public void A_term_with_a_first_day_alone_runs_two_years_from_it()
    {
        var completed = ListingRules.Complete(Sample.Person.WithTerm(Sample.Today, default));

        Assert.That(completed.Term, Is.EqualTo(new Term { Start = Sample.Today, End = new DateOnly(2028, 3, 2) }));
    }

    [Test]
    public void Completing_twice_is_completing_once()
    {
        var once = ListingRules.Complete(Sample.Person.WithTerm(default, default));

        Assert.That(ListingRules.Complete(once), Is.EqualTo(once));
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        var person = Sample.Person;
        foreach (var row in Grounds(person).Concat(Days(person)).Concat(Lengths(person)).Concat(Extensions(person))) yield return row;
    }

    private static IEnumerable<TestCaseData> Grounds(ListingContent person)
    {
        yield return Lawful("Art_2_1_ground_4_has_a_term_of_two_years", person);
        yield return Lawful("Art_2_1_ground_1_alone_has_no_term", Sample.OpenEnded);
        yield return Unlawful("Art_2_1_ground_4_without_a_term", person with { Term = null }, "term TermRequired");
        yield return Unlawful("Art_2_1_ground_1_alone_with_a_term", Sample.OpenEnded with { Term = person.Term }, "term TermNotAllowed");
        yield return Lawful(
            "Art_2_1_ground_1_beside_ground_6_has_a_term",
            Sample.OpenEnded with { Grounds = [Ground.RefusesThoughAble, Ground.RefusesSettlement], Term = person.Term });
        yield return Unlawful(
            "Art_2_1_ground_1_beside_ground_6_without_a_term",
            Sample.OpenEnded with { Grounds = [Ground.RefusesThoughAble, Ground.RefusesSettlement] },
            "term TermRequired");
        yield return Unlawful(
            "Art_2_1_says_nothing_about_a_term_while_the_grounds_are_unknown",
            person with { Grounds = [(Ground)9], Term = null },
            "grounds[0] FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Days(ListingContent person)
    {
        var grace = person with { GraceUntil = new DateOnly(2026, 4, 2) };

        yield return Lawful("Art_2_1_a_term_may_begin_after_the_decision", person.WithTerm(Sample.Today, new DateOnly(2028, 3, 2)));
        yield return Unlawful(
            "Art_2_1_a_term_does_not_begin_before_the_decision",
            person.WithTerm(new DateOnly(2026, 2, 1), new DateOnly(2028, 2, 1)),
            "term.start DateInvalid");
        yield return Unlawful(
            "Art_2_1_a_term_does_not_begin_tomorrow",
            person.WithTerm(new DateOnly(2026, 3, 3), new DateOnly(2028, 3, 3)),
            "term.start DateInFuture");
        yield return Lawful(
            "Art_2_1_a_term_may_begin_when_the_grace_is_over",
            grace.WithTerm(new DateOnly(2026, 4, 3), new DateOnly(2028, 4, 3)));
        yield return Unlawful(
            "Art_2_1_a_term_does_not_begin_later_than_that",
            grace.WithTerm(new DateOnly(2026, 4, 4), new DateOnly(2028, 4, 4)),
            "term.start DateInFuture");
        yield return Unlawful(
            "Art_2_1_an_unlawful_grace_does_not_put_the_first_day_off",
            (person with { GraceUntil = DateOnly.MaxValue }).WithTerm(new DateOnly(2026, 3, 3), new DateOnly(2028, 3, 3)),
            "grace_until GraceLength",
            "term.start DateInFuture");
        yield return Unlawful(
            "Art_2_1_a_grace_that_ran_out_does_not_put_the_first_day_off",
            (person.DecidedOn(new DateOnly(2026, 1, 5)) with { GraceUntil = new DateOnly(2026, 2, 10) })
                .WithTerm(new DateOnly(2026, 3, 3), new DateOnly(2028, 3, 3)),
            "term.start DateInFuture");
        yield return Unlawful(
            "Art_2_1_a_first_day_at_the_end_of_the_calendar_is_only_refused",
            person.WithTerm(DateOnly.MaxValue, default),
            "term.start DateInFuture");
        yield return Lawful(
            "Art_2_1_a_term_that_ends_today_is_not_over",
            Older(person, new DateOnly(2024, 3, 2)));
        yield return Unlawful(
            "Art_2_1_a_term_that_ended_yesterday_is_over",
            Older(person, new DateOnly(2024, 3, 1)),
            "term.end TermOver");
        yield return Unlawful(
            "Art_2_1_without_a_decision_only_the_decision_is_missing",
            person.WithTerm(default, default) with { Decision = null },
            "decision FieldRequired");
        yield return Unlawful(
            "Art_2_1_without_a_decision_a_term_is_measured_from_the_first_day_it_names",
            person.WithTerm(s_start, new DateOnly(2028, 2, 3)) with { Decision = null },
            "decision FieldRequired",
            "term.end TermLength");
        yield return Unlawful(
            "Art_2_1_with_a_decision_of_tomorrow_another_first_day_is_measured_too",
            person.WithTerm(s_start, new DateOnly(2028, 2, 3)) with { Decision = person.Decision! with { Date = new DateOnly(2026, 3, 3) } },
            "decision.date DateInFuture",
            "term.end TermLength");
        yield return Unlawful(
            "Art_2_1_with_a_decision_of_tomorrow_only_the_decision_is_wrong",
            person.WithTerm(default, default) with { Decision = person.Decision! with { Date = new DateOnly(2026, 3, 3) } },
            "decision.date DateInFuture");
        yield return Unlawful(
            "Art_2_1_a_term_is_over_also_while_the_decision_is_missing",
            person.WithTerm(default, new DateOnly(2026, 3, 1)) with { Decision = null },
            "decision FieldRequired",
            "term.end TermOver");
    }

    private static IEnumerable<TestCaseData> Lengths(ListingContent person)
    {
        yield return Length("a_day_less_than_two_years", person, new DateOnly(2028, 2, 1), null, "term.end TermLength");
        yield return Length("a_day_more_than_two_years", person, new DateOnly(2028, 2, 3), null, "term.end TermLength");
        yield return Length("three_years_without_an_extension", person, new DateOnly(2029, 2, 2), null, "term.end TermLength");
        yield return Length("an_extension_that_extends_nothing", person, Sample.TermEnd, s_severalActs, "term.end TermLength");
        yield return Length("an_extension_by_a_day_less_than_a_year", person, new DateOnly(2029, 2, 1), s_severalActs, "term.end TermLength");
        yield return Length("an_extension_by_one_year", person, new DateOnly(2029, 2, 2), s_severalActs);
        yield return Length("an_extension_by_a_year_and_a_half", person, new DateOnly(2029, 8, 2), s_severalActs);
        yield return Length("an_extension_by_three_years", person, new DateOnly(2031, 2, 2), s_severalActs);
        yield return Length("an_extension_by_a_day_more_than_three_years", person, new DateOnly(2031, 2, 3), s_severalActs, "term.end TermLength");
    }

    private static IEnumerable<TestCaseData> Extensions(ListingContent person)
    {
        var violent = person with { Grounds = [Ground.Obstructs, Ground.BreachesAssetReporting] };

        yield return Extension("serious_violence_on_ground_2", violent, new(ExtensionReason.ViolenceSerious, []));
        yield return Extension("serious_violence_without_ground_2", person, new(ExtensionReason.ViolenceSerious, ["殴打"]), ".reason ExtensionReason");
        yield return Extension("two_acts", person, s_severalActs);
        yield return Extension("one_act", person, new(ExtensionReason.MultipleActs, ["隐匿车辆"]), ".acts ExtensionReason");
        yield return Extension("one_act_told_twice", person, new(ExtensionReason.MultipleActs, ["隐匿", " 隐匿 "]), ".acts ExtensionReason");
        yield return Extension("no_act", person, new(ExtensionReason.MultipleActs, default), ".acts ExtensionReason");
        yield return Extension(
            "a_blank_act", person, new(ExtensionReason.MultipleActs, ["甲", "乙", " "]), ".acts[2] FieldRequired");
        yield return Extension("no_reason", person, new(ExtensionReason.None, ["甲", "乙"]), ".reason FieldRequired");
        yield return Extension("an_unknown_reason", person, new((ExtensionReason)7, ["甲", "乙"]), ".reason FieldInvalid");
        yield return Extension("twenty_acts", person, new(ExtensionReason.MultipleActs, [.. Enumerable.Range(1, 20).Select(i => $"行为{i}")]));
        yield return Extension(
            "twenty_one_acts",
            person,
            new(ExtensionReason.MultipleActs, [.. Enumerable.Range(1, 21).Select(i => $"行为{i}")]),
            ".acts FieldTooLong");
        yield return Extension("an_act_of_4000_characters", person, new(ExtensionReason.MultipleActs, ["甲", new string('乙', 4_000)]));
        yield return Extension(
            "an_act_of_4001_characters", person, new(ExtensionReason.MultipleActs, ["甲", new string('乙', 4_001)]), ".acts[1] FieldTooLong");
    }

    private static TestCaseData Length(
        string name, ListingContent content, DateOnly end, TermExtension? extension, params string[] violations) =>
        Unlawful("Art_2_1_length_" + name, content.WithTerm(s_start, end, extension), violations);

    private static TestCaseData Extension(string name, ListingContent content, TermExtension extension, params string[] violations) =>
        Unlawful(
            "Art_2_1_extension_" + name,
            content.WithTerm(s_start, new DateOnly(2029, 2, 2), extension),
            [.. violations.Select(violation => "term.extension" + violation)]);

    private static ListingContent Older(ListingContent content, DateOnly decided) =>
        content.DecidedOn(decided) with { Case = Sample.Case("（2023）测01执1号"), FilingDate = new DateOnly(2023, 5, 1) };
}
