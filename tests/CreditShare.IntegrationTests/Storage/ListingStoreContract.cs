using System.Collections.Concurrent;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class ListingStoreContract(Type engine) : StoreContract(engine)
{
    [Test, CancelAfter(LongestMs)]
    public async Task A_second_listing_of_the_same_case_and_document_is_refused_while_the_first_stands()
    {
        var first = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));

        Assert.That(await RefuseAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9))), Is.EqualTo(new[] { RefusalReason.AlreadyListed }));

        await AcceptAsync(new ListingCommand.Revoke(first.Listing, 1, ""));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Another_case_may_list_the_same_person()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 10)));

        var record = await ReadAsync(StoreSample.Person(1));

        Assert.That(record.Listings.Select(stored => stored.Sequence), Is.EqualTo(new[] { 2L, 1 }), "newest first");
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Of_two_publications_for_one_case_and_person_at_once_one_is_refused()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)), Token)));

        Assert.That(results.OfType<AppendResult.Appended>().Count(), Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_listing_in_grace_stands_in_the_way_and_is_found_by_nobody()
    {
        var content = StoreSample.Content(1, caseSerial: 9) with { GraceUntil = new DateOnly(2026, 4, 20) };
        var grace = await AcceptAsync(StoreSample.Publish(content));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(grace.Version, Is.Zero);
            Assert.That((await ReadAsync(StoreSample.Person(1))).Listings, Is.Empty);
            Assert.That(await LoadAsync(), Is.Empty);
            Assert.That(await RefuseAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9))), Is.EqualTo(new[] { RefusalReason.AlreadyListed }));
        }

        Clock.Advance(TimeSpan.FromDays(60));
        Assert.That((await Store.Listings.FindGraceOverAsync(new DateOnly(2026, 4, 21), 10, Token)).Single().Listing, Is.EqualTo(grace.Listing));
        Assert.That(await Store.Listings.FindGraceOverAsync(new DateOnly(2026, 4, 20), 10, Token), Is.Empty);
        await AcceptAsync(new ListingCommand.Confirm(grace.Listing, 0));
        Assert.That((await ReadAsync(StoreSample.Person(1))).Listings, Has.Length.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task After_a_withdrawal_at_the_creditors_request_the_creditor_is_barred_for_six_months()
    {
        var first = await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1, caseSerial: 9)));
        await AcceptAsync(new ListingCommand.Withdraw(first.Listing, 1, EndReason.CreditorRequest, "", StoreSample.Today));

        var again = StoreSample.OpenEnded(1, caseSerial: 9);
        Assert.That(await RefuseAsync(StoreSample.Publish(again)), Is.EqualTo(new[] { RefusalReason.RelistingBarred }));
        await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1, caseSerial: 10)));

        Clock.Advance(new DateOnly(2026, 9, 11).ToDateTime(default) - StoreSample.Today.ToDateTime(default));
        await AcceptAsync(StoreSample.Publish(again));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_court_of_its_own_motion_is_not_barred()
    {
        var first = await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1, caseSerial: 9)));
        await AcceptAsync(new ListingCommand.Withdraw(first.Listing, 1, EndReason.CreditorRequest, "", StoreSample.Today));

        await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1, caseSerial: 9) with { Origin = Origin.ExOfficio }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_last_correction_of_a_listing_is_found_and_no_other_change()
    {
        var corrected = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        var untouched = await AcceptAsync(StoreSample.Publish(StoreSample.Content(2)));
        await AcceptAsync(new ListingCommand.Correct(
            corrected.Listing, 1, ContentParts.Obligation, StoreSample.Content(1) with { Obligation = "返还甲物。" }));
        var last = await AcceptAsync(new ListingCommand.Correct(
            corrected.Listing, 2, ContentParts.Obligation, StoreSample.Content(1) with { Obligation = "返还乙物。" }));
        await AcceptAsync(new ListingCommand.Revoke(corrected.Listing, 3, ""));

        var found = await Store.Listings.FindCorrectedAsync([untouched.Listing, corrected.Listing, new ListingId(Guid.NewGuid())], Token);

        Assert.That(found, Is.EqualTo(new Dictionary<ListingId, long> { [corrected.Listing] = last.Sequence }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_correction_frees_the_document_it_takes_out_and_claims_the_one_it_puts_in()
    {
        var first = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));
        var corrected = WithDocument(StoreSample.Content(1, caseSerial: 9), StoreSample.Person(2_001));
        await AcceptAsync(new ListingCommand.Correct(first.Listing, 1, ContentParts.Documents | ContentParts.BirthDate | ContentParts.Sex, corrected));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await ReadAsync(StoreSample.Person(1))).Listings, Is.Empty);
            Assert.That((await ReadAsync(StoreSample.Person(2_001))).Listings.Single().Listing.Id, Is.EqualTo(first.Listing));
            Assert.That(await LoadAsync(), Is.EqualTo(new[] { KeyOf(StoreSample.Person(2_001)) }));
            var entry = (await Journal.ReadAsync(1, 1, Token)).Single();
            Assert.That(entry.IndexedBefore, Is.EqualTo(new[] { StoreSample.Person(1) }));
            Assert.That(entry.Listing.IndexedDocuments, Is.EqualTo(new[] { StoreSample.Person(2_001) }));
        }

        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));
        Assert.That(
            await RefuseAsync(StoreSample.Publish(StoreSample.Content(2_001, caseSerial: 9))),
            Is.EqualTo(new[] { RefusalReason.AlreadyListed }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_social_credit_code_is_found_under_its_organisation_code_too()
    {
        var uscc = Uscc();
        Assert.That(uscc.TryGetOrganisationCode(out var code), Is.True);
        await AcceptAsync(StoreSample.Publish(Organisation(uscc)));

        var records = await Store.Listings.ReadDocumentsAsync([code, uscc, StoreSample.Person(1)], Token);

        Assert.That(records.Select(record => record.Listings.Length), Is.EqualTo(new[] { 1, 1, 0 }));
        Assert.That(records.Select(record => record.Document), Is.EqualTo(new[] { code, uscc, StoreSample.Person(1) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_record_holds_as_of_the_head_it_was_read_at()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(2)));

        var record = await ReadAsync(StoreSample.Person(1));

        Assert.That((record.Epoch, record.Sequence, record.Listings.Single().Sequence), Is.EqualTo((1u, 2L, 1L)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_same_document_asked_for_twice_is_answered_twice()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));

        var records = await Store.Listings.ReadDocumentsAsync([StoreSample.Person(1), StoreSample.Person(2), StoreSample.Person(1)], Token);

        Assert.That(records.Select(record => record.Listings.Length), Is.EqualTo(new[] { 1, 0, 1 }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_document_of_two_listings_is_loaded_once_a_listing_and_an_ended_one_not_at_all()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 9)));
        var second = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1, caseSerial: 10)));
        var other = await AcceptAsync(StoreSample.Publish(StoreSample.Content(2)));
        await AcceptAsync(new ListingCommand.Revoke(other.Listing, 1, ""));

        Assert.That(await LoadAsync(), Is.EqualTo(new[] { KeyOf(StoreSample.Person(1)), KeyOf(StoreSample.Person(1)) }));

        await AcceptAsync(new ListingCommand.Revoke(second.Listing, 1, ""));
        Assert.That(await LoadAsync(), Is.EqualTo(new[] { KeyOf(StoreSample.Person(1)) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_courts_listings_are_paged_by_id_and_filtered_by_case_and_state()
    {
        var appended = new List<AppendResult.Appended>();
        for (var i = 0; i < 5; i++) appended.Add(await AcceptAsync(StoreSample.Publish(StoreSample.Content(i, caseSerial: i < 2 ? 9 : 20 + i))));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(7, court: StoreSample.OtherCourt)));
        await AcceptAsync(new ListingCommand.Revoke(appended[0].Listing, 1, ""));
        var inOrder = appended.Select(result => result.Listing).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var all = new CourtListingsQuery { Court = StoreSample.Court, Limit = 3 };

        var first = await Store.Listings.ListAsync(all, Token);
        var second = await Store.Listings.ListAsync(all with { After = first[^1].Listing.Id }, Token);
        var ofCase = await Store.Listings.ListAsync(all with { Case = StoreSample.Case(9) }, Token);
        var ended = await Store.Listings.ListAsync(all with { States = [ListingState.Revoked, ListingState.Withdrawn] }, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Concat(second).Select(stored => stored.Listing.Id), Is.EqualTo(inOrder));
            Assert.That(ofCase.Select(stored => stored.Listing.Id), Is.EquivalentTo(new[] { appended[0].Listing, appended[1].Listing }));
            Assert.That(ended.Select(stored => stored.Listing.Id), Is.EqualTo(new[] { appended[0].Listing }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_decision_that_was_not_served_is_found_until_it_is()
    {
        var (decided, dayAfter) = (new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2));
        var service = new DecisionService(new DateOnly(2026, 3, 4), ServiceMethod.Post);
        var unserved = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(2) with { Service = service }));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(3) with { GraceUntil = new DateOnly(2026, 4, 20) }));
        var query = new CourtListingsQuery { Court = StoreSample.Court, Limit = 10, UnservedOn = dayAfter };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                await Store.Listings.FindUnservedAsync(dayAfter, 10, Token),
                Is.EqualTo(new[] { new DueListing(unserved.Listing, StoreSample.Court, 1, decided) }));
            Assert.That(await Store.Listings.FindUnservedAsync(decided, 10, Token), Is.Empty);
            Assert.That((await Store.Listings.ListAsync(query, Token)).Select(stored => stored.Listing.Id), Is.EqualTo(new[] { unserved.Listing }));
            Assert.That(await Store.Listings.ListAsync(query with { UnservedOn = decided }, Token), Is.Empty);
        }

        await AcceptAsync(new ListingCommand.Correct(
            unserved.Listing, 1, ContentParts.Service, StoreSample.Content(1) with { Service = service }));
        Assert.That(await Store.Listings.FindUnservedAsync(dayAfter, 10, Token), Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_court_finds_its_listings_whose_grace_is_over()
    {
        var grace = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1) with { GraceUntil = new DateOnly(2026, 4, 20) }));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(2) with { GraceUntil = new DateOnly(2026, 5, 20) }));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(3)));
        var query = new CourtListingsQuery { Court = StoreSample.Court, Limit = 10, GraceOverOn = new DateOnly(2026, 4, 21) };

        Assert.That((await Store.Listings.ListAsync(query, Token)).Select(stored => stored.Listing.Id), Is.EqualTo(new[] { grace.Listing }));
        Assert.That(await Store.Listings.ListAsync(query with { GraceOverOn = new DateOnly(2026, 4, 20) }, Token), Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_versions_of_a_listing_are_read_oldest_first()
    {
        var published = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        await AcceptAsync(new ListingCommand.Extend(
            published.Listing, 1, new DateOnly(2029, 3, 1), new TermExtension(ExtensionReason.MultipleActs, ["行为一", "行为二"])));
        await AcceptAsync(new ListingCommand.Revoke(published.Listing, 2, "误列"));

        var all = await Store.Listings.ListVersionsAsync(published.Listing, -1, 10, Token);
        var later = await Store.Listings.ListVersionsAsync(published.Listing, 1, 1, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Select(entry => entry.Kind), Is.EqualTo(new[] { ChangeKind.Published, ChangeKind.Extended, ChangeKind.Revoked }));
            Assert.That(all[1].Listing.Content.Term!.Extension!.Acts, Is.EqualTo(new[] { "行为一", "行为二" }));
            Assert.That(all[2].Listing.Ending!.SubReason, Is.EqualTo("误列"));
            Assert.That(later.Select(entry => entry.Listing.Version), Is.EqualTo(new[] { 2L }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task An_export_gives_the_published_listings_that_pass_the_filter()
    {
        var person = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        var organisation = await AcceptAsync(StoreSample.Publish(Organisation(Uscc())));
        var elsewhere = await AcceptAsync(StoreSample.Publish(StoreSample.Content(3, court: StoreSample.OtherCourt)));
        var ended = await AcceptAsync(StoreSample.Publish(StoreSample.Content(4)));
        await AcceptAsync(new ListingCommand.Revoke(ended.Listing, 1, ""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ExportAsync(new ListingFilter()), Is.EquivalentTo(new[] { person.Listing, organisation.Listing, elsewhere.Listing }));
            Assert.That(await ExportAsync(new ListingFilter { SubjectKind = SubjectKind.Organisation }), Is.EqualTo(new[] { organisation.Listing }));
            Assert.That(await ExportAsync(new ListingFilter { Courts = [StoreSample.OtherCourt] }), Is.EqualTo(new[] { elsewhere.Listing }));
            Assert.That(await ExportAsync(new ListingFilter { Regions = ["京"] }), Is.Empty);
            Assert.That(await ExportAsync(new ListingFilter { Regions = ["测"], Courts = [StoreSample.Court] }), Has.Count.EqualTo(3));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_name_is_found_by_its_normalised_form_with_year_and_region()
    {
        var first = await AcceptAsync(StoreSample.Publish(Named(1, "阿卜杜拉·测试")));
        var later = await AcceptAsync(StoreSample.Publish(Named(2_001, "阿卜杜拉·测试")));
        var same = StoreSample.Name(" 阿卜杜拉•测试");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FindNamesAsync(same, null, "测"), Is.EqualTo(new[] { later.Listing, first.Listing }));
            Assert.That(await FindNamesAsync(same, 1990, null), Is.EqualTo(new[] { first.Listing }));
            Assert.That(await FindNamesAsync(same, 1992, "测"), Is.EqualTo(new[] { later.Listing }));
            Assert.That(await FindNamesAsync(same, 1993, null), Is.Empty);
            Assert.That(await FindNamesAsync(same, null, "京"), Is.Empty);
            Assert.That(await FindNamesAsync(StoreSample.Name("阿卜杜拉"), 1990, null), Is.Empty);
        }

        var corrected = Named(1, "另一姓名");
        await AcceptAsync(new ListingCommand.Correct(first.Listing, 1, ContentParts.Name, corrected));
        Assert.That(await FindNamesAsync(same, 1990, null), Is.Empty);
        Assert.That(await FindNamesAsync(StoreSample.Name("另一姓名"), 1990, null), Is.EqualTo(new[] { first.Listing }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_listing_past_its_term_is_due_and_counts_as_ended()
    {
        var published = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        var open = await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(2)));
        var revoked = await AcceptAsync(StoreSample.Publish(StoreSample.Content(3)));
        await AcceptAsync(new ListingCommand.Revoke(revoked.Listing, 1, ""));
        ListingId[] all = [published.Listing, open.Listing, revoked.Listing, new ListingId(Guid.NewGuid())];
        var last = new DateOnly(2028, 3, 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Store.Listings.FindExpiredAsync(last, 10, Token), Is.Empty);
            Assert.That(
                (await Store.Listings.FindExpiredAsync(last.AddDays(1), 10, Token)).Single(),
                Is.EqualTo(new DueListing(published.Listing, StoreSample.Court, 1, last)));
            Assert.That(await Store.Listings.FindEndedAsync(all, last, Token), Is.EquivalentTo(new[] { revoked.Listing }));
            Assert.That(
                await Store.Listings.FindEndedAsync(all, last.AddDays(1), Token), Is.EquivalentTo(new[] { published.Listing, revoked.Listing }));
        }

        Clock.Advance(TimeSpan.FromDays(800));
        await AcceptAsync(new ListingCommand.Expire(published.Listing, 1));
        Assert.That(await Store.Listings.FindExpiredAsync(last.AddDays(100), 10, Token), Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Five_thousand_documents_are_read_at_once_and_one_more_is_refused()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(4_999)));
        var documents = Enumerable.Range(0, 5_001).Select(StoreSample.Person).ToList();

        var records = await Store.Listings.ReadDocumentsAsync(documents[..5_000], Token);

        Assert.That(records.Select((record, i) => (record, i)).Where(each => each.record.Listings.Length > 0).Select(each => each.i), Is.EqualTo(new[] { 4_999 }));
        Assert.That(() => Store.Listings.ReadDocumentsAsync(documents, Token), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static ListingContent WithDocument(ListingContent content, DocumentNumber number) => content with
    {
        Subject = content.Subject! with
        {
            Documents = [StoreSample.Document(number)],
            BirthDate = number.BirthDate,
            Sex = number.ImpliedSex ?? Sex.Unspecified,
        },
    };

    private static ListingContent Named(int serial, string name)
    {
        var content = StoreSample.Content(serial);
        return content with { Subject = content.Subject! with { Name = StoreSample.Name(name) } };
    }

    private static ListingContent Organisation(DocumentNumber number) => StoreSample.Content(5_000) with
    {
        Subject = new Subject
        {
            Kind = SubjectKind.Organisation,
            Name = StoreSample.Name("测试有限公司（虚构）"),
            Documents = [StoreSample.Document(number)],
            RelatedPersons = [new RelatedPerson(StoreSample.Name("虚构代表"), RelatedPersonRole.LegalRepresentative)],
        },
    };

    private static DocumentNumber Uscc()
    {
        const string code = "TEXTAB12";
        var body = $"91110000{code}{CheckDigits.Organisation(code)}";
        return StoreSample.Parse(DocumentType.Uscc, body + CheckDigits.SocialCredit(body));
    }

    private static string KeyOf(DocumentNumber number)
    {
        var key = new byte[DocumentNumber.MaxKeyBytes];
        return Convert.ToHexString(key.AsSpan(0, number.WriteKey(key)));
    }

    private async Task<DocumentRecord> ReadAsync(DocumentNumber number) => (await Store.Listings.ReadDocumentsAsync([number], Token)).Single();

    private async Task<List<string>> LoadAsync()
    {
        var keys = new ConcurrentBag<string>();
        var head = await Store.Listings.LoadDocumentsAsync(key => keys.Add(Convert.ToHexString(key)), Token);
        Assert.That(head.Sequence, Is.EqualTo((await Journal.ReadHeadAsync(Token)).Sequence));
        return [.. keys];
    }

    private async Task<List<ListingId>> ExportAsync(ListingFilter filter)
    {
        var ids = new List<ListingId>();
        while (true)
        {
            var page = await Store.Listings.ExportAsync(filter, ids.Count == 0 ? null : ids[^1], 2, Token);
            if (page.Count == 0) return ids;
            ids.AddRange(page.Select(stored => stored.Listing.Id));
            Assert.That(ids, Is.Ordered.Using<ListingId>((one, other) => string.CompareOrdinal(one.ToString(), other.ToString())));
        }
    }

    private async Task<IEnumerable<ListingId>> FindNamesAsync(SubjectName name, int? year, string? region) =>
        (await Store.Listings.FindByNameAsync(name, year, region, 20, Token)).Select(stored => stored.Listing.Id);
}
