using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What a batch does that is decided while the one before it is written: the same as if it had waited for it.</summary>
[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class BatchAheadContract(Type engine) : StoreContract(engine)
{
    private const int FirstFiller = 1_000;

    private readonly ManualResetEventSlim _begin = new();
    private readonly SemaphoreSlim _looked = new(0);
    private FailingEngine? _engine;
    private StoreJournal? _journal;

    private StoreJournal Ahead => _journal!;

    [SetUp]
    public void OpenJournal() => OpenJournal(Clock);

    [TearDown]
    public async Task CloseJournal()
    {
        _begin.Set();
        if (_journal is not null) await _journal.DisposeAsync();
        _begin.Dispose();
        _looked.Dispose();
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_follows_what_the_batch_before_it_did()
    {
        var first = StoreSample.Publish(StoreSample.Content(1));
        var listing = first.Command.Listing;
        var sameCase = StoreSample.Publish(StoreSample.Content(1));
        var withdrawal = Withdraw(first);
        var otherCase = StoreSample.Publish(StoreSample.Content(1, caseSerial: 77));

        var (before, answers) = await RunAsync(first, [first, sameCase, withdrawal, otherCase]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers[0], Is.EqualTo(before), "a request that is repeated");
            Assert.That(ReasonsOf(answers[1]), Is.EqualTo(new[] { RefusalReason.AlreadyListed }));
            Assert.That(((AppendResult.Appended)answers[2]).Version, Is.EqualTo(2));
            Assert.That(answers[3], Is.InstanceOf<AppendResult.Appended>());
            Assert.That(_engine!.DecidedUnderLock, Is.EqualTo(new[] { 1 }), "decided under the lock");
            Assert.That((await FindAsync(listing)).Listing.State, Is.EqualTo(ListingState.Withdrawn));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_is_decided_anew_once_another_node_has_written_in_between()
    {
        var theirs = StoreSample.Publish(StoreSample.Content(2));
        _engine!.BeforeAppend = () =>
        {
            _begin.Wait();
            if (_engine.Appends == 2) Journal.AppendAsync(theirs, Token).GetAwaiter().GetResult();
        };

        var (_, answers) = await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [StoreSample.Publish(StoreSample.Content(2))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReasonsOf(answers[0]), Is.EqualTo(new[] { RefusalReason.AlreadyListed }));
            Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead }));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }

        // Step 2: nothing is decided ahead for a while, however many wait.
        _engine.AfterDecision = () => { };
        var asked = _engine.Appends;
        using var gate = new ManualResetEventSlim();
        _engine.BeforeAppend = gate.Wait;
        var first = Ahead.AppendAsync(StoreSample.Publish(StoreSample.Content(3)), Token);
        await Shell.WaitUntilAsync(_ => Task.FromResult(_engine.Appends == asked + 1), "the next batch to begin", Token);
        var others = Fill(FirstFiller + BatchWriter.LeastAhead, BatchWriter.LeastAhead);
        gate.Set();
        await Task.WhenAll([first, .. others]);
        Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead, 1, BatchWriter.LeastAhead }));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_is_decided_anew_if_the_batch_before_it_is_not_written()
    {
        var first = StoreSample.Publish(StoreSample.Content(1));
        _engine!.Poison = first.Command.Listing;
        var withdrawal = Withdraw(first);

        var (before, answers) = await RunAsync(first, [withdrawal, StoreSample.Publish(StoreSample.Content(1))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.InstanceOf<InvalidDataException>());
            Assert.That(ReasonsOf(answers[0]), Is.EqualTo(new[] { RefusalReason.ListingNotFound }));
            Assert.That(answers[1], Is.InstanceOf<AppendResult.Appended>());
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [TestCase(0.5, 1)]
    [TestCase(12 * 60 * 60, 11)]
    [CancelAfter(LongestMs)]
    public async Task It_is_decided_anew_once_the_day_has_passed_or_too_much_time(double secondsToMidnight, double secondsPassed)
    {
        var clock = new CountingClock(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(secondsToMidnight));
        await Ahead.DisposeAsync();
        OpenJournal(clock);
        var followUp = _engine!.AfterDecision;
        _engine.AfterDecision = () =>
        {
            followUp();
            if (_engine.DecidedUnderLock.Count > 1) return;

            // The time of a decision is taken once its view is read: this is the second one asked for since the first batch began.
            Assert.That(SpinWait.SpinUntil(() => clock.Asked >= 2, LongestMs), Is.True, "nobody decided ahead");
            clock.Advance(TimeSpan.FromSeconds(secondsPassed));
        };

        await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [], () => clock.Asked = 0);

        Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead }));
        Assert.That((await Journal.ReadAsync(1, 1, Token)).Single().RecordedAt, Is.EqualTo(clock.GetUtcNow()));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Batches_follow_one_another_each_decided_behind_the_one_before()
    {
        const int two = BatchWriter.MaxBatch + BatchWriter.LeastAhead;

        await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [], fill: two);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_engine!.Appends, Is.EqualTo(3));
            Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1 }), "decided under the lock");
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(1 + two));
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_is_decided_under_the_lock_if_it_cannot_be_read_for()
    {
        _engine!.AfterView = () =>
        {
            _looked.Release();
            throw new StoreUnavailableException("Told so.", null);
        };

        var (_, answers) = await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [StoreSample.Publish(StoreSample.Content(1))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReasonsOf(answers[0]), Is.EqualTo(new[] { RefusalReason.AlreadyListed }));
            Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead }));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_waits_a_second_for_what_is_read_and_is_decided_under_the_lock_then()
    {
        _engine!.BeforeView = limit =>
        {
            _looked.Release();
            return new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMilliseconds(LongestMs), limit);
        };
        var followUp = _engine.AfterDecision;
        _engine.AfterDecision = () =>
        {
            followUp();
            if (_engine.DecidedUnderLock.Count == 1) Clock.Advance(TimeSpan.FromSeconds(1));
        };

        await RunAsync(StoreSample.Publish(StoreSample.Content(1)), []).WaitAsync(Token);

        Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead }));
    }

    [TestCase(1, 0, 0, Description = "lost after its commit")]
    [TestCase(0, 1, 0, Description = "lost before its commit")]
    [TestCase(0, 0, 1, Description = "a connection that had died unnoticed")]
    [CancelAfter(LongestMs)]
    public async Task A_connection_that_is_lost_over_it_is_not_noticed(int loseAfterCommit, int loseBeforeCommit, int unavailable)
    {
        _engine!.BeforeAppend = () =>
        {
            _begin.Wait();
            if (_engine.Appends != 2) return;

            (_engine.LoseAfterCommit, _engine.LoseBeforeCommit, _engine.Unavailable) = (loseAfterCommit, loseBeforeCommit, unavailable);
        };

        var (_, answers) = await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [StoreSample.Publish(StoreSample.Content(2))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((AppendResult.Appended)answers[0]).Sequence, Is.EqualTo(2));
            Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1 }), "decided under the lock");
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(2 + BatchWriter.LeastAhead));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_command_of_it_that_the_database_refuses_fails_alone()
    {
        var poison = StoreSample.Publish(StoreSample.Content(2));
        _engine!.Poison = poison.Command.Listing;

        var (_, answers) = await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [poison, StoreSample.Publish(StoreSample.Content(3))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers[0], Is.InstanceOf<InvalidDataException>());
            Assert.That(answers[1], Is.InstanceOf<AppendResult.Appended>());
            Assert.That((await Journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(2 + BatchWriter.LeastAhead));
        }
    }

    /// <summary>Under READ COMMITTED each statement of a view sees what was committed when it began: any of them may have seen the batch before, or not.</summary>
    [Test, CancelAfter(LongestMs)]
    public async Task However_much_of_the_batch_before_a_view_has_seen_the_decisions_are_the_same()
    {
        // Step 1: what stands, what the batch before does to it, and what is asked behind that.
        var (ended, corrected, quiet) = (StoreSample.Publish(StoreSample.Content(1)), StoreSample.Publish(StoreSample.Content(2)), StoreSample.Publish(StoreSample.Content(3)));
        foreach (var standing in new[] { ended, corrected, quiet }) await AcceptAsync(standing);
        var withdrawal = Withdraw(ended);
        var exchanged = StoreSample.Content(2) with { Subject = StoreSample.Content(2).Subject! with { Documents = [StoreSample.Document(StoreSample.Person(12))] } };
        AppendRequest[] before =
        [
            withdrawal,
            StoreSample.Request(new ListingCommand.Correct(corrected.Command.Listing, 1, ContentParts.Documents, exchanged)),
            StoreSample.Publish(StoreSample.Content(4)),
        ];
        AppendRequest[] behind =
        [
            withdrawal,
            withdrawal with { Digest = StoreSample.Digest(77) },
            Withdraw(ended, version: 2),
            StoreSample.Publish(StoreSample.Content(1)),
            StoreSample.Publish(StoreSample.Content(2)),
            StoreSample.Publish(StoreSample.Content(12, caseSerial: 3)),
            StoreSample.Publish(StoreSample.Content(4)),
            Withdraw(corrected, version: 1),
            Withdraw(corrected, version: 2),
            Withdraw(quiet),
        ];

        // Step 2: the views before it and behind it, read anew for each use, since deciding fills them.
        var engine = ((StoreJournal)Journal).Engine;
        var query = BatchDecider.QueryFor([.. behind.Select(Prepare)]);
        var beforeQuery = BatchDecider.QueryFor([.. before.Select(Prepare)]);
        var first = DeciderFor(await engine.ReadViewAsync(beforeQuery, Token));
        Assert.That(before.Select(Prepare).Select(first.Decide), Is.All.InstanceOf<AppendResult.Appended>());
        var old = await engine.ReadViewAsync(query, Token);
        await engine.AppendAsync(beforeQuery, first.ToRows(), _ => throw new AssertionException("The head has not moved."), Token);
        var expected = Decide(await engine.ReadViewAsync(query, Token));

        // Step 3: each part as it was or as it is. The head is read first, so who saw the batch in it saw it everywhere.
        using (Assert.EnterMultipleScope())
        {
            for (var seen = 0; seen < 8; seen++)
            {
                var now = await engine.ReadViewAsync(query, Token);
                var mixed = Mix(old.Head, (seen & 1) == 0 ? old : now, (seen & 2) == 0 ? old : now, (seen & 4) == 0 ? old : now);
                Assert.That(Decide(first.Follow(mixed, query)!), Is.EqualTo(expected), $"seen in {seen}");
            }

            Assert.That(Decide(first.Follow(await engine.ReadViewAsync(query, Token), query)!), Is.EqualTo(expected), "all seen");
            await AcceptAsync(StoreSample.Publish(StoreSample.Content(5)));
            Assert.That(first.Follow(await engine.ReadViewAsync(query, Token), query), Is.Null, "more than it seen");
        }

        List<string> Decide(BatchView view)
        {
            var decider = DeciderFor(view);
            return [.. behind.Select(Prepare).Select(decider.Decide).Select(Describe)];
        }

        static BatchView Mix(JournalHead head, BatchView requests, BatchView listings, BatchView neighbours)
        {
            var view = new BatchView { Head = head };
            foreach (var (key, answer) in requests.Requests) view.Requests.Add(key, answer);
            foreach (var (listing, change) in listings.Listings) view.Listings.Add(listing, change);
            view.Neighbours.AddRange(neighbours.Neighbours);
            return view;
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_journal_that_is_closed_finishes_it()
    {
        var first = Ahead.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token);
        await BeginAsync();
        var fillers = Fill(FirstFiller, BatchWriter.LeastAhead);

        var closing = Ahead.DisposeAsync();
        _begin.Set();
        await closing;

        Assert.That(await Task.WhenAll([first, .. fillers]), Is.All.InstanceOf<AppendResult.Appended>());
    }

    private static AppendRequest Withdraw(AppendRequest published, int version = 1) => StoreSample.Request(
        new ListingCommand.Withdraw(published.Command.Listing, version, EndReason.EarlyDeletion, "", StoreSample.Today));

    // A publication's id is its own; where it would stand and what it is refused for is what counts.
    private static string Describe(AppendResult result) => result switch
    {
        AppendResult.Appended appended => $"{appended.Version} at {appended.Sequence}",
        AppendResult.Refused refused => string.Join(", ", refused.Violations.Select(violation => violation.Reason)),
        _ => throw new ArgumentException("Neither appended nor refused.", nameof(result)),
    };

    private static RefusalReason[] ReasonsOf(object answer) => [.. ((AppendResult.Refused)answer).Violations.Select(violation => violation.Reason)];

    private void OpenJournal(TimeProvider clock)
    {
        _engine = new FailingEngine(((StoreJournal)Journal).Engine);
        _engine.BeforeAppend = _begin.Wait;
        _engine.AfterView = () => _looked.Release();

        // Whoever looks ahead sees the state before the first batch, every time.
        _engine.AfterDecision = () =>
        {
            if (_engine.DecidedUnderLock.Count == 1) Assert.That(_looked.Wait(LongestMs), Is.True, "nobody looked ahead");
        };
        _journal = new StoreJournal(
            _engine, new EntryCodec(Keys), Keys, new HeadSignal(clock), new StoreEnvironment(clock, NullLogger.Instance));
    }

    /// <summary>Sends one command, and so many others while it is written that they are decided meanwhile.</summary>
    private async Task<(object Before, object[] Answers)> RunAsync(AppendRequest first, AppendRequest[] then, Action? beforeBegin = null, int fill = BatchWriter.LeastAhead)
    {
        var before = AnswerAsync(first);
        await BeginAsync();
        var answers = then.Select(AnswerAsync).ToList();
        var fillers = Fill(FirstFiller, fill);
        beforeBegin?.Invoke();
        _begin.Set();
        Assert.That(await Task.WhenAll(fillers), Is.All.InstanceOf<AppendResult.Appended>());
        return (await before, await Task.WhenAll(answers));
    }

    private Task BeginAsync() => Shell.WaitUntilAsync(_ => Task.FromResult(_engine!.Appends == 1), "the first batch to begin", Token);

    private PreparedAppend Prepare(AppendRequest request) =>
        PreparedAppend.From(request, Keys, new ChangeSealer(Keys, new EntryCodec(Keys)), StoreSample.Today);

    private BatchDecider DeciderFor(BatchView view)
    {
        var codec = new EntryCodec(Keys);
        return new BatchDecider(Keys, codec, new ChangeSealer(Keys, codec), view, Clock.GetUtcNow(), commands: 16);
    }

    private List<Task<AppendResult>> Fill(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => Ahead.AppendAsync(StoreSample.Publish(StoreSample.Content(i)), Token))];

    private async Task<object> AnswerAsync(AppendRequest request)
    {
        try
        {
            return await Ahead.AppendAsync(request, Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e;
        }
    }

    /// <summary>A clock that knows how often it was asked.</summary>
    private sealed class CountingClock(TimeSpan afterNoon) : FakeTimeProvider(StoreSample.ClockAtNoon().GetUtcNow() + afterNoon)
    {
        private int _asked;

        public int Asked
        {
            get => Volatile.Read(ref _asked);
            set => Volatile.Write(ref _asked, value);
        }

        public override DateTimeOffset GetUtcNow()
        {
            var now = base.GetUtcNow();
            Interlocked.Increment(ref _asked);
            return now;
        }
    }
}
