using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Listings;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Rpc;
using NUnit.Framework;

namespace CreditShare.Tests.ServerListings;

internal sealed class ListingImportTests
{
    private readonly FrameLog<ImportListingsResponse> _answers = new();
    private readonly FrameQueue<ImportListingsRequest> _frames = new();
    private CourtWorld _world = null!;

    private IEnumerable<ImportRowResult> Results => _answers.Frames.SelectMany(frame => frame.Results);

    [SetUp]
    public void StartWorld() => _world = new CourtWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task Rows_are_published_and_answered_in_their_order()
    {
        _frames.Send(Frame(People.Listed(3), People.Listed(1)), Frame(People.Listed(2))).Complete();

        await ImportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Results.Select(result => result.Row), Is.EqualTo(new[] { 1L, 2L, 1L }));
            Assert.That(_answers.Frames.Select(frame => frame.Results.Count), Is.EqualTo(new[] { 2, 1 }));
            Assert.That(Results.Select(result => result.Receipt?.Position?.Sequence), Is.EqualTo(new long?[] { 1, 2, 3 }));
            Assert.That(Results.Select(result => result.Receipt.Name), Is.EqualTo(
                _world.Journal.Entries.Select(entry => $"courts/测01/listings/{entry.Listing.Id}")));
            Assert.That(_world.Journal.Entries.Select(entry => entry.Operator), Is.All.EqualTo("书记员"));
            Assert.That(_world.Journal.Entries.Select(NumberOf), Is.EqualTo(new[] { 3, 1, 2 }.Select(People.NumberOf)));
        }
    }

    [Test]
    public async Task A_row_that_is_refused_does_not_stop_the_others()
    {
        var frame = Frame(People.Listed(1), People.Listed(2), People.Listed(3), People.Listed(1), People.Listed(5));
        frame.Rows[1].Listing.Subject.Documents[0].Number = "110000199003072139";
        frame.Rows[2].Parent = "courts/测02";
        _frames.Send(frame).Complete();

        await ImportAsync();

        Assert.That(Results.Select(OutcomeOf), Is.EqualTo(new[]
        {
            "1 at 1",
            "2 NUMBER_CHECK_DIGIT listing.subject.documents[0].number",
            "3 COURT_NOT_YOURS ",
            "4 ALREADY_LISTED ",
            "5 at 2",
        }));
    }

    [Test]
    public async Task A_row_is_told_everything_that_is_wrong_with_it()
    {
        var frame = Frame(People.Listed(1));
        frame.Rows[0].RequestId = "1";
        frame.Rows[0].Parent = "";
        frame.Rows[0].Listing.Grounds.Clear();
        _frames.Send(frame).Complete();

        await ImportAsync();

        Assert.That(OutcomeOf(Results.Single()), Is.EqualTo("1 SEVERAL_VIOLATIONS parent, listing.grounds, request_id"));
    }

    [Test]
    public async Task A_row_that_is_sent_again_gets_its_first_answer()
    {
        var row = CourtWorld.Row(1, People.Listed(1), Guid.NewGuid());
        _frames.Send(FrameOf(row), FrameOf(row)).Complete();

        await ImportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Results.Select(OutcomeOf), Is.EqualTo(new[] { "1 at 1", "1 at 1" }));
            Assert.That(_world.Journal.Entries, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_row_that_is_sent_again_after_its_term_gets_its_first_answer_beside_one_that_is_too_late()
    {
        var row = CourtWorld.Row(1, People.WithTerm(1), Guid.NewGuid());
        _frames.Send(FrameOf(row));
        var importing = ImportAsync();
        while (_answers.Frames.Count == 0) await Task.Yield();
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        _frames.Send(FrameOf(CourtWorld.Row(2, People.WithTerm(2)), row)).Complete();

        await importing;

        Assert.That(Results.Select(OutcomeOf), Is.EqualTo(new[] { "1 at 1", "2 TERM_OVER listing.term.end", "1 at 1" }));
    }

    [Test]
    public async Task A_rehearsal_writes_nothing_and_finds_what_publishing_would()
    {
        var frame = Frame(People.Listed(1), People.Listed(1), People.Listed(2));
        frame.Rows[2].Listing.CaseNumber = "";
        frame.ValidateOnly = true;
        _frames.Send(frame).Complete();

        await ImportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Results.Select(OutcomeOf), Is.EqualTo(new[] { "1 rehearsed", "2 ALREADY_LISTED ", "3 FIELD_REQUIRED listing.case_number" }));
            Assert.That(_world.Journal.Entries, Is.Empty);
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_so_many_frames_are_taken_before_the_first_is_answered(CancellationToken cancellationToken)
    {
        const int places = ListingImport.WindowRows / ListingImport.FrameRows;
        _frames.Send(Enumerable.Range(0, 3 * places).Select(n => Frame(People.Listed(n)))).Complete();
        _world.Journal.HoldAppends();

        var importing = ImportAsync(cancellationToken);
        await _world.Clock.AdvanceUntilAsync(() => _frames.Taken >= places, TimeSpan.Zero, cancellationToken);
        for (var i = 0; i < 100; i++) await Task.Yield();
        Assert.That(_frames.Taken, Is.EqualTo(places), "frames in flight");

        _world.Journal.ReleaseAppends();
        await importing;
        Assert.That(Results.Count(), Is.EqualTo(3 * places));
    }

    [Test, CancelAfter(10_000)]
    public async Task All_imports_together_leave_room_for_single_commands(CancellationToken cancellationToken)
    {
        const int most = ListingImport.NodeRows / ListingImport.FrameRows;
        _world.Journal.HoldAppends();
        var queues = Enumerable.Range(0, most).Select(_ => new FrameQueue<ImportListingsRequest>()).ToList();
        foreach (var (i, queue) in queues.Index()) queue.Send(Frame(People.Listed(2 * i)), Frame(People.Listed((2 * i) + 1))).Complete();

        var importing = queues.ConvertAll(queue =>
            _world.Import.RunAsync(queue, new FrameLog<ImportListingsResponse>(), _world.Court, cancellationToken));
        await _world.Clock.AdvanceUntilAsync(() => _world.Journal.Taken.Count >= most, TimeSpan.Zero, cancellationToken);
        for (var i = 0; i < 100; i++) await Task.Yield();
        var waiting = _world.Journal.Taken.Count;

        _world.Journal.ReleaseAppends();
        await Task.WhenAll(importing);
        Assert.That((waiting, _world.Journal.Taken.Count), Is.EqualTo((most, 2 * most)));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_import_ends_when_its_answers_cannot_be_written(CancellationToken cancellationToken)
    {
        _frames.Send(Frame(People.Listed(1)));
        _answers.Fault = new IOException("The partner is gone.");

        var failure = await Assert.ThrowsAsync<IOException>(async () => await ImportAsync(cancellationToken));

        Assert.That(failure!.Message, Is.EqualTo("The partner is gone."), "the reader would have waited for ever");
    }

    [Test, CancelAfter(10_000)]
    public async Task An_import_ends_with_the_stores_failure_and_not_with_what_followed_from_it(CancellationToken cancellationToken)
    {
        _frames.Send(Frame(People.Listed(1)));
        _world.Journal.IsOverloaded = true;

        Assert.That(async () => await ImportAsync(cancellationToken), Throws.TypeOf<StoreOverloadedException>());
        await Task.CompletedTask;
    }

    [Test]
    public async Task Frames_before_a_faulty_one_are_answered()
    {
        var faulty = FrameOf();
        faulty.Operator = "";
        _frames.Send(Frame(People.Listed(1)), faulty, Frame(People.Listed(2))).Complete();

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await ImportAsync());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Violations.Select(violation => violation.Field), Is.EqualTo(new[] { "rows", "operator" }));
            Assert.That(Results.Select(OutcomeOf), Is.EqualTo(new[] { "1 at 1" }));
            Assert.That(_world.Journal.Entries, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_frame_of_too_many_rows_is_refused_as_a_whole()
    {
        var frame = FrameOf();
        frame.Rows.AddRange(Enumerable.Repeat(new ImportRow(), ListingImport.FrameRows + 1));
        _frames.Send(frame).Complete();

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await ImportAsync());

        Assert.That((refused!.Reason, refused.Violations.Single().Field), Is.EqualTo((ErrorReason.FieldTooLong, "rows")));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_import_whose_caller_leaves_ends(CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _frames.Send(Frame(People.Listed(1)));
        _world.Journal.HoldAppends();
        var importing = ImportAsync(leaving.Token);

        await leaving.CancelAsync();

        Assert.That(async () => await importing, Throws.InstanceOf<OperationCanceledException>());
    }

    private static ImportListingsRequest Frame(params ListingContent[] contents) =>
        FrameOf([.. contents.Select((content, i) => CourtWorld.Row(i + 1, content))]);

    private static ImportListingsRequest FrameOf(params ImportRow[] rows) => new() { Rows = { rows }, Operator = "书记员" };

    private static string NumberOf(JournalEntry entry) => entry.Listing.Content.Subject!.Documents[0].Submitted;

    /// <summary>What became of a row, in words.</summary>
    private static string OutcomeOf(ImportRowResult result)
    {
        if (result.Receipt is { } receipt) return $"{result.Row} {(receipt.Position is { } position ? $"at {position.Sequence}" : "rehearsed")}";

        var fields = result.Refusal.GetDetail<BadRequest>()?.FieldViolations.Select(violation => violation.Field) ?? [];
        return $"{result.Row} {result.Refusal.GetDetail<ErrorInfo>()!.Reason} {string.Join(", ", fields)}";
    }

    private Task ImportAsync(CancellationToken cancellationToken = default) =>
        _world.Import.RunAsync(_frames, _answers, _world.Court, cancellationToken);
}
