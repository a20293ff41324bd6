using System.Text;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>Redis can hold anything whatever: no verdict changes.</summary>
[Needs(RealServer.RedisProgram)]
internal sealed class RedisForgeryTests
{
    private const string Name = "测试己";

    private static RedisScene s_scene = null!;
    private static int s_people;

    private readonly string _number = Cast.Resident(10_000 + Interlocked.Increment(ref s_people));
    private readonly string _otherNumber = Cast.Resident(20_000 + s_people);

    [OneTimeSetUp]
    public static async Task Open()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        s_scene = await RedisScene.OpenAsync(limit.Token);
    }

    [OneTimeTearDown]
    public static async Task Close()
    {
        if (s_scene is not null) await s_scene.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task The_second_question_is_answered_by_Redis_which_holds_neither_number_nor_name(CancellationToken cancellationToken)
    {
        await PublishAsync(cancellationToken);

        await s_scene.WaitForHitAsync(_number, Name, cancellationToken);

        var key = s_scene.KeyOf(_number);
        var value = (byte[])(await s_scene.Database.StringGetAsync(key))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(key, Does.StartWith("cs1:1:").And.Not.Contain(_number));
            Assert.That(value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(_number)), Is.Negative);
            Assert.That(value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)), Is.Negative);
            Assert.That(await s_scene.Database.KeyTimeToLiveAsync(key), Is.Not.Null.And.LessThanOrEqualTo(TimeSpan.FromHours(6)));
        }
    }

    [TestCase("garbage"), TestCase("empty"), TestCase("cut short"), TestCase("one bit flipped"), TestCase("a list")]
    [TestCase("another document's value"), TestCase("of another life"), TestCase("from before the listing"), TestCase("of listings that name somebody else")]
    [CancelAfter(60_000)]
    public async Task A_value_that_does_not_count_changes_no_verdict_and_is_mended(string forgery, CancellationToken cancellationToken)
    {
        await PublishAsync(cancellationToken);
        await s_scene.WaitForHitAsync(_number, Name, cancellationToken);

        // The upkeep may be about to mend what a look before has missed, and then mends the forgery.
        List<Verdict> said = [];
        await Shell.WaitUntilAsync(
            async token =>
            {
                await ForgeAsync(forgery, token);
                var hits = s_scene.Asked("hit");
                said.Add((await s_scene.Scene.CheckAsync(_number, Name, null, token)).Verdict);
                return s_scene.Asked("hit") == hits;
            },
            "a forgery that is not believed",
            cancellationToken);
        await ForgeAsync(forgery, cancellationToken);
        var other = await s_scene.Scene.CheckAsync(_number, "测试庚", null, cancellationToken);
        await s_scene.WaitForHitAsync(_number, Name, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(said, Is.All.EqualTo(Verdict.Listed));
            Assert.That(other.Verdict, Is.EqualTo(Verdict.NameMismatch));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_value_from_before_a_correction_does_not_bring_the_old_name_back(CancellationToken cancellationToken)
    {
        var receipt = await PublishAsync(cancellationToken);
        await s_scene.WaitForHitAsync(_number, Name, cancellationToken);
        var old = await s_scene.Database.StringGetAsync(s_scene.KeyOf(_number));
        await s_scene.Scene.Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = receipt.Name,
                ExpectedVersion = 1,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Listing = new Listing { Subject = new Subject { Name = "测试辛" } },
                UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask { Paths = { "subject.name" } },
            },
            cancellationToken: cancellationToken);
        await s_scene.WaitForRecordAsync(_number, cancellationToken);

        await s_scene.Database.StringSetAsync(s_scene.KeyOf(_number), old);
        var underTheOldName = await s_scene.Scene.CheckAsync(_number, Name, null, cancellationToken);
        await s_scene.Database.StringSetAsync(s_scene.KeyOf(_number), old);
        var underTheNewName = await s_scene.Scene.CheckAsync(_number, "测试辛", null, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(underTheOldName.Verdict, Is.EqualTo(Verdict.NameMismatch));
            Assert.That(underTheNewName.Verdict, Is.EqualTo(Verdict.Listed));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_value_from_before_a_withdrawal_lists_nobody_and_what_was_withdrawn_leaves_Redis(CancellationToken cancellationToken)
    {
        var receipt = await PublishAsync(cancellationToken);
        await s_scene.WaitForHitAsync(_number, Name, cancellationToken);
        var old = await s_scene.Database.StringGetAsync(s_scene.KeyOf(_number));

        await s_scene.Scene.WithdrawAsync(receipt, EndReason.Performed, cancellationToken);
        await Shell.WaitUntilAsync(
            async _ => await s_scene.Database.StringGetAsync(s_scene.KeyOf(_number)) is var now && now != old && now.Length() < old.Length(),
            "the empty record",
            cancellationToken);
        await s_scene.Database.StringSetAsync(s_scene.KeyOf(_number), old);
        var withdrawn = await s_scene.Scene.CheckAsync(_number, Name, null, cancellationToken);
        var anew = await s_scene.Scene.PublishAsync(Cast.ListingOf("测试壬", Cast.Court, _number), Cast.Court, cancellationToken);
        var listedAnew = await s_scene.Scene.CheckAsync(_number, Name, anew.Position, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(withdrawn.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(listedAnew.Verdict, Is.EqualTo(Verdict.NameMismatch));
        }
    }

    private async Task<ListingReceipt> PublishAsync(CancellationToken cancellationToken)
    {
        var receipt = await s_scene.Scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, _number), Cast.Court, cancellationToken);
        await s_scene.Scene.CheckAsync(_number, Name, receipt.Position, cancellationToken);
        return receipt;
    }

    private async Task ForgeAsync(string forgery, CancellationToken cancellationToken)
    {
        var key = s_scene.KeyOf(_number);
        var record = await s_scene.InStoreAsync(_number, cancellationToken);
        var genuine = s_scene.Genuine(_number, record);
        if (forgery == "a list")
        {
            await s_scene.Database.KeyDeleteAsync(key);
            await s_scene.Database.ListRightPushAsync(key, "x");
            return;
        }

        var value = forgery switch
        {
            "garbage" => Encoding.UTF8.GetBytes(new string('x', 500)),
            "empty" => [],
            "cut short" => genuine[..^1],
            "one bit flipped" => [.. genuine[..^20], (byte)(genuine[^20] ^ 1), .. genuine[^19..]],
            "another document's value" => s_scene.Genuine(_otherNumber, record with { Listings = [] }),
            "of another life" => s_scene.Genuine(_number, record with { Epoch = 2, Listings = [] }),
            "from before the listing" => s_scene.Genuine(_number, record with { Sequence = record.Listings[0].Sequence - 1, Listings = [] }),
            "of listings that name somebody else" => s_scene.Genuine(_number, record with { Listings = [await OfSomebodyElseAsync(cancellationToken)] }),
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
        await s_scene.Database.StringSetAsync(key, value);
    }

    private async Task<Core.Journal.StoredListing> OfSomebodyElseAsync(CancellationToken cancellationToken)
    {
        await s_scene.Scene.PublishAsync(Cast.ListingOf(Name, Cast.Court, _otherNumber), Cast.Court, cancellationToken);
        return (await s_scene.InStoreAsync(_otherNumber, cancellationToken)).Listings[0];
    }
}
