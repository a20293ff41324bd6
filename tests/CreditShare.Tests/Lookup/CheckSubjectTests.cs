using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;
using DocumentType = CreditShare.Core.Numbers.DocumentType;
using Verdict = CreditShare.V1.Verdict;

namespace CreditShare.Tests.Lookup;

/// <summary>What a single check says.</summary>
internal sealed class CheckSubjectTests
{
    private readonly LookupWorld _world = new();

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task Somebody_nobody_listed_is_not_listed_and_costs_neither_store_nor_ledger()
    {
        _world.Publish(Sample.Organisation);

        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(answer.AsOf.Sequence, Is.EqualTo(1));
            Assert.That(answer.AsOf.Epoch, Is.EqualTo(1));
            Assert.That(answer.ValidUntil.ToDateTimeOffset(), Is.EqualTo(_world.Clock.GetUtcNow().AddHours(24)));
            Assert.That(Guid.TryParse(answer.AnswerId, out var id) && id.Version == 7);
            Assert.That(answer.Matched, Is.Empty);
            Assert.That(_world.Store.Reads, Is.Zero);
            Assert.That(_world.Store.Recorded, Is.Empty);
        }
    }

    [Test]
    public async Task A_listed_man_is_listed_with_his_number_masked_and_the_ledger_knows()
    {
        var listing = _world.Publish(Sample.Person);

        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);

        var recorded = _world.Store.Recorded.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(answer.Listings.Single().Subject.Documents.Single().Number, Is.EqualTo("1100001990****2138"));
            Assert.That(answer.Matched, Is.EqualTo(new[] { MatchElement.Document, MatchElement.Name }));
            Assert.That(answer.CourtsToAsk, Is.Empty);
            Assert.That(recorded.AnswerId.ToString(), Is.EqualTo(answer.AnswerId));
            Assert.That(recorded.AnswerId.Version, Is.EqualTo(7), "an id tells no verdict");
            Assert.That(recorded.Listings.Single().Listing, Is.EqualTo(listing.Id));
            Assert.That(recorded.Listings.Single().Verdict, Is.EqualTo(Core.Access.Verdict.Listed));
            Assert.That(recorded.Reference, Is.EqualTo("贷-1"));
            Assert.That(recorded.Sequence, Is.EqualTo(answer.AsOf.Sequence));
        }
    }

    [Test]
    public async Task The_right_document_under_another_name_is_a_mismatch_that_names_only_the_court()
    {
        _world.Publish(Sample.Person);
        var request = LookupWorld.AboutTheMan;
        request.Name = "测试丙";

        var answer = await _world.CheckAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NameMismatch));
            Assert.That(answer.Listings, Is.Empty);
            Assert.That(answer.CourtsToAsk.Single().Code, Is.EqualTo("测01"));
            Assert.That(answer.Matched, Is.EqualTo(new[] { MatchElement.Document }));
            Assert.That(_world.Store.Recorded.Single().Listings.Single().Verdict, Is.EqualTo(Core.Access.Verdict.NameMismatch));
        }
    }

    [Test]
    public async Task Of_several_listings_with_several_names_only_those_that_match_are_given_out()
    {
        _world.Publish(Sample.Person.WithSubject(subject => subject with { Name = Sample.Name("测试误") }));
        var right = _world.Publish(Sample.Person with { Case = Sample.Case("（2025）测01执13号") });

        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(answer.Listings.Single().Name, Does.EndWith(right.Id.ToString()));
            Assert.That(_world.Store.Recorded.Single().Listings.Single().Listing, Is.EqualTo(right.Id));
        }
    }

    [TestCase("测试甲", Verdict.Listed)]
    [TestCase("测试误", Verdict.Listed)]
    [TestCase("测试丙", Verdict.NameMismatch)]
    public async Task A_listing_behind_a_hundred_newer_ones_of_another_name_is_found(string name, Verdict expected)
    {
        _world.PublishUnseen(Sample.Person);
        for (var i = 0; i < 100; i++) _world.PublishUnseen(Sample.Person.WithSubject(subject => subject with { Name = Sample.Name("测试误") }));
        _world.CatchUp();
        var request = LookupWorld.AboutTheMan;
        request.Name = name;

        Assert.That((await _world.CheckAsync(request)).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_number_of_the_first_generation_finds_a_listing_under_the_second()
    {
        _world.Publish(Sample.Person.WithDocuments(Sample.Document(DocumentType.ResidentId, "11010519491231002X")));
        var request = LookupWorld.AboutTheMan;
        request.Document.Number = "110105491231002";

        Assert.That((await _world.CheckAsync(request)).Verdict, Is.EqualTo(Verdict.Listed));
    }

    [TestCase("", Verdict.Listed)]
    [TestCase("测试有限公司", Verdict.Listed)]
    [TestCase("测试股份公司", Verdict.NameMismatch)]
    public async Task An_organisation_needs_no_name_but_one_that_is_given_must_match(string name, Verdict expected)
    {
        _world.Publish(Sample.Organisation);
        var request = LookupWorld.AboutTheCompany;
        request.Name = name;

        Assert.That((await _world.CheckAsync(request)).Verdict, Is.EqualTo(expected));
    }

    [TestCase(DocumentType.Uscc, Sample.SocialCreditCode, V1.DocumentType.OrgCode, Sample.ItsOrganisationCode)]
    [TestCase(DocumentType.OrgCode, Sample.ItsOrganisationCode, V1.DocumentType.Uscc, Sample.SocialCreditCode)]
    public async Task A_social_credit_code_and_its_organisation_code_find_each_other(
        DocumentType listed, string listedNumber, V1.DocumentType asked, string askedNumber)
    {
        _world.Publish(Sample.Organisation.WithDocuments(Sample.Document(listed, listedNumber)));
        var request = LookupWorld.AboutTheCompany;
        request.Document = new IdentityDocument { Type = asked, Number = askedNumber };

        var answer = await _world.CheckAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(answer.Listings, Has.Count.EqualTo(1));
        }
    }

    [TestCase("测试甲", 7, Verdict.Listed, new[] { MatchElement.Document, MatchElement.Name, MatchElement.BirthDate })]
    [TestCase("测试甲", 8, Verdict.NameMismatch, new[] { MatchElement.Document, MatchElement.Name })]
    [TestCase("测试丙", 7, Verdict.NameMismatch, new[] { MatchElement.Document, MatchElement.BirthDate })]
    public async Task A_passport_lists_only_with_name_and_birth_date(string name, int birthDay, Verdict expected, MatchElement[] matched)
    {
        _world.Publish(Sample.Person.WithDocuments(Sample.Document(DocumentType.Passport, "E12345678", "CHN")));
        var request = LookupWorld.AboutTheMan;
        request.Name = name;
        request.Document = new IdentityDocument
        {
            Type = V1.DocumentType.Passport,
            Country = "CN",
            Number = "E12345678",
            HolderBirthDate = new Google.Type.Date { Year = 1990, Month = 3, Day = birthDay },
        };

        var answer = await _world.CheckAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(expected));
            Assert.That(answer.Matched, Is.EqualTo(matched));
        }
    }

    [Test]
    public async Task Whoever_was_withdrawn_is_not_listed()
    {
        var listing = _world.Publish(Sample.Person);
        _world.Withdraw(listing);

        Assert.That((await _world.CheckAsync(LookupWorld.AboutTheMan)).Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public async Task A_number_that_was_corrected_away_is_free_and_the_new_one_is_listed()
    {
        var listing = _world.Publish(Sample.Person);
        _world.Correct(listing, content => content.WithDocuments(Sample.Document(DocumentType.ResidentId, "310000198512314564")));
        var other = LookupWorld.AboutTheMan;
        other.Document.Number = "310000198512314564";

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await _world.CheckAsync(LookupWorld.AboutTheMan)).Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That((await _world.CheckAsync(other)).Verdict, Is.EqualTo(Verdict.Listed));
        }
    }

    [Test]
    public async Task The_last_day_of_a_term_counts_and_the_answer_ends_with_it()
    {
        _world.Publish(Sample.Person);
        _world.Clock.SetUtcNow(ChinaTime.StartOf(Sample.TermEnd.AddDays(1)).AddMinutes(-1));

        var onTheLastDay = await _world.CheckAsync(LookupWorld.AboutTheMan);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        var onTheNext = await _world.CheckAsync(LookupWorld.AboutTheMan);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(onTheLastDay.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(onTheLastDay.ValidUntil.ToDateTimeOffset(), Is.EqualTo(ChinaTime.StartOf(Sample.TermEnd.AddDays(1))));
            Assert.That(onTheNext.Verdict, Is.EqualTo(Verdict.NotListed), "the sweeper is late, the law is not");
        }
    }

    [Test]
    public async Task A_term_that_ends_while_the_store_is_read_is_over()
    {
        _world.Publish(Sample.Person);
        _world.Clock.SetUtcNow(ChinaTime.StartOf(Sample.TermEnd.AddDays(1)).AddMinutes(-1));
        _world.Store.WhileReading = () => _world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await _world.CheckAsync(LookupWorld.AboutTheMan)).Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public async Task Answers_that_disclose_nothing_are_counted_by_purpose_and_day_and_no_subject_is_kept()
    {
        var forMarketAccess = LookupWorld.AboutTheMan;
        forMarketAccess.Purpose = V1.Purpose.MarketAccess;
        await _world.CheckAsync(LookupWorld.AboutTheMan);
        await _world.CheckAsync(LookupWorld.AboutTheMan);
        await _world.CheckAsync(forMarketAccess);

        await _world.Counts.WriteAsync(CancellationToken.None);
        await _world.Counts.WriteAsync(CancellationToken.None);

        Assert.That(_world.Store.Counted, Is.EquivalentTo(new[]
        {
            new NotListedCount(_world.Bank.Id, Core.Access.Purpose.Credit, Sample.Today, 2),
            new NotListedCount(_world.Bank.Id, Core.Access.Purpose.MarketAccess, Sample.Today, 1),
        }));
    }

    [Test]
    public async Task Counts_that_cannot_be_written_are_kept_for_the_next_time()
    {
        await _world.CheckAsync(LookupWorld.AboutTheMan);
        _world.Store.LedgerIsDown = true;
        Assert.That(() => _world.Counts.WriteAsync(CancellationToken.None), Throws.TypeOf<StoreUnavailableException>());
        _world.Store.LedgerIsDown = false;

        await _world.CheckAsync(LookupWorld.AboutTheMan);
        await _world.Counts.WriteAsync(CancellationToken.None);

        Assert.That(_world.Store.Counted.Single().Count, Is.EqualTo(2));
    }

    [Test]
    public async Task An_earlier_answer_is_read_again_by_who_got_it_and_by_nobody_else()
    {
        _world.Publish(Sample.Person);
        var answer = await _world.CheckAsync(LookupWorld.AboutTheMan);
        var request = new GetAnswerRequest { AnswerId = answer.AnswerId };

        var again = await _world.Service.GetAnswer(request, _world.NewCall());
        _world.Bank = _world.Bank with { Id = Core.Access.PartnerId.Restore("other-bank") };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Disclosed.Single().Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(again.Disclosed.Single().Listing, Is.EqualTo(answer.Listings.Single().Name));
            Assert.That(again.Purpose, Is.EqualTo(V1.Purpose.Credit));
            Assert.That(again.AsOf, Is.EqualTo(answer.AsOf));
            Assert.That(
                () => _world.Service.GetAnswer(request, _world.NewCall()),
                Throws.TypeOf<RefusedException>().With.Property("Reason").EqualTo(ErrorReason.AnswerNotFound));
        }
    }

    [Test]
    public async Task An_answer_that_disclosed_more_than_a_message_holds_is_read_again_in_pages()
    {
        const int listings = 60_000;
        var id = Guid.NewGuid();
        await _world.Store.Disclosures.RecordAsync(
            new Core.Journal.Disclosure
            {
                AnswerId = id,
                Partner = _world.Bank.Id,
                Purpose = Core.Access.Purpose.Credit,
                Reference = "贷款-1",
                Operator = "柜员-7",
                At = _world.Clock.GetUtcNow(),
                Epoch = 1,
                Sequence = 1,
                Listings =
                [
                    .. Enumerable.Range(0, listings).Select(n => new Core.Journal.DisclosedListing(
                        new Core.Listings.ListingId(Guid.NewGuid()), Sample.Person.Court, n + 1, Core.Access.Verdict.Listed, Document: null)),
                ],
            },
            CancellationToken.None);

        var request = new GetAnswerRequest { AnswerId = id.ToString("D") };
        var pages = new List<GetAnswerResponse>();
        do
        {
            pages.Add(await _world.Service.GetAnswer(request, _world.NewCall()));
            request.PageToken = pages[^1].NextPageToken;
        }
        while (request.PageToken.Length > 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pages.Max(page => page.CalculateSize()), Is.LessThan(1 << 20));
            Assert.That(pages.SelectMany(page => page.Disclosed).Select(listing => listing.Version), Is.EqualTo(Enumerable.Range(1, listings)));
        }
    }
}
