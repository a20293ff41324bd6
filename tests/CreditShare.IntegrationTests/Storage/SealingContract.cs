using System.Text;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class SealingContract(Type engine) : StoreContract(engine)
{
    [Test, CancelAfter(LongestMs)]
    public async Task No_personal_data_stand_in_clear_anywhere()
    {
        var content = StoreSample.Content(1);
        var published = await AcceptAsync(StoreSample.Publish(content));
        await AcceptAsync(new ListingCommand.Correct(
            published.Listing, 1, ContentParts.Documents | ContentParts.BirthDate | ContentParts.Sex,
            content with { Subject = StoreSample.Content(2_001).Subject! with { Name = content.Subject!.Name } }));
        await Store.Disclosures.RecordAsync(
            new Disclosure
            {
                AnswerId = Guid.NewGuid(),
                Partner = StoreSample.Partner,
                Purpose = Purpose.Credit,
                Reference = "贷款档案 42",
                Operator = "柜员乙",
                At = Clock.GetUtcNow(),
                Epoch = 1,
                Sequence = 1,
                Listings = [new DisclosedListing(published.Listing, StoreSample.Court, 1, Verdict.Listed, StoreSample.Person(1))],
            },
            Token);

        var bytes = await Engine.ReadAllBytesAsync(Token);

        string[] secrets =
        [
            StoreSample.Person(1).Reveal(), StoreSample.Person(2_001).Reveal(), content.Subject!.Name.Text, content.Case!.ToString(), content.Conduct,
            content.Obligation, content.Basis!.Number, content.Decision!.Signer, "书记员甲", "贷款档案 42", "柜员乙",
        ];
        using (Assert.EnterMultipleScope())
        {
            // What stands in clear is found, hence the search works.
            Assert.That(Contains(bytes, StoreSample.Court.Value), Is.True);
            foreach (var secret in secrets) Assert.That(Contains(bytes, secret), Is.False, secret);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Nothing_that_a_partner_wrote_or_keeps_secret_stands_in_clear()
    {
        var subscription = PushSample.Webhook("loans");
        await PushSample.CreateAsync(Store, subscription, Token);
        var leased = (await Store.Subscriptions.LeaseAsync(Guid.NewGuid(), 1, TimeSpan.FromMinutes(1), Token)).Single();
        await Store.Subscriptions.RecordAsync(
            PushSample.Record(leased) with
            {
                Attempt = PushSample.Attempt(0, 1) with { Outcome = DeliveryOutcome.Refused, Error = "拒收：测试人员甲" },
                Lane = PushSample.LaneAt(Lane.Ordered, 0) with { Failures = 1, LastError = "拒收：测试人员乙" },
                Rejected = [PushSample.Rejected(1) with { Reason = "不认识测试人员丙" }],
            },
            Token);
        await Store.Measures.AddAsync(PushSample.Measure("贷款-0042"), Token);

        var bytes = await Engine.ReadAllBytesAsync(Token);

        var webhook = (Delivery.Webhook)subscription.Delivery;
        var measure = PushSample.Measure("贷款-0042");
        string[] secrets =
        [
            .. webhook.Secrets, webhook.Endpoint.OriginalString, webhook.Endpoint.Host, subscription.DisplayName, "测试人员甲", "测试人员乙", "测试人员丙",
            measure.Reference, measure.LegalBasis, measure.Branch, measure.Operator, measure.Note,
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Contains(bytes, subscription.Id.Value), Is.True);
            foreach (var secret in secrets) Assert.That(Contains(bytes, secret), Is.False, secret);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Another_master_key_is_refused()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        using var other = Keyring.From([.. Enumerable.Repeat((byte)7, 32)]);

        await ReopenAsync(() =>
        {
            Assert.That(
                () => Engine.OpenAsync(other, Clock, NullLogger.Instance, Token),
                Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("another master key"));
            return Task.CompletedTask;
        });

        Assert.That((await Journal.ReadAsync(0, 10, Token)), Has.Count.EqualTo(1));
    }

    [TestCase("UPDATE change SET court = '京' WHERE sequence = 2", 2)]
    [TestCase("UPDATE change SET operator = body WHERE sequence = 3", 3)]
    [TestCase("UPDATE change SET recorded_at = recorded_at + 1 WHERE sequence = 1", 1)]
    [TestCase("UPDATE change SET epoch = 2 WHERE sequence = 3", 3)]
    [TestCase("UPDATE change SET version = 9 WHERE sequence = 3", 3)]
    [TestCase("DELETE FROM change WHERE sequence = 2", 2)]
    [TestCase("DELETE FROM change WHERE sequence = 3", 3)]
    [TestCase("UPDATE change SET hash = (SELECT hash FROM change WHERE sequence = 1) WHERE sequence = 3", 3)]
    [CancelAfter(LongestMs)]
    public async Task The_first_change_that_is_not_as_it_was_written_is_named(string tampering, long expected)
    {
        for (var i = 0; i < 3; i++) await AcceptAsync(StoreSample.Publish(StoreSample.Content(i)));
        Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);

        await ReopenAsync(() => Engine.TamperAsync(tampering, Token));

        Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.EqualTo(expected));
    }

    [TestCase("(SELECT o.sealed FROM document AS o WHERE o.lookup_key <> document.lookup_key LIMIT 1)")]
    [TestCase("substr(sealed, 1, 5)")]
    [TestCase("substr(sealed, 1, 30)")]
    [CancelAfter(LongestMs)]
    public async Task A_damaged_document_stops_the_loading_and_is_not_left_out(string tampering)
    {
        for (var i = 0; i < 3; i++) await AcceptAsync(StoreSample.Publish(StoreSample.Content(i)));

        await ReopenAsync(() => Engine.TamperAsync($"UPDATE document SET sealed = {tampering}", Token));

        Assert.That(() => Store.Listings.LoadDocumentsAsync(_ => { }, Token), Throws.InstanceOf<InvalidDataException>());
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_later_schema_is_refused()
    {
        await ReopenAsync(async () =>
        {
            await Engine.TamperAsync(Engine is StoreOnSqlite ? "PRAGMA user_version = 99" : "INSERT INTO schema_version (number) VALUES (99)", Token);
            Assert.That(
                () => OpenAsync(), Throws.InstanceOf<StoreMismatchException>().With.Message.Contains("a later version"));
            await Engine.TamperAsync(Engine is StoreOnSqlite ? $"PRAGMA user_version = {EmbeddedSql.ReadMigrations("Sqlite")[^1].Number}" : "DELETE FROM schema_version WHERE number = 99", Token);
        });
    }

    private static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
