using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;
using ChangeKind = CreditShare.V1.ChangeKind;
using DocumentType = CreditShare.Core.Numbers.DocumentType;
using EndReason = CreditShare.Core.Listings.EndReason;
using ExtensionReason = CreditShare.Core.Listings.ExtensionReason;
using Term = CreditShare.Core.Listings.Term;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

internal sealed class ChangeSourceTests
{
    private FeedWorld _world = null!;

    /// <summary>From memory the tail's copy is read, from the store the journal itself; both must say the same.</summary>
    private static readonly TestCaseData[] s_sources =
    [
        new TestCaseData(true).SetArgDisplayNames("from memory"),
        new TestCaseData(false).SetArgDisplayNames("from the store"),
    ];

    [SetUp]
    public void StartWorld() => _world = new FeedWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [TestCaseSource(nameof(s_sources))]
    public async Task A_run_tells_what_it_covers(bool fromMemory)
    {
        await ListPeopleAsync(fromMemory, 3);
        var reads = _world.Journal.Reads;

        var run = await _world.ReadAsync(after: 1, limit: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.From, run.To, run.Epoch), Is.EqualTo((1L, 2L, 1u)));
            Assert.That(run.ToHash.ToArray(), Is.EqualTo(_world.Journal.Entries[1].Hash.ToArray()));
            Assert.That(run.Changes.Select(change => change.Sequence), Is.EqualTo(new[] { 2L }));
            Assert.That(_world.Journal.Reads - reads, Is.EqualTo(fromMemory ? 0 : 1));
        }
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task A_run_covers_what_the_filter_leaves_out(bool fromMemory)
    {
        await ListPeopleAsync(fromMemory, 3);

        var run = await _world.ReadAsync(after: 0, FeedWorld.Query(filter: new ListingFilter { Courts = [Sample.Court("测02")] }));

        Assert.That((run.From, run.To, run.Changes.Count), Is.EqualTo((0L, 3L, 0)));
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task What_has_ended_since_is_redacted(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Journal.Withdraw(listed);
        Finish(fromMemory);

        var run = await _world.ReadAsync(after: 0, FeedWorld.Query(view: View.Full));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Changes.Select(change => (change.Kind, change.Redacted, change.Listing is null)), Is.EqualTo(new[]
            {
                (ChangeKind.Published, true, true),
                (ChangeKind.Withdrawn, false, true),
            }));
            Assert.That(run.Changes[0].Version, Is.EqualTo(1));
            Assert.That(run.Changes[0].ListingName, Does.EndWith(listed.Listing.Id.ToString()));
            Assert.That(run.Changes[1].Ending.Reason, Is.EqualTo(V1.EndReason.Performed));
        }
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task What_is_past_its_term_is_redacted_though_nothing_was_recorded(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        _world.Journal.Publish(People.WithTerm(1));
        Finish(fromMemory);

        _world.Clock.MoveTo(Sample.TermEnd, hour: 23);
        var before = await _world.ReadAsync(after: 0);
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        var after = await _world.ReadAsync(after: 0);

        Assert.That((before.Changes[0].Redacted, after.Changes[0].Redacted), Is.EqualTo((false, true)));
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task A_listing_that_was_extended_since_is_not_redacted_by_its_first_term(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        var listed = _world.Journal.Publish(People.WithTerm(1));
        _world.Journal.Take(new ListingCommand.Extend(
            listed.Listing.Id, 1, Sample.TermEnd.AddYears(1), new TermExtension(ExtensionReason.MultipleActs, ["一", "二"])));
        Finish(fromMemory);
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        var run = await _world.ReadAsync(after: 0);

        Assert.That(run.Changes.Select(change => change.Redacted), Is.EqualTo(new[] { false, false }));
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task A_listing_whose_term_a_correction_cut_short_is_redacted_from_its_first_change_on(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        var longer = new Term
        {
            Start = Sample.Decided,
            End = Sample.TermEnd.AddYears(1),
            Extension = new TermExtension(ExtensionReason.MultipleActs, ["一", "二"]),
        };
        var listed = _world.Journal.Publish(People.WithTerm(1) with { Term = longer });
        _world.Journal.Take(new ListingCommand.Correct(listed.Listing.Id, 1, ContentParts.Term, People.WithTerm(1)));
        Finish(fromMemory);
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        var run = await _world.ReadAsync(after: 0);

        Assert.That(run.Changes.Select(change => change.Redacted), Is.EqualTo(new[] { true, true }));
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task Grace_is_covered_and_not_shown(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        var cancelled = _world.Journal.Publish(People.InGrace(1));
        _world.Journal.Take(new ListingCommand.Cancel(cancelled.Listing.Id, 0, EndReason.DecisionRecalled));
        var confirmed = _world.Journal.Publish(People.InGrace(2));
        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1));
        _world.Journal.Take(new ListingCommand.Confirm(confirmed.Listing.Id, 0));
        Finish(fromMemory);

        var run = await _world.ReadAsync(after: 0, FeedWorld.Query(view: View.Full));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.To, Is.EqualTo(4));
            Assert.That(run.Changes.Select(change => (change.Sequence, change.Kind, change.Version)), Is.EqualTo(new[] { (4L, ChangeKind.Published, 1L) }));
            Assert.That(run.Changes[0].Listing.GraceUntil, Is.Null);
        }
    }

    [Test]
    public async Task An_end_does_not_carry_what_the_court_wrote_about_it()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Journal.Take(new ListingCommand.Revoke(listed.Listing.Id, 1, "与测试甲同名"));

        var run = await _world.ReadAsync(after: 1, FeedWorld.Query(view: View.Full));

        Assert.That(run.Changes[0].Ending.SubReason, Is.Empty);
    }

    [TestCase(View.Full, 1)]
    [TestCase(View.Public, 0)]
    [TestCase(View.Status, 0)]
    public async Task Documents_that_a_correction_removed_are_told_to_those_who_see_numbers(View view, int told)
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        CorrectToTheSoldier(listed);

        var run = await _world.ReadAsync(after: 1, FeedWorld.Query(view: view));

        Assert.That(run.Changes[0].RemovedDocuments, Has.Count.EqualTo(told));
    }

    [Test]
    public async Task Documents_that_a_correction_removed_are_not_told_for_ever()
    {
        CorrectToTheSoldier(_world.Journal.Publish(People.Listed(1)));
        _world.Clock.Advance(TimeSpan.FromHours(24));

        var run = await _world.ReadAsync(after: 1, FeedWorld.Query(view: View.Full));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Changes[0].Listing, Is.Not.Null);
            Assert.That(run.Changes[0].RemovedDocuments, Is.Empty);
        }
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task What_was_corrected_since_is_redacted_and_the_correction_is_not(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Journal.Publish(People.Listed(2));
        CorrectToTheSoldier(listed);
        Finish(fromMemory);

        var run = await _world.ReadAsync(after: 0, FeedWorld.Query(view: View.Full));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Changes.Select(change => (change.Kind, change.Version, change.Redacted)), Is.EqualTo(new[]
            {
                (ChangeKind.Published, 1L, true),
                (ChangeKind.Published, 1L, false),
                (ChangeKind.Corrected, 2L, false),
            }));
            Assert.That(run.Changes.Select(change => change.Listing is null), Is.EqualTo(new[] { true, false, false }));
        }
    }

    [Test]
    public async Task A_run_is_cut_before_it_exceeds_the_bytes_of_a_frame()
    {
        for (var n = 0; n < 10; n++) _world.Journal.Publish(People.Listed(n) with { Obligation = new string('债', 4_000), Conduct = new string('行', 4_000) });
        await _world.DisposeAsync();
        _world = new FeedWorld(new Server.Feed.FeedOptions { FrameBytes = 64 << 10 });
        for (var n = 0; n < 10; n++) _world.Journal.Publish(People.Listed(n) with { Obligation = new string('债', 4_000), Conduct = new string('行', 4_000) });

        var run = await _world.ReadAsync(after: 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Changes, Has.Count.EqualTo(2));
            Assert.That(run.To, Is.EqualTo(2));
            Assert.That(run.Changes.Sum(change => change.CalculateSize()), Is.LessThan(64 << 10));
        }
    }

    [Test]
    public async Task Memory_and_store_tell_the_same()
    {
        await PrepareAsync(fromMemory: true);
        var random = new Random(20260302);
        for (var n = 0; n < 60; n++)
        {
            var listed = _world.Journal.Publish(n % 3 == 0 ? People.WithTerm(n) : People.Listed(n, n % 2 == 0 ? "测01" : "测02"));
            if (random.Next(2) == 0) _world.Journal.Withdraw(listed);
        }

        Finish(fromMemory: true);
        await using var cold = new FeedWorld();
        foreach (var after in Enumerable.Range(0, 80))
        {
            var query = FeedWorld.Query(filter: new ListingFilter { Courts = [Sample.Court("测02")] }, view: View.Full);
            var warm = await _world.ReadAsync(after, query, limit: 20);
            var fromStore = new Server.Changes.ChangeSource(_world.Store, cold.Node.Tail, _world.Callers.Courts, _world.Clock);
            var place = after == 0 ? FeedWorld.Beginning : FeedWorld.PlaceOf(_world.Journal.Entries[after - 1]);
            var read = await fromStore.ReadAsync(place, query, 20, 1 << 20, CancellationToken.None);

            Assert.That(warm.Changes, Is.EqualTo(read.Changes));
            Assert.That((warm.From, warm.To), Is.EqualTo((read.From, read.To)));
        }
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task A_run_goes_on_in_a_new_life_that_lost_nothing(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        _world.Journal.Publish(People.Listed(1));
        _world.Journal.FailOver(losing: 0);
        _world.Journal.Publish(People.Listed(2));
        Finish(fromMemory);

        var run = await _world.ReadAsync(after: 1);

        Assert.That((run.To, run.Epoch), Is.EqualTo((2L, 2u)));
    }

    [TestCaseSource(nameof(s_sources))]
    public async Task A_run_does_not_go_on_in_a_history_that_shares_only_numbers(bool fromMemory)
    {
        await PrepareAsync(fromMemory);
        _world.Journal.Publish(People.Listed(1));
        var place = FeedWorld.PlaceOf(_world.Journal.Publish(People.Listed(2)));
        _world.Journal.FailOver(losing: 1);
        _world.Journal.Publish(People.Listed(3));
        _world.Journal.Publish(People.Listed(4));
        Finish(fromMemory);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            async () => await _world.Source.ReadAsync(place, FeedWorld.Query(), 500, 1 << 20, CancellationToken.None));

        Assert.That(Words(refused!), Is.EqualTo("FeedDiverged 1:1"));
    }

    /// <summary>Life 1 has the numbers 1 to 3, life 2 the numbers 4 and 5; of life 1 the number 4 was lost.</summary>
    private static readonly TestCaseData[] s_cursors =
    [
        Cursor("the beginning", new Cursor(), "2:0"),
        Cursor("a number without a life", new Cursor { Sequence = 3 }, "2:3"),
        Cursor("the head", new Cursor { Epoch = 2, Sequence = 5 }, "2:5"),
        Cursor("the end of a life", new Cursor { Epoch = 1, Sequence = 3 }, "1:3"),
        Cursor("the beginning with any hash", new Cursor { Hash = Bytes(9) }, "2:0"),
        Cursor("past the head", new Cursor { Epoch = 2, Sequence = 6 }, "CursorAhead 2:5"),
        Cursor("past the head without a life", new Cursor { Sequence = 99 }, "CursorAhead 2:5"),
        Cursor("in what was lost", new Cursor { Epoch = 1, Sequence = 4 }, "FeedDiverged 1:3"),
        Cursor("past what was lost", new Cursor { Epoch = 1, Sequence = 99 }, "FeedDiverged 1:3"),
        Cursor("of a life to come", new Cursor { Epoch = 3, Sequence = 2 }, "FeedDiverged"),
        Cursor("with another hash", new Cursor { Epoch = 2, Sequence = 5, Hash = Bytes(9) }, "FeedDiverged"),
        Cursor("with another hash and without a life", new Cursor { Sequence = 5, Hash = Bytes(9) }, "FeedDiverged 1:3"),
        Cursor("with another hash in the first life", new Cursor { Sequence = 2, Hash = Bytes(9) }, "FeedDiverged"),
    ];

    [TestCaseSource(nameof(s_cursors))]
    public async Task A_cursor_is_checked_against_the_journal(Cursor cursor, string expected)
    {
        for (var n = 1; n <= 4; n++) _world.Journal.Publish(People.Listed(n));
        _world.Journal.FailOver(losing: 1);
        for (var n = 5; n <= 6; n++) _world.Journal.Publish(People.Listed(n));

        Assert.That(await OutcomeOfAsync(cursor), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_cursor_with_its_right_hash_is_good()
    {
        var entry = _world.Journal.Publish(People.Listed(1));

        var place = await _world.Source.CheckAsync(FeedWorld.CursorOf(entry), CancellationToken.None);

        Assert.That(place.Hash.ToArray(), Is.EqualTo(entry.Hash.ToArray()));
    }

    private static TestCaseData Cursor(string what, Cursor cursor, string expected) =>
        new TestCaseData(cursor, expected).SetArgDisplayNames(what);

    private static ByteString Bytes(byte value) => ByteString.CopyFrom([.. Enumerable.Repeat(value, 32)]);

    private static string Words(RefusedException refused) => refused.Metadata.TryGetValue("epoch", out var epoch)
        ? $"{refused.Reason} {epoch}:{refused.Metadata["sequence"]}"
        : refused.Reason.ToString();

    private async Task<string> OutcomeOfAsync(Cursor cursor)
    {
        try
        {
            var place = await _world.Source.CheckAsync(cursor, CancellationToken.None);
            return string.Create(CultureInfo.InvariantCulture, $"{place.Epoch}:{place.Sequence}");
        }
        catch (RefusedException refused)
        {
            return Words(refused);
        }
    }

    /// <summary>The number was somebody else's: the one listed is known by a military identity only.</summary>
    private void CorrectToTheSoldier(JournalEntry listed)
    {
        var values = listed.Listing.Content.WithDocuments(Sample.Document(DocumentType.MilitaryId, "军字第1234567号"));
        values = values.WithSubject(subject => subject with { Sex = Core.Numbers.Sex.Male, BirthDate = new DateOnly(1990, 3, 7) });
        _world.Journal.Take(new ListingCommand.Correct(
            listed.Listing.Id, 1, ContentParts.Documents | ContentParts.Sex | ContentParts.BirthDate, values));
    }

    private async Task ListPeopleAsync(bool fromMemory, int count)
    {
        await PrepareAsync(fromMemory);
        for (var n = 0; n < count; n++) _world.Journal.Publish(People.Listed(n));
        Finish(fromMemory);
    }

    /// <summary>A tail that loads before the changes holds them in memory; one that never loads leaves all to the store.</summary>
    private async Task PrepareAsync(bool fromMemory)
    {
        if (fromMemory) await _world.Node.Tail.StepAsync(CancellationToken.None);
    }

    private void Finish(bool fromMemory)
    {
        if (fromMemory) _world.CatchUp();
    }
}
