using CreditShare.Core.Listings;
using NUnit.Framework;
using static CreditShare.Tests.Listings.RuleCase;

namespace CreditShare.Tests.Listings;

internal sealed class ContentRulesTests
{
    private static readonly DateOnly s_tomorrow = new(2026, 3, 3);

    private static readonly ListingContent s_nothing = new()
    {
        Court = default,
        Case = null,
        Subject = null,
        FilingDate = null,
        Grounds = default,
        Basis = null,
        Obligation = "",
        Performance = null,
        Decision = null,
        Origin = Origin.None,
    };

    [TestCaseSource(nameof(Cases))]
    public void A_content_is_what_the_law_asks_for(ListingContent content, string[] expected) =>
        Assert.That(Sample.Words(ContentRules.Check(content, Sample.Today)), Is.EquivalentTo(expected));

    [Test]
    public void Everything_that_is_missing_is_said_at_once() =>
        Assert.That(Sample.Words(ContentRules.Check(s_nothing, Sample.Today)), Is.EquivalentTo(new[]
        {
            "court_code FieldRequired",
            "case_number FieldRequired",
            "subject FieldRequired",
            "grounds FieldRequired",
            "basis FieldRequired",
            "obligation FieldRequired",
            "performance FieldRequired",
            "origin FieldRequired",
            "filing_date FieldRequired",
            "decision FieldRequired",
        }));

    [TestCase("basis", ExpectedResult = false, TestName = "A_missing_part_is_not_said_twice_at_its_own_path")]
    [TestCase("basis.number", ExpectedResult = false, TestName = "A_missing_part_is_not_said_when_a_part_of_it_could_not_be_read")]
    [TestCase("basis[0]", ExpectedResult = false, TestName = "A_missing_list_is_not_said_when_an_item_of_it_could_not_be_read")]
    [TestCase("basis_number", ExpectedResult = true, TestName = "A_missing_part_is_said_when_only_a_longer_name_is_known")]
    [TestCase("bas", ExpectedResult = true, TestName = "A_missing_part_is_said_when_only_a_shorter_name_is_known")]
    [TestCase("decision", ExpectedResult = true, TestName = "A_missing_part_is_said_when_another_part_is_known")]
    public bool A_missing_part_is_said_unless_it_is_known(string known) =>
        ContentRules.Check(Sample.Person with { Basis = null }, Sample.Today, new HashSet<string> { known })
            .Contains(new Violation("basis", RefusalReason.FieldRequired));

    [Test]
    public void A_missing_part_of_a_part_is_not_said_when_the_whole_could_not_be_read()
    {
        var content = Sample.Person with { Basis = Sample.Person.Basis! with { Maker = "" } };

        Assert.That(ContentRules.Check(content, Sample.Today, new HashSet<string> { "basis" }), Is.Empty);
    }

    [Test]
    public void A_missing_term_is_not_said_when_its_days_could_not_be_read() =>
        Assert.That(
            ContentRules.Check(Sample.Person with { Term = null }, Sample.Today, new HashSet<string> { "term.end" }), Is.Empty);

    [Test]
    public void What_is_wrong_is_said_also_where_something_else_was_found()
    {
        var content = Sample.Person with { Decision = Sample.Person.Decision! with { Number = new string('号', 201) } };

        Assert.That(
            ContentRules.Check(content, Sample.Today, new HashSet<string> { "decision.number" }),
            Is.EqualTo(new[] { new Violation("decision.number", RefusalReason.FieldTooLong) }));
    }

    [Test]
    public void Art_10_2_a_listing_with_a_term_may_stand_when_all_has_been_performed()
    {
        var performed = Sample.Person with { Performance = new Performance { State = PerformanceState.Full } };

        Assert.That(ContentRules.CheckStanding(performed, Sample.Today), Is.Empty);
    }

    [Test]
    public void Art_15_a_grace_that_is_over_is_not_measured_again()
    {
        var shifted = Sample.WithGrace with { GraceUntil = new DateOnly(2026, 2, 25) };

        Assert.That(ContentRules.CheckStanding(shifted, Sample.Today), Is.Empty);
    }

    [Test]
    public void Art_2_1_a_term_that_is_over_does_not_stand() =>
        Assert.That(
            Sample.Words(ContentRules.CheckStanding(Sample.Person, Sample.TermEnd.AddDays(1))),
            Is.EqualTo(new[] { "term.end TermOver" }));

    private static IEnumerable<TestCaseData> Cases() =>
        CaseNumbers().Concat(Grounds()).Concat(Obligations()).Concat(Procedure()).Concat(Service()).Concat(Grace());

    private static IEnumerable<TestCaseData> CaseNumbers()
    {
        yield return Case("of_resumed_enforcement", "（2025）测01执恢12号");
        yield return Case("of_this_year", "（2026）测01执1号");
        yield return Case("of_next_year", "（2027）测01执1号", "case_number DateInFuture");
        yield return Case("of_an_objection", "（2025）测01执异12号", "case_number CaseNotImplementing");
        yield return Case("of_preservation", "（2025）测01执保12号", "case_number CaseNotImplementing");
        yield return Case("of_another_court", "（2025）测02执12号", "case_number CaseOfOtherCourt");
        yield return Case("of_the_older_form", "（2015）测一执字第12号");
        yield return Case("of_the_older_form_in_a_year_of_the_new_one", "（2016）测一执字第12号", "case_number CaseNumberForm");
        yield return Case("of_the_older_form_and_no_enforcement", "（2015）测一民字第12号", "case_number CaseNotImplementing");
        yield return Unlawful(
            "Case_number_without_a_court_to_compare", Sample.Person with { Court = default }, "court_code FieldRequired");
    }

    private static IEnumerable<TestCaseData> Grounds()
    {
        var all = Sample.Person with
        {
            Grounds =
            [
                Ground.RefusesThoughAble, Ground.Obstructs, Ground.Evades, Ground.BreachesAssetReporting,
                Ground.BreachesConsumptionRestriction, Ground.RefusesSettlement,
            ],
            Article3Checked = true,
        };

        yield return Lawful("Art_1_all_six_grounds", all);
        yield return Unlawful("Art_1_no_ground", Sample.Person with { Grounds = [] }, "grounds FieldRequired");
        yield return Unlawful(
            "Art_1_one_ground_twice",
            Sample.Person with { Grounds = [Ground.Evades, Ground.Evades] },
            "grounds[1] FieldInvalid");
        yield return Unlawful("Art_1_a_ground_not_given", all with { Grounds = [Ground.Evades, Ground.None] }, "grounds[1] FieldInvalid");
        yield return Unlawful("Art_1_a_seventh_ground", all with { Grounds = [Ground.Evades, (Ground)7] }, "grounds[1] FieldInvalid");
        yield return Unlawful(
            "Art_3_ground_1_without_the_declaration", all with { Article3Checked = false }, "article3_checked Article3NotDeclared");
        yield return Lawful("Art_3_other_grounds_need_no_declaration", Sample.Person with { Article3Checked = false });
        yield return Lawful("Art_6_4_conduct_may_be_left_out", Sample.Person with { Conduct = "" });
        yield return Lawful("Art_6_4_conduct_may_be_nothing_at_all", Sample.Person with { Conduct = null! });
        yield return Lawful("Art_6_4_conduct_of_4000_characters", Sample.Person with { Conduct = new string('行', 4_000) });
        yield return Unlawful(
            "Art_6_4_conduct_of_4001_characters", Sample.Person with { Conduct = new string('行', 4_001) }, "conduct FieldTooLong");
    }

    private static IEnumerable<TestCaseData> Obligations()
    {
        var person = Sample.Person;
        var long200 = new string('号', 200);
        var long4000 = new string('款', 4_000);

        yield return Unlawful(
            "Art_6_5_an_empty_basis",
            person with { Basis = new EnforcementBasis { Type = BasisType.None, Number = " ", Maker = "" } },
            "basis.type FieldRequired",
            "basis.number FieldRequired",
            "basis.maker FieldRequired");
        yield return Lawful(
            "Art_6_5_a_basis_of_200_characters", person with { Basis = person.Basis! with { Number = long200, Maker = long200 } });
        yield return Unlawful(
            "Art_6_5_a_basis_of_201_characters",
            person with { Basis = new EnforcementBasis { Type = (BasisType)9, Number = long200 + "1", Maker = long200 + "1" } },
            "basis.type FieldInvalid",
            "basis.number FieldTooLong",
            "basis.maker FieldTooLong");

        yield return Unlawful("Art_6_3_a_blank_obligation", person with { Obligation = " " }, "obligation FieldRequired");
        yield return Lawful("Art_6_3_an_obligation_of_4000_characters", person with { Obligation = long4000 });
        yield return Unlawful("Art_6_3_an_obligation_of_4001_characters", person with { Obligation = long4000 + "。" }, "obligation FieldTooLong");
        yield return Lawful("Art_6_3_an_obligation_that_is_not_money", person with { ObligationAmount = null });
        yield return Lawful("Art_6_3_an_amount_of_nothing", person with { ObligationAmount = new Amount("CNY", 0, 0) });
        yield return Lawful("Art_6_3_the_largest_fraction", person with { ObligationAmount = new Amount("USD", 1, 999_999_999) });
        yield return Unlawful(
            "Art_6_3_an_amount_below_nothing",
            person with { ObligationAmount = new Amount("CNY", -1, -1) },
            "obligation_amount.units FieldInvalid",
            "obligation_amount.nanos FieldInvalid");
        yield return Unlawful(
            "Art_6_3_a_fraction_of_a_whole",
            person with { ObligationAmount = new Amount("CNY", 1, 1_000_000_000) },
            "obligation_amount.nanos FieldInvalid");
        foreach (var currency in new[] { "", "CN", "CNYY", "cny", "元元元" })
        {
            yield return Unlawful(
                $"Art_6_3_currency_{currency}",
                person with { ObligationAmount = new Amount(currency, 1, 0) },
                "obligation_amount.currency_code FieldInvalid");
        }

        yield return Performed("Art_6_3_no_state_of_performance", PerformanceState.Unspecified, "performance.state FieldRequired");
        yield return Performed("Art_6_3_an_unknown_state_of_performance", (PerformanceState)5, "performance.state FieldInvalid");
        yield return Performed("Art_6_3_performed_in_part", PerformanceState.Partial);
        yield return Performed("Art_6_3_another_state_of_performance", PerformanceState.Other);
        yield return Performed("Art_1_performed_in_full", PerformanceState.Full, "performance.state AlreadyPerformed");
        yield return Lawful("Art_6_3_parts_of_4000_characters", Parts(long4000));
        yield return Unlawful(
            "Art_6_3_parts_of_4001_characters",
            Parts(long4000 + "。"),
            "performance.performed_part FieldTooLong",
            "performance.unperformed_part FieldTooLong");
    }

    private static IEnumerable<TestCaseData> Procedure()
    {
        var person = Sample.Person;
        var decision = person.Decision!;
        var long200 = new string('号', 200);

        yield return Lawful("Art_5_the_court_of_its_own_motion", person with { Origin = Origin.ExOfficio });
        yield return Unlawful("Art_5_no_origin", person with { Origin = Origin.None }, "origin FieldRequired");
        yield return Unlawful("Art_5_an_unknown_origin", person with { Origin = (Origin)3 }, "origin FieldInvalid");

        yield return Unlawful("Art_6_5_no_filing_date", person with { FilingDate = null }, "filing_date FieldRequired");
        yield return Lawful("Art_6_5_filed_on_the_day_of_the_decision", person with { FilingDate = Sample.Decided });
        yield return Unlawful(
            "Art_6_5_filed_after_the_decision", person with { FilingDate = Sample.Decided.AddDays(1) }, "filing_date DateInvalid");
        yield return Unlawful("Art_6_5_filed_tomorrow", person with { FilingDate = s_tomorrow }, "filing_date DateInFuture");

        yield return Lawful("Art_5_decided_today", person.DecidedOn(Sample.Today));
        yield return Unlawful("Art_5_decided_tomorrow", person.DecidedOn(s_tomorrow), "decision.date DateInFuture");
        yield return Unlawful(
            "Art_5_an_empty_decision",
            person with { Decision = new CourtDecision { Number = "", Date = default, SignerRole = SignerRole.None, Signer = " " } },
            "decision.number FieldRequired",
            "decision.date FieldRequired",
            "decision.signer_role FieldRequired",
            "decision.signer FieldRequired");
        yield return Lawful(
            "Art_5_a_decision_of_200_characters", person with { Decision = decision with { Number = long200, Signer = long200 } });
        yield return Unlawful(
            "Art_5_a_decision_of_201_characters_by_somebody",
            person with { Decision = decision with { Number = long200 + "1", Signer = long200 + "1", SignerRole = (SignerRole)2 } },
            "decision.number FieldTooLong",
            "decision.signer FieldTooLong",
            "decision.signer_role FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Service()
    {
        yield return Lawful("Art_5_service_may_follow", Sample.Person with { Service = null });
        yield return Served("Art_5_served_on_the_day_of_the_decision", Sample.Decided);
        yield return Served("Art_5_served_today", Sample.Today);
        yield return Served("Art_5_served_before_the_decision", Sample.Decided.AddDays(-1), "service.date DateInvalid");
        yield return Served("Art_5_served_tomorrow", s_tomorrow, "service.date DateInFuture");
        yield return Unlawful(
            "Art_5_an_empty_service",
            Sample.Person with { Service = new DecisionService(default, ServiceMethod.None) },
            "service.date FieldRequired",
            "service.method FieldRequired");
        yield return Unlawful(
            "Art_5_served_in_an_unknown_way",
            Sample.Person with { Service = new DecisionService(Sample.Today, (ServiceMethod)8) },
            "service.method FieldInvalid");
    }

    private static IEnumerable<TestCaseData> Grace()
    {
        yield return Graced("a_day_less_than_a_month", new DateOnly(2026, 3, 1), "grace_until GraceLength");
        yield return Graced("one_month", new DateOnly(2026, 3, 2));
        yield return Graced("three_months", new DateOnly(2026, 5, 2));
        yield return Graced("a_day_more_than_three_months", new DateOnly(2026, 5, 3), "grace_until GraceLength");
        yield return Unlawful(
            "Art_15_cannot_be_measured_from_a_decision_of_tomorrow",
            Sample.WithGrace.DecidedOn(s_tomorrow),
            "decision.date DateInFuture");
    }

    private static TestCaseData Case(string name, string number, params string[] violations) =>
        Unlawful("Case_number_" + name, Sample.Person with { Case = Sample.Case(number) }, violations);

    private static TestCaseData Performed(string name, PerformanceState state, params string[] violations) =>
        Unlawful(name, Sample.Person with { Performance = new Performance { State = state } }, violations);

    private static ListingContent Parts(string text) => Sample.Person with
    {
        Performance = new Performance { State = PerformanceState.Partial, PerformedPart = text, UnperformedPart = text },
    };

    private static TestCaseData Served(string name, DateOnly day, params string[] violations) =>
        Unlawful(name, Sample.Person with { Service = new DecisionService(day, ServiceMethod.Direct) }, violations);

    private static TestCaseData Graced(string name, DateOnly until, params string[] violations) =>
        Unlawful("Art_15_a_grace_of_" + name, Sample.Person with { GraceUntil = until }, violations);
}
