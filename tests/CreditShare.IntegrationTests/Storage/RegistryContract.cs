using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class RegistryContract(Type engine) : StoreContract(engine)
{
    private static readonly string s_key = new('a', 64);
    private static readonly string s_otherKey = new('b', 64);

    [Test, CancelAfter(LongestMs)]
    public async Task A_partner_is_read_back_as_it_was_with_the_next_revision()
    {
        var partner = PartnerOf("test-court", s_key);
        var before = await Store.Registry.ReadRevisionAsync(Token);

        Assert.That(await Store.Registry.PutPartnerAsync(partner, Token), Is.EqualTo(PutPartnerResult.Stored));

        var stored = (await Store.Registry.ReadPartnersAsync(Token)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Store.Registry.ReadRevisionAsync(Token), Is.GreaterThan(before));
            Assert.That(stored.Revision, Is.EqualTo(1));
            Assert.That(stored.Rpcs, Is.EqualTo(partner.Rpcs));
            Assert.That(stored.Views, Is.EqualTo(partner.Views));
            Assert.That(stored.Purposes, Is.EqualTo(partner.Purposes));
            Assert.That(stored.Courts, Is.EqualTo(partner.Courts));
            Assert.That(stored.Platforms, Is.EqualTo(partner.Platforms));
            Assert.That(stored.AddressRanges, Is.EqualTo(partner.AddressRanges));
            Assert.That(stored.Keys, Is.EqualTo(partner.Keys));
            Assert.That(
                (stored.Id, stored.DisplayName, stored.Kind, stored.CallsPerSecond, stored.SubjectsPerSecond, stored.Suspended, stored.CreatedAt, stored.UpdatedAt),
                Is.EqualTo((partner.Id, partner.DisplayName, partner.Kind, partner.CallsPerSecond, partner.SubjectsPerSecond, partner.Suspended, partner.CreatedAt, partner.UpdatedAt)));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_partner_that_was_changed_meanwhile_is_not_overwritten()
    {
        await Store.Registry.PutPartnerAsync(PartnerOf("test-court", s_key), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Store.Registry.PutPartnerAsync(PartnerOf("test-court", s_key), Token), Is.EqualTo(PutPartnerResult.RevisionChanged));
            Assert.That(
                await Store.Registry.PutPartnerAsync(PartnerOf("test-court", s_key) with { Revision = 2 }, Token), Is.EqualTo(PutPartnerResult.RevisionChanged));
            Assert.That(
                await Store.Registry.PutPartnerAsync(PartnerOf("test-court", s_otherKey) with { Revision = 1 }, Token), Is.EqualTo(PutPartnerResult.Stored));
            Assert.That((await Store.Registry.ReadPartnersAsync(Token)).Single().Keys.Single().SpkiSha256, Is.EqualTo(s_otherKey));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_key_belongs_to_one_partner_until_that_one_gives_it_up()
    {
        await Store.Registry.PutPartnerAsync(PartnerOf("one", s_key), Token);

        Assert.That(await Store.Registry.PutPartnerAsync(PartnerOf("two", s_otherKey, s_key), Token), Is.EqualTo(PutPartnerResult.KeyTaken));
        Assert.That(await Store.Registry.ReadPartnersAsync(Token), Has.Count.EqualTo(1));

        await Store.Registry.PutPartnerAsync(PartnerOf("one") with { Revision = 1 }, Token);
        Assert.That(await Store.Registry.PutPartnerAsync(PartnerOf("two", s_otherKey, s_key), Token), Is.EqualTo(PutPartnerResult.Stored));
        Assert.That((await Store.Registry.ReadPartnersAsync(Token)).Select(partner => partner.Id.Value), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Courts_are_added_and_replaced_by_code()
    {
        var high = new Court { Code = Code("测"), Name = "测试高级人民法院（虚构）", Level = CourtLevel.High, Parent = CourtCode.Supreme };
        var basic = new Court
        {
            Code = Code("测0101"),
            Name = "旧名",
            Level = CourtLevel.Basic,
            Parent = Code("测01"),
            ValidFrom = new DateOnly(2016, 1, 1),
            ValidTo = new DateOnly(2030, 12, 31),
        };
        await Store.Registry.PutCourtsAsync([basic, high], Token);
        var before = await Store.Registry.ReadRevisionAsync(Token);

        await Store.Registry.PutCourtsAsync([basic with { Name = "新名", ValidTo = null }], Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Store.Registry.ReadCourtsAsync(Token), Is.EqualTo(new[] { high, basic with { Name = "新名", ValidTo = null } }));
            Assert.That(await Store.Registry.ReadRevisionAsync(Token), Is.GreaterThan(before));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_disclosure_is_found_by_the_partner_that_was_told_and_by_no_other()
    {
        var disclosure = DisclosureOf(Guid.NewGuid());
        await Store.Disclosures.RecordAsync(disclosure, Token);

        var found = await Store.Disclosures.FindAsync(disclosure.Partner, disclosure.AnswerId, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found!.Listings, Is.EqualTo(disclosure.Listings.Select(listing => listing with { Document = null })), "documents are kept blinded");
            Assert.That(found with { Listings = disclosure.Listings }, Is.EqualTo(disclosure));
            Assert.That(await Store.Disclosures.FindAsync(StoreSample.OtherPartner, disclosure.AnswerId, Token), Is.Null);
            Assert.That(await Store.Disclosures.FindAsync(disclosure.Partner, Guid.NewGuid(), Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Many_disclosures_at_once_are_all_there_also_one_recorded_twice()
    {
        var disclosures = Enumerable.Range(0, 300).Select(_ => DisclosureOf(Guid.NewGuid())).ToList();

        await Task.WhenAll(disclosures.Append(disclosures[0]).Select(disclosure => Store.Disclosures.RecordAsync(disclosure, Token)));
        await ReopenAsync();

        foreach (var disclosure in disclosures)
        {
            Assert.That((await Store.Disclosures.FindAsync(disclosure.Partner, disclosure.AnswerId, Token))!.Listings, Has.Length.EqualTo(2));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Whoever_was_told_of_a_listing_is_read_with_the_first_and_the_last_time()
    {
        var first = DisclosureOf(Guid.NewGuid());
        var told = first.Listings[0];
        var later = DisclosureOf(Guid.NewGuid()) with { At = first.At.AddHours(3), Listings = [told with { Version = told.Version + 1 }] };
        var between = DisclosureOf(Guid.NewGuid()) with { At = first.At.AddHours(1), Listings = [told] };
        var other = DisclosureOf(Guid.NewGuid()) with { Partner = StoreSample.OtherPartner, At = first.At.AddHours(2), Listings = [told] };
        foreach (var disclosure in new[] { first, later, between, other, DisclosureOf(Guid.NewGuid()) })
        {
            await Store.Disclosures.RecordAsync(disclosure, Token);
        }

        Assert.That(
            await Store.Disclosures.ReadRecipientsAsync(told.Listing, Token),
            Is.EqualTo(new[]
            {
                new LookupRecipient(StoreSample.OtherPartner, other.At, other.At, told.Version),
                new LookupRecipient(StoreSample.Partner, first.At, later.At, told.Version + 1),
            }));
        Assert.That(await Store.Disclosures.ReadRecipientsAsync(new ListingId(Guid.NewGuid()), Token), Is.Empty);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_reader_of_the_feed_is_kept_with_the_widest_range_that_was_noted()
    {
        var noon = Clock.GetUtcNow();
        await Store.Disclosures.NoteReaderAsync(new FeedReader(StoreSample.Partner, noon, noon, 100, 200), Token);
        await Store.Disclosures.NoteReaderAsync(new FeedReader(StoreSample.OtherPartner, noon, noon, 5, 6), Token);
        await Store.Disclosures.NoteReaderAsync(new FeedReader(StoreSample.Partner, noon.AddMinutes(1), noon.AddMinutes(1), 50, 150), Token);

        Assert.That(
            await Store.Disclosures.ReadReadersAsync(Token),
            Is.EqualTo(new[]
            {
                new FeedReader(StoreSample.OtherPartner, noon, noon, 5, 6),
                new FeedReader(StoreSample.Partner, noon, noon.AddMinutes(1), 50, 200),
            }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Counts_of_answers_that_disclosed_nothing_add_up()
    {
        var day = StoreSample.Today;
        await Store.Disclosures.AddCountsAsync([new(StoreSample.Partner, Purpose.Credit, day, 3), new(StoreSample.Partner, Purpose.Credit, day, 4)], Token);
        await Store.Disclosures.AddCountsAsync(
            [new(StoreSample.Partner, Purpose.Credit, day, 5), new(StoreSample.Partner, Purpose.Bidding, day, 1), new(StoreSample.Partner, Purpose.Credit, day.AddDays(1), 9)],
            Token);

        Assert.That(
            await Store.Disclosures.ReadCountsAsync(day, Token),
            Is.EqualTo(new[] { new NotListedCount(StoreSample.Partner, Purpose.Bidding, day, 1), new NotListedCount(StoreSample.Partner, Purpose.Credit, day, 12) }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Nodes_are_seen_until_they_go()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        var node = Guid.NewGuid();

        var head = await Store.Nodes.BeatAsync(node, 1, 0, Token);
        await Store.Nodes.BeatAsync(node, 1, 1, Token);

        var seen = (await Store.Nodes.ListAsync(TimeSpan.FromMinutes(1), Token)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(head.Sequence, Is.EqualTo(1));
            Assert.That((seen.Id, seen.Epoch, seen.Applied), Is.EqualTo((node, 1u, 1L)));
            Assert.That(seen.Age, Is.LessThan(TimeSpan.FromMinutes(1)));
        }

        await Store.Nodes.RemoveAsync(node, Token);
        Assert.That(await Store.Nodes.ListAsync(TimeSpan.FromMinutes(1), Token), Is.Empty);
    }

    private static CourtCode Code(string text) => CourtCode.TryParse(text, out var code) ? code : throw new ArgumentException(text);

    private static Partner PartnerOf(string id, params string[] keys) => new()
    {
        Id = PartnerId.TryParse(id, out var partner) ? partner : throw new ArgumentException(id),
        DisplayName = "测试单位",
        Kind = PartnerKind.Court,
        Rpcs = ["creditshare.v1.ListingService/*"],
        Views = [View.Public, View.Full],
        Purposes = [Purpose.Credit],
        Courts = [StoreSample.Court],
        Platforms = [Code("测")],
        CallsPerSecond = 10,
        SubjectsPerSecond = 1_000,
        AddressRanges = ["10.20.0.0/16", "fd00:1::/64"],
        Suspended = true,
        Keys = [.. keys.Select(key => new PartnerKey(key, new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)))],
        CreatedAt = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
    };

    private static Disclosure DisclosureOf(Guid answer) => new()
    {
        AnswerId = answer,
        Partner = StoreSample.Partner,
        Purpose = Purpose.Credit,
        Reference = "贷款档案 42",
        Operator = "柜员乙",
        At = new DateTimeOffset(2026, 3, 10, 4, 0, 0, TimeSpan.Zero),
        Epoch = 1,
        Sequence = 7,
        Listings =
        [
            new DisclosedListing(new ListingId(Guid.NewGuid()), StoreSample.Court, 3, Verdict.Listed, StoreSample.Person(1)),
            new DisclosedListing(new ListingId(Guid.NewGuid()), StoreSample.OtherCourt, 1, Verdict.None, null),
        ],
    };
}
