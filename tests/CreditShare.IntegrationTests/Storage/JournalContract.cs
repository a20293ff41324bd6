using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class JournalContract(Type engine) : StoreContract(engine)
{
    [Test, CancelAfter(LongestMs)]
    public async Task A_new_journal_stands_at_the_beginning_of_its_first_life()
    {
        var head = await Journal.ReadHeadAsync(Token);
        var epochs = await Journal.ReadEpochsAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((head.Epoch, head.Sequence), Is.EqualTo((1u, 0L)));
            Assert.That(head.Hash.ToArray(), Is.EqualTo(new byte[32]));
            Assert.That(epochs.Select(epoch => (epoch.Epoch, epoch.FirstSequence)), Is.EqualTo(new[] { (1u, 1L) }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_was_published_is_read_back_as_it_was()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        var appended = await AcceptAsync(request);

        var entry = (await Journal.ReadAsync(0, 10, Token)).Single();
        var stored = await FindAsync(request.Command.Listing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((appended.Listing, appended.Version, appended.Epoch, appended.Sequence), Is.EqualTo((request.Command.Listing, 1L, 1u, 1L)));
            Assert.That((entry.Epoch, entry.Sequence, entry.Kind), Is.EqualTo((1u, 1L, ChangeKind.Published)));
            Assert.That((entry.Partner, entry.Operator, entry.RecordedAt), Is.EqualTo((request.Partner, request.Operator, Clock.GetUtcNow())));
            Assert.That(entry.IndexedBefore, Is.Empty);
            Assert.That(entry.Listing.Content, Is.EqualTo(ListingRules.Complete(StoreSample.Content(1))));
            Assert.That(entry.Listing.PublishedOn, Is.EqualTo(StoreSample.Today));
            Assert.That(stored.Listing, Is.EqualTo(entry.Listing));
            Assert.That((stored.Epoch, stored.Sequence, stored.RecordedAt), Is.EqualTo((entry.Epoch, entry.Sequence, entry.RecordedAt)));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Withdrawals_are_read_apart_from_other_changes_and_in_order()
    {
        var listings = new List<ListingId>();
        for (var i = 0; i < 5; i++) listings.Add((await AcceptAsync(StoreSample.Publish(StoreSample.OpenEnded(i)))).Listing);
        await AcceptAsync(new ListingCommand.Withdraw(listings[1], 1, EndReason.CreditorRequest, "", StoreSample.Today));
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(9)));
        await AcceptAsync(new ListingCommand.Revoke(listings[3], 1, ""));
        await AcceptAsync(new ListingCommand.Withdraw(listings[0], 1, EndReason.CreditorRequest, "", StoreSample.Today));

        var withdrawals = await Journal.ReadWithdrawalsAsync(0, 10, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                withdrawals.Select(entry => (entry.Sequence, entry.Kind, entry.Listing.Id)),
                Is.EqualTo(new[] { (6L, ChangeKind.Withdrawn, listings[1]), (8L, ChangeKind.Revoked, listings[3]), (9L, ChangeKind.Withdrawn, listings[0]) }));
            Assert.That((await Journal.ReadWithdrawalsAsync(6, 1, Token)).Single().Sequence, Is.EqualTo(8));
            Assert.That(await Journal.ReadWithdrawalsAsync(9, 10, Token), Is.Empty);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_first_change_from_a_time_on_is_found()
    {
        var noon = Clock.GetUtcNow();
        Assert.That(await Journal.FindSequenceAsync(noon, Token), Is.Null, "nothing was recorded yet");
        for (var i = 0; i < 9; i++)
        {
            await AcceptAsync(StoreSample.Publish(StoreSample.Content(i)));
            if (i % 2 == 1) Clock.Advance(TimeSpan.FromMinutes(1));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Journal.FindSequenceAsync(noon.AddYears(-1), Token), Is.EqualTo(1));
            Assert.That(await Journal.FindSequenceAsync(noon, Token), Is.EqualTo(1));
            Assert.That(await Journal.FindSequenceAsync(noon.AddMinutes(1), Token), Is.EqualTo(3));
            Assert.That(await Journal.FindSequenceAsync(noon.AddMinutes(2.5), Token), Is.EqualTo(7));
            Assert.That(await Journal.FindSequenceAsync(noon.AddMinutes(4), Token), Is.EqualTo(9));
            Assert.That(await Journal.FindSequenceAsync(noon.AddMinutes(5), Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_node_whose_clock_is_late_hides_no_change_that_was_recorded_from_a_time_on()
    {
        var noon = Clock.GetUtcNow();
        for (var i = 0; i < 8; i++) await AcceptAsync(StoreSample.Publish(StoreSample.Content(i)));

        // Times by two nodes in turn, the clock of one being four seconds late.
        await ReopenAsync(() => Engine.TamperAsync(
            "UPDATE change SET recorded_at = recorded_at + sequence * 1000 - CASE WHEN sequence % 2 = 0 THEN 4000 ELSE 0 END", Token));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Journal.FindSequenceAsync(noon.AddSeconds(1), Token), Is.EqualTo(1));
            Assert.That(await Journal.FindSequenceAsync(noon.AddSeconds(3), Token), Is.EqualTo(3));
            Assert.That(await Journal.FindSequenceAsync(noon.AddSeconds(4), Token), Is.EqualTo(5));
            Assert.That(await Journal.FindSequenceAsync(noon.AddSeconds(8), Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Sixty_four_writers_at_once_leave_no_gap_and_no_change_twice()
    {
        const int writers = 64;
        const int each = 8;

        var sequences = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var own = new List<long>();
            for (var i = 0; i < each; i++) own.Add((await AcceptAsync(StoreSample.Publish(StoreSample.Content((writer * each) + i)))).Sequence);
            return own;
        }));

        var entries = await Journal.ReadAsync(0, 10_000, Token);
        var inOrder = Enumerable.Range(1, writers * each).Select(i => (long)i);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sequences.SelectMany(own => own).Order(), Is.EqualTo(inOrder));
            Assert.That(entries.Select(entry => entry.Sequence), Is.EqualTo(inOrder));
            Assert.That(sequences, Has.All.Ordered);
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_reader_sees_no_gap_while_writers_write()
    {
        const int changes = 400;
        var writing = Task.WhenAll(Enumerable.Range(0, changes).Select(i => AcceptAsync(StoreSample.Publish(StoreSample.Content(i)))));

        var cursor = 0L;
        while (cursor < changes)
        {
            var head = await Journal.ReadHeadAsync(Token);
            var page = await Journal.ReadAsync(cursor, 100, Token);
            Assert.That(page.Select(entry => entry.Sequence), Is.EqualTo(page.Select((_, i) => cursor + 1 + i)));
            Assert.That(cursor + page.Count, Is.AtLeast(Math.Min(head.Sequence, cursor + 100)));
            cursor += page.Count;
        }

        await writing;
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_repeated_request_is_answered_as_the_first_time_and_writes_nothing()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        var first = await AcceptAsync(request);
        await AcceptAsync(new ListingCommand.Revoke(first.Listing, 1, ""));

        // Repeated, the transport has made another id for the new listing.
        var again = await AcceptAsync(request with { Command = new ListingCommand.Publish(new ListingId(Guid.NewGuid()), StoreSample.Content(1)) });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.EqualTo(first));
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(2));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Kept_answers_are_found_by_partner_id_and_content()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        var id = request.RequestId!.Value;
        var first = await AcceptAsync(request);

        var answers = await Journal.FindAnswersAsync(
            request.Partner, [(Guid.NewGuid(), request.Digest), (id, request.Digest), (id, new byte[32]), (id, request.Digest)], Token);
        var others = await Journal.FindAnswersAsync(StoreSample.OtherPartner, [(id, request.Digest)], Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers, Is.EqualTo(new[] { null, first, null, first }));
            Assert.That(others, Is.EqualTo(new AppendResult.Appended?[] { null }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_request_id_with_other_content_is_refused()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        await AcceptAsync(request);

        var other = StoreSample.Publish(StoreSample.Content(2)) with { RequestId = request.RequestId };

        Assert.That(await RefuseAsync(other), Is.EqualTo(new[] { RefusalReason.RequestIdReused }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_request_id_belongs_to_one_partner()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        await AcceptAsync(request);

        var other = StoreSample.Publish(StoreSample.Content(2)) with { RequestId = request.RequestId, Partner = StoreSample.OtherPartner };

        Assert.That((await AcceptAsync(other)).Sequence, Is.EqualTo(2));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_same_request_sent_at_once_many_times_is_written_once()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            AcceptAsync(request with { Command = new ListingCommand.Publish(new ListingId(Guid.NewGuid()), StoreSample.Content(1)) })));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Distinct().Count(), Is.EqualTo(1));
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(1));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_refused_request_writes_nothing_and_its_id_stays_free()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        var faulty = request with
        {
            Command = new ListingCommand.Publish(request.Command.Listing, StoreSample.Content(1) with { Basis = null }),
            Digest = StoreSample.Digest(7),
        };

        Assert.That(await RefuseAsync(faulty), Is.EqualTo(new[] { RefusalReason.FieldRequired }));
        Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.Zero);
        Assert.That(await Store.Listings.FindAsync(request.Command.Listing, Token), Is.Null);

        Assert.That((await AcceptAsync(request)).Sequence, Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_content_with_nothing_in_it_is_refused_and_not_an_error()
    {
        var empty = new ListingContent
        {
            Court = StoreSample.Court,
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

        Assert.That(await RefuseAsync(StoreSample.Publish(empty)), Has.Length.GreaterThan(5));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_listing_of_another_court_does_not_exist()
    {
        var published = await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));

        var foreign = StoreSample.Request(new ListingCommand.Revoke(published.Listing, 1, ""), StoreSample.OtherCourt);

        Assert.That(await RefuseAsync(foreign), Is.EqualTo(new[] { RefusalReason.ListingNotFound }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_rehearsal_decides_alike_and_writes_nothing()
    {
        var publish = StoreSample.Publish(StoreSample.Content(1));
        AppendRequest[] requests =
        [
            publish,
            StoreSample.Publish(StoreSample.Content(1)),
            StoreSample.Request(new ListingCommand.Revoke(publish.Command.Listing, 1, "")),
            StoreSample.Publish(StoreSample.Content(1)),
        ];

        var results = await Journal.RehearseAsync(requests, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Select(result => result is AppendResult.Appended), Is.EqualTo(new[] { true, false, true, true }));
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.Zero);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Who_waits_for_a_change_is_woken_by_it()
    {
        // PostgreSQL's listener wakes everybody once more when it has connected, whatever was heard before.
        var waiting = Journal.WaitForChangeAsync(0, TimeSpan.FromMinutes(10), Token);
        while (waiting.IsCompleted) waiting = Journal.WaitForChangeAsync(0, TimeSpan.FromMinutes(10), Token);

        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));

        await waiting.WaitAsync(TimeSpan.FromSeconds(5), Token);
        Assert.That(Journal.WaitForChangeAsync(0, TimeSpan.FromMinutes(10), Token).IsCompleted, Is.True);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task The_node_that_committed_hands_its_entries_on_once_as_they_are_stored()
    {
        for (var i = 0; i < 3; i++) await AcceptAsync(StoreSample.Publish(StoreSample.Content(i)));

        var taken = Journal.TakeCommitted(1, epoch: 1);
        var read = await Journal.ReadAsync(1, 10, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(taken!.Select(entry => entry.Sequence), Is.EqualTo(new[] { 2L, 3 }));
            Assert.That(taken!.Select(entry => entry.Listing), Is.EqualTo(read.Select(entry => entry.Listing)));
            Assert.That(taken!.Select(entry => entry.RecordedAt), Is.EqualTo(read.Select(entry => entry.RecordedAt)));
            Assert.That(taken!.Select(entry => entry.Hash.ToArray()), Is.EqualTo(read.Select(entry => entry.Hash.ToArray())));
            Assert.That(Journal.TakeCommitted(1, epoch: 1), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Everything_is_there_after_closing_and_opening()
    {
        var request = StoreSample.Publish(StoreSample.Content(1));
        var first = await AcceptAsync(request);
        var head = await Journal.ReadHeadAsync(Token);

        await ReopenAsync();

        var after = await Journal.ReadHeadAsync(Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Hash.ToArray(), Is.EqualTo(head.Hash.ToArray()));
            Assert.That(await AcceptAsync(request), Is.EqualTo(first));
            Assert.That((await Journal.ReadHashAsync(1, Token))!.Value.ToArray(), Is.EqualTo(head.Hash.ToArray()));
            Assert.That(await Journal.ReadHashAsync(2, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_new_life_goes_on_behind_the_head_of_the_old_one()
    {
        await AcceptAsync(StoreSample.Publish(StoreSample.Content(1)));
        var before = await Journal.ReadHeadAsync(Token);

        await ((StoreJournal)Journal).Engine.RaiseEpochAsync(Token);
        var next = await AcceptAsync(StoreSample.Publish(StoreSample.Content(2)));

        var epochs = await Journal.ReadEpochsAsync(Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((next.Epoch, next.Sequence), Is.EqualTo((2u, 2L)));
            Assert.That(epochs.Select(epoch => (epoch.Epoch, epoch.FirstSequence)), Is.EqualTo(new[] { (1u, 1L), (2u, 2L) }));
            Assert.That(epochs[1].HashBefore.ToArray(), Is.EqualTo(before.Hash.ToArray()));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }
}
