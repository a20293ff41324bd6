using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.MainJob;

/// <summary>Courts submit, banks ask, departments follow, on every setting.</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
internal sealed class MainJobTests(string setting)
{
    [Test, CancelAfter(60_000)]
    public async Task A_published_listing_is_answered_and_followed(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);

        var receipt = await scene.PublishAsync(Cast.ListingOf("测试甲", Cast.Court, Cast.Resident(1)), Cast.Court, cancellationToken);
        var answer = await scene.CheckAsync(Cast.Resident(1), "测试甲", receipt.Position, cancellationToken);
        var changes = await scene.FollowToHeadAsync(new Cursor(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receipt.Version, Is.EqualTo(1));
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(answer.Listings.Single().Name, Is.EqualTo(receipt.Name));
            Assert.That(answer.Listings.Single().Subject.Documents.Single().Number, Does.Contain("****"), "a bank sees the PUBLIC view");
            Assert.That(answer.AsOf.Sequence, Is.GreaterThanOrEqualTo(receipt.Position.Sequence));
            Assert.That(changes.Single().Kind, Is.EqualTo(ChangeKind.Published));
            Assert.That(changes.Single().Listing.Subject.Documents.Single().Number, Is.EqualTo(Cast.Resident(1)), "the department sees the FULL view");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task After_a_withdrawal_the_very_next_answer_says_not_listed_and_the_feed_names_nobody(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var receipts = new List<ListingReceipt>();
        for (var i = 0; i < 20; i++)
        {
            receipts.Add(await scene.PublishAsync(Cast.ListingOf($"测试丙{i}", Cast.Court, Cast.Resident(100 + i)), Cast.Court, cancellationToken));
        }

        for (var i = 0; i < receipts.Count; i++)
        {
            await scene.CheckAsync(Cast.Resident(100 + i), $"测试丙{i}", receipts[i].Position, cancellationToken);
            await scene.WithdrawAsync(receipts[i], EndReason.Performed, cancellationToken);
            var next = await scene.CheckAsync(Cast.Resident(100 + i), $"测试丙{i}", null, cancellationToken);
            Assert.That(next.Verdict, Is.EqualTo(Verdict.NotListed));
        }

        var changes = await scene.FollowToHeadAsync(new Cursor(), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(changes.Select(change => change.Sequence), Is.EqualTo(Enumerable.Range(1, 40)));
            Assert.That(changes.Where(change => change.Kind == ChangeKind.Published).Select(change => change.Redacted), Is.All.True);
            Assert.That(changes.Select(change => change.Listing), Is.All.Null);
            Assert.That(string.Concat(changes.Select(change => change.ToString())), Does.Not.Contain("测试丙").And.Not.Contain(Cast.Resident(100)[..10]));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Another_name_tells_only_the_court_to_ask(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var receipt = await scene.PublishAsync(Cast.ListingOf("测试丁", Cast.Court, Cast.Resident(2)), Cast.Court, cancellationToken);

        var answer = await scene.CheckAsync(Cast.Resident(2), "测试戊", receipt.Position, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NameMismatch));
            Assert.That(answer.Listings, Is.Empty);
            Assert.That(answer.CourtsToAsk.Select(court => court.Code), Is.EqualTo(new[] { Cast.Court }));
            Assert.That(answer.ToString(), Does.Not.Contain("测试丁"));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Ending_one_of_two_listings_of_a_document_leaves_the_other(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var first = await scene.PublishAsync(Cast.ListingOf("测试己", Cast.Court, Cast.Resident(3)), Cast.Court, cancellationToken);
        var second = await scene.PublishAsync(Cast.ListingOf("测试己", Cast.OtherCourt, Cast.Resident(3)), Cast.OtherCourt, cancellationToken);
        var both = await scene.CheckAsync(Cast.Resident(3), "测试己", second.Position, cancellationToken);

        await scene.WithdrawAsync(first, EndReason.Performed, cancellationToken);
        var one = await scene.CheckAsync(Cast.Resident(3), "测试己", null, cancellationToken);
        await scene.WithdrawAsync(second, EndReason.Performed, cancellationToken);
        var none = await scene.CheckAsync(Cast.Resident(3), "测试己", null, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(both.Listings, Has.Count.EqualTo(2));
            Assert.That(one.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(one.Listings.Select(listing => listing.Name), Is.EqualTo(new[] { second.Name }));
            Assert.That(none.Verdict, Is.EqualTo(Verdict.NotListed));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_correction_that_replaces_a_document_frees_the_old_one_at_once(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var receipt = await scene.PublishAsync(Cast.ListingOf("测试庚", Cast.Court, Cast.Resident(4)), Cast.Court, cancellationToken);
        await scene.CheckAsync(Cast.Resident(4), "测试庚", receipt.Position, cancellationToken);

        await scene.Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = receipt.Name,
                ExpectedVersion = 1,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Listing = Cast.ListingOf("测试庚", Cast.Court, Cast.Resident(5)),
                UpdateMask = new FieldMask { Paths = { "subject.documents", "subject.birth_date" } },
            },
            cancellationToken: cancellationToken);
        var old = await scene.CheckAsync(Cast.Resident(4), "测试庚", null, cancellationToken);
        var current = await scene.CheckAsync(Cast.Resident(5), "测试庚", null, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(old.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(current.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(current.Listings.Single().Version, Is.EqualTo(2));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Grace_is_seen_by_nobody_but_the_court(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var listing = Cast.ListingOf("测试辛", Cast.Court, Cast.Resident(6));
        listing.Decision.Date = Cast.Day(2026, 11, 2);
        listing.GraceUntil = Cast.Day(2026, 12, 15);
        scene.Server.Clock.ShiftBy(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow());

        var receipt = await scene.PublishAsync(listing, Cast.Court, cancellationToken);
        var answer = await scene.CheckAsync(Cast.Resident(6), "测试辛", receipt.Position, cancellationToken);
        var changes = await scene.FollowToHeadAsync(new Cursor(), cancellationToken);
        var seen = await scene.Court.GetListingAsync(new GetListingRequest { Name = receipt.Name }, cancellationToken: cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receipt.Version, Is.Zero);
            Assert.That(answer.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(changes, Is.Empty);
            Assert.That(seen.Listing.State, Is.EqualTo(ListingState.Grace));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_term_that_is_over_is_never_given_out_recorded_or_not(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken, "--Journal:SweepInterval=01:00:00");
        var receipt = await scene.PublishAsync(Cast.ListingOf("测试壬", Cast.Court, Cast.Resident(7)).WithTerm(), Cast.Court, cancellationToken);
        var before = await scene.CheckAsync(Cast.Resident(7), "测试壬", receipt.Position, cancellationToken);

        // 2028-03-02 is the last day; 16:00 UTC is the midnight of UTC+8.
        scene.Server.Clock.ShiftBy(new DateTimeOffset(2028, 3, 2, 16, 0, 1, TimeSpan.Zero) - scene.Server.Clock.GetUtcNow());
        var after = await scene.CheckAsync(Cast.Resident(7), "测试壬", null, cancellationToken);
        var changes = await scene.FollowToHeadAsync(new Cursor(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Verdict, Is.EqualTo(Verdict.Listed));
            Assert.That(after.Verdict, Is.EqualTo(Verdict.NotListed));
            Assert.That(changes.Select(change => change.Listing), Is.All.Null);
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task An_export_and_what_follows_end_in_the_same_list_while_a_court_goes_on(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        List<ListingReceipt> receipts = [];
        for (var i = 0; i < 700; i += 50)
        {
            receipts.AddRange(await Task.WhenAll(Enumerable.Range(i, 50).Select(n =>
                scene.PublishAsync(Cast.ListingOf($"测试癸{n}", Cast.Court, Cast.Resident(1_000 + n)), Cast.Court, cancellationToken))));
        }

        // The court goes on while the department exports: ends every third, adds others.
        var court = Task.Run(
            async () =>
            {
                foreach (var (i, receipt) in receipts.Index())
                {
                    if (i % 3 == 0) await scene.WithdrawAsync(receipt, EndReason.Performed, cancellationToken);
                    if (i % 7 == 0) await scene.PublishAsync(Cast.ListingOf($"测试子{i}", Cast.Court, Cast.Resident(5_000 + i)), Cast.Court, cancellationToken);
                }
            },
            cancellationToken);

        var replica = new Dictionary<string, (long Version, bool Listed)>(StringComparer.Ordinal);
        Cursor? cursor = null;
        using (var export = scene.Department.ExportListings(new ExportListingsRequest { View = View.Full }, cancellationToken: cancellationToken))
        {
            await foreach (var frame in export.ResponseStream.ReadAllAsync(cancellationToken))
            {
                cursor = frame.Cursor;
                foreach (var listing in frame.Listings) Apply(listing.Name, listing.Version, listed: true);
            }
        }

        await court;
        foreach (var change in await scene.FollowToHeadAsync(cursor!, cancellationToken))
        {
            Apply(change.ListingName, change.Version, change.Kind is ChangeKind.Published or ChangeKind.Corrected or ChangeKind.Extended && !change.Redacted);
        }

        List<string> server = [];
        var page = new ListListingsRequest { Parent = $"courts/{Cast.Court}", PageSize = 1_000, States = { ListingState.Published } };
        do
        {
            var response = await scene.Court.ListListingsAsync(page, cancellationToken: cancellationToken);
            server.AddRange(response.Listings.Select(listing => listing.Name));
            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);

        Assert.That(replica.Where(entry => entry.Value.Listed).Select(entry => entry.Key), Is.EquivalentTo(server));

        void Apply(string name, long version, bool listed)
        {
            if (!replica.TryGetValue(name, out var known) || version > known.Version) replica[name] = (version, listed);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_repeated_request_gets_the_first_answer_and_one_with_other_content_is_refused(CancellationToken cancellationToken)
    {
        await using var scene = await Scene.OpenAsync(setting, cancellationToken);
        var request = new PublishListingRequest
        {
            Parent = $"courts/{Cast.Court}",
            Listing = Cast.ListingOf("测试丑", Cast.Court, Cast.Resident(8)),
            RequestId = Cast.NewId(),
            Operator = "书记员",
        };

        var first = await scene.Court.PublishListingAsync(request, cancellationToken: cancellationToken);
        var second = await scene.Court.PublishListingAsync(request, cancellationToken: cancellationToken);
        request.Listing.Obligation = "支付另一笔货款";
        var refusal = await Refusal.OfAsync(scene.Court.PublishListingAsync(request, cancellationToken: cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second, Is.EqualTo(first));
            Assert.That(refusal, Has.Property(nameof(Refusal.Code)).EqualTo(StatusCode.AlreadyExists).And.Property(nameof(Refusal.Reason)).EqualTo("REQUEST_ID_REUSED"));
        }
    }
}
