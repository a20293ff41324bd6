using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What commands that share a commit do to each other and to what stands.</summary>
[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class BatchContract(Type engine) : StoreContract(engine)
{
    [Test, CancelAfter(LongestMs)]
    public async Task Commands_on_one_listing_in_one_batch_follow_each_other()
    {
        var publish = StoreSample.Publish(StoreSample.Content(1));
        var listing = publish.Command.Listing;
        AppendRequest[] requests =
        [
            publish,
            StoreSample.Request(new ListingCommand.Correct(listing, 1, ContentParts.Conduct, StoreSample.Content(1) with { Conduct = "更正后的情形。" })),
            StoreSample.Request(new ListingCommand.Withdraw(listing, 2, EndReason.EarlyDeletion, "", StoreSample.Today)),
            StoreSample.Request(new ListingCommand.Revoke(listing, 3, "")),
        ];

        // Sent without waiting in between, they share a batch, or at least keep their order.
        var results = await Task.WhenAll(requests.Select(request => Journal.AppendAsync(request, Token)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.OfType<AppendResult.Appended>().Select(result => result.Version), Is.EqualTo(new[] { 1L, 2, 3 }));
            Assert.That(((AppendResult.Refused)results[3]).Violations.Single().Reason, Is.EqualTo(RefusalReason.ListingEnded));
            Assert.That((await FindAsync(listing)).Listing.State, Is.EqualTo(ListingState.Withdrawn));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_publication_under_an_id_that_is_taken_fails_alone_and_writes_nothing()
    {
        var first = StoreSample.Publish(StoreSample.Content(1));
        await AcceptAsync(first);
        var again = StoreSample.Request(new ListingCommand.Publish(first.Command.Listing, StoreSample.Content(2)));

        var others = Enumerable.Range(3, 20).Select(i => Journal.AppendAsync(StoreSample.Publish(StoreSample.Content(i)), Token)).ToList();
        var taken = Journal.AppendAsync(again, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Task.WhenAll(others), Is.All.InstanceOf<AppendResult.Appended>());
            Assert.That(() => taken, Throws.Exception.Not.InstanceOf<StoreUnavailableException>().And.Not.InstanceOf<OutcomeUnknownException>());
            Assert.That((await FindAsync(first.Command.Listing)).Listing.Content, Is.EqualTo(StoreSample.Content(1)));
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(21));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_large_batch_of_new_and_standing_listings_is_written_as_many_small_ones_would()
    {
        const int each = 150;
        var standing = new List<ListingId>();
        for (var i = 0; i < 3; i++) standing.Add((await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(i)))).Listing);
        var published = Enumerable.Range(10, each).Select(i => StoreSample.Publish(StoreSample.Content(i))).ToList();
        var corrected = published.Take(each / 3).Select((publish, i) => StoreSample.Request(new ListingCommand.Correct(
            publish.Command.Listing, 1, ContentParts.Documents, StoreSample.Content(1_000 + i)))).ToList();
        var withdrawn = standing.Concat(published.Take(each / 6).Select(publish => publish.Command.Listing))
            .Select(id => StoreSample.Request(new ListingCommand.Revoke(id, standing.Contains(id) ? 1 : 2, ""))).ToList();

        // The first keeps the writer busy while the others gather.
        var results = await Task.WhenAll(
            published.Concat(corrected).Concat(withdrawn).Concat([published[0]]).Select(request => Journal.AppendAsync(request, Token)));
        var changes = await Journal.ReadAsync(0, 1_000, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results, Is.All.InstanceOf<AppendResult.Appended>());
            Assert.That(results[^1], Is.EqualTo(results[0]), "a repeated request");
            Assert.That(changes.Select(entry => entry.Sequence), Is.EqualTo(Enumerable.Range(1, 3 + each + corrected.Count + withdrawn.Count)));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }

        // Each listing stands as its last change says, and is found by the documents that it names then, and by no others.
        foreach (var listing in changes.GroupBy(entry => entry.Listing.Id).Select(group => group.Last().Listing))
        {
            Assert.That((await FindAsync(listing.Id)).Listing, Is.EqualTo(listing));
            foreach (var number in changes.Where(entry => entry.Listing.Id == listing.Id).SelectMany(entry => entry.Listing.AllDocuments).Distinct())
            {
                var record = (await Store.Listings.ReadDocumentsAsync([number], Token)).Single();
                Assert.That(record.Listings.Any(stored => stored.Listing.Id == listing.Id), Is.EqualTo(listing.IndexedDocuments.Contains(number)));
            }
        }
    }
}
