using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>The search by name, which never decides.</summary>
internal sealed class CandidateSearchTests
{
    private readonly LookupWorld _world = new();

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task A_namesake_is_found_masked_and_the_ledger_knows()
    {
        _world.Publish(Sample.Person);

        var answer = await FindAsync(Request("测 试 甲", 1990, ""));

        var candidate = answer.Candidates.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(candidate.Documents.Single().Number, Is.EqualTo("1100001990****2138"));
            Assert.That(candidate.Court.Code, Is.EqualTo("测01"));
            Assert.That(answer.Truncated, Is.False);
            Assert.That(_world.Store.Recorded.Single().AnswerId.ToString(), Is.EqualTo(answer.AnswerId));
            Assert.That(_world.Store.Recorded.Single().AnswerId.Version, Is.EqualTo(7));
            Assert.That(_world.Store.Recorded.Single().Listings.Single().Verdict, Is.EqualTo(Core.Access.Verdict.None));
            Assert.That(_world.Store.Recorded.Single().Listings.Single().Document, Is.Null);
        }
    }

    [Test]
    public async Task The_full_view_does_not_unmask_candidates()
    {
        _world.Bank = _world.Bank with { Views = [Core.Access.View.Full] };
        _world.Publish(Sample.Person);

        Assert.That((await FindAsync(Request("测试甲", 1990, ""))).Candidates.Single().Documents.Single().Number, Does.Contain("****"));
    }

    [TestCase("测试甲", 1991, "")]
    [TestCase("测试甲", 0, "京")]
    [TestCase("测试丙", 1990, "")]
    public async Task Nobody_else_is_found_and_nothing_is_recorded(string name, int birthYear, string region)
    {
        _world.Publish(Sample.Person);

        var answer = await FindAsync(Request(name, birthYear, region));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Candidates, Is.Empty);
            Assert.That(_world.Store.Recorded, Is.Empty);
        }
    }

    [Test]
    public async Task Several_cases_of_one_person_before_one_court_are_one_candidate()
    {
        _world.Publish(Sample.Person);
        _world.Publish(Sample.Person with { Case = Sample.Case("（2025）测01执13号") });

        var answer = await FindAsync(Request("测试甲", 1990, ""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Candidates, Has.Count.EqualTo(1));
            Assert.That(_world.Store.Recorded.Single().Listings, Has.Length.EqualTo(2), "both were disclosed");
        }
    }

    [Test]
    public async Task At_most_twenty_are_given_out()
    {
        for (var i = 0; i < 21; i++)
        {
            var number = $"1100001990030{i + 10:00}01";
            _world.Publish(Sample.Person.WithDocuments(Sample.Document(Core.Numbers.DocumentType.Other, number)));
        }

        var answer = await FindAsync(Request("测试甲", 1990, ""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Candidates, Has.Count.EqualTo(20));
            Assert.That(answer.Truncated);
            Assert.That(_world.Store.Recorded.Single().Listings, Has.Length.EqualTo(20));
        }
    }

    [Test]
    public async Task Whoever_is_past_the_term_is_no_candidate()
    {
        _world.Publish(Sample.Person.WithTerm(new DateOnly(2024, 1, 1), Sample.Today.AddDays(-1)));

        Assert.That((await FindAsync(Request("测试甲", 1990, ""))).Candidates, Is.Empty);
    }

    [TestCase("测", 1990, "", "name FieldInvalid")]
    [TestCase("", 1990, "", "name FieldRequired")]
    [TestCase("测试甲", 0, "", "birth_year FieldRequired")]
    [TestCase("测试甲", 1899, "", "birth_year DateInvalid")]
    [TestCase("测试甲", 2027, "", "birth_year DateInvalid")]
    [TestCase("测试甲", 0, "北京", "region FieldInvalid")]
    public async Task A_search_that_is_too_wide_or_wrong_is_refused(string name, int birthYear, string region, string expected)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => FindAsync(Request(name, birthYear, region)));

        Assert.That(refused!.Violations.Select(problem => $"{problem.Field} {problem.Reason}"), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Who_may_see_no_more_than_a_verdict_may_not_search()
    {
        _world.Bank = _world.Bank with { Views = [Core.Access.View.Status] };

        Assert.That(
            () => FindAsync(Request("测试甲", 1990, "")),
            Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.ViewNotGranted));
    }

    private static FindCandidatesRequest Request(string name, int birthYear, string region) => new()
    {
        Name = name,
        BirthYear = birthYear,
        Region = region,
        Purpose = Purpose.Credit,
        Reference = "寻-1",
        Operator = "柜员7",
    };

    private Task<FindCandidatesResponse> FindAsync(FindCandidatesRequest request) => _world.Service.FindCandidates(request, _world.NewCall());
}
