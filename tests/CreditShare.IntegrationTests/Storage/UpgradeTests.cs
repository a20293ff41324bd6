using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>A store with an older schema is brought to this version's, and nothing in it is lost.</summary>
[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class UpgradeTests(Type engine) : StoreContract(engine)
{
    [TestCase(1)]
    [TestCase(2)]
    [CancelAfter(LongestMs)]
    public async Task A_store_of_an_older_schema_is_read_as_it_was_and_takes_what_is_new(int schema)
    {
        // Step 1: something of every kind, the way it stood in that schema.
        var published = await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(1)));
        var repeated = StoreSample.Publish(
            StoreSample.Content(2) with { Service = new DecisionService(new DateOnly(2026, 3, 4), ServiceMethod.Post) });
        var kept = await AcceptAsync(repeated);
        await AcceptAsync(new ListingCommand.Withdraw(published.Listing, 1, EndReason.Performed, "", null));
        await Store.Registry.PutPartnerAsync(Department(), Token);
        await Store.Registry.PutCourtsAsync([new Court { Code = StoreSample.Court, Name = "测试法院（虚构）", Level = CourtLevel.Basic }], Token);
        await Store.Disclosures.RecordAsync(DisclosureOf((await FindAsync(kept.Listing)).Listing), Token);
        var before = await ShowAsync();

        await ReopenAsync(() => Engine.TakeBackAsync(schema, Token));

        // Step 2: all of it is there, and the chain is whole.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ShowAsync(), Is.EqualTo(before));
            Assert.That(((AppendResult.Appended)await Journal.AppendAsync(repeated, Token)).Sequence, Is.EqualTo(kept.Sequence), "its answer was forgotten");
        }

        // Step 3: what came with the later schemas can be done now.
        var late = await AcceptAsync(StoreSample.Publish(StoreSample.Content(3)));
        await PushSample.CreateAsync(Store, PushSample.Webhook("loans"), Token);
        await Store.Measures.AddAsync(PushSample.Measure("m-1"), Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(late.Sequence, Is.EqualTo(4));
            Assert.That((await Store.Subscriptions.FindAsync(PushSample.Id("loans"), Token))?.Subscription.Revision, Is.EqualTo(1));
            Assert.That((await Journal.ReadWithdrawalsAsync(0, 10, Token)).Select(entry => entry.Sequence), Is.EqualTo([3]));
            Assert.That(
                (await Store.Listings.FindUnservedAsync(StoreSample.Today.AddYears(1), 10, Token)).Select(due => due.Listing), Is.EqualTo([late.Listing]),
                "of those from before it is not known until their next change");
        }
    }

    private static Partner Department() => new()
    {
        Id = StoreSample.OtherPartner,
        DisplayName = "测试部门（虚构）",
        Kind = PartnerKind.Department,
        Rpcs = ["creditshare.v1.FeedService/*"],
        Views = [View.Public],
        Keys = [new PartnerKey(new string('a', 64), PushSample.Noon)],
        CreatedAt = PushSample.Noon,
        UpdatedAt = PushSample.Noon,
    };

    private static Disclosure DisclosureOf(Listing listing) => new()
    {
        AnswerId = new Guid(7, 0, 0, new byte[8]),
        Partner = StoreSample.OtherPartner,
        Purpose = Purpose.Credit,
        Reference = "贷款-1",
        Operator = "柜员-7",
        At = PushSample.Noon,
        Epoch = 1,
        Sequence = 2,
        Listings = [new DisclosedListing(listing.Id, listing.Content.Court, listing.Version, Verdict.Listed, StoreSample.Person(2))],
    };

    /// <summary>All that stands in the store, as lines of text.</summary>
    private async Task<List<string>> ShowAsync()
    {
        List<string> lines = [$"head {await Journal.ReadHeadAsync(Token)}"];
        var hash = new byte[32];
        foreach (var entry in await Journal.ReadAsync(0, 100, Token))
        {
            hash = (await Journal.ReadHashAsync(entry.Sequence, Token))!.Value.ToArray();
            lines.Add($"{entry.Sequence} {entry.Kind} {entry.RecordedAt:O} {Convert.ToHexString(hash)} {Show(entry.Listing)}");
        }

        foreach (var serial in new[] { 1, 2 })
        {
            var record = (await Store.Listings.ReadDocumentsAsync([StoreSample.Person(serial)], Token)).Single();
            lines.Add($"{record.Sequence} {string.Join(',', record.Listings.Select(stored => Show(stored.Listing)))}");
        }

        var partners = await Store.Registry.ReadPartnersAsync(Token);
        lines.AddRange(partners.Select(partner => $"{partner.Id} {partner.DisplayName} {partner.Kind} {partner.Revision} {partner.Keys.Single()} {string.Join(',', partner.Rpcs)}"));
        lines.AddRange((await Store.Registry.ReadCourtsAsync(Token)).Select(court => court.ToString()));
        var told = await Store.Disclosures.FindAsync(StoreSample.OtherPartner, new Guid(7, 0, 0, new byte[8]), Token);
        lines.Add($"{told!.Reference} {told.Operator} {told.At:O} {told.Listings.Single().Listing} {told.Listings.Single().Verdict} {told.Listings.Single().Document?.Reveal()}");
        return lines;
    }

    private static string Show(Listing listing) =>
        $"{listing.Id} v{listing.Version} {listing.State} {listing.Content.Subject?.Name} {listing.Content.Subject?.Documents.Single().Number.Reveal()} {listing.Content.Obligation} {listing.Ending}";
}
