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
        var withdrawal = StoreSample.Request(new ListingCommand.Withdraw(listing, 1, EndReason.EarlyDeletion, "", StoreSample.Today));
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
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_is_decided_anew_if_the_batch_before_it_is_not_written()
    {
        var first = StoreSample.Publish(StoreSample.Content(1));
        _engine!.Poison = first.Command.Listing;
        var withdrawal = StoreSample.Request(new ListingCommand.Withdraw(first.Command.Listing, 1, EndReason.EarlyDeletion, "", StoreSample.Today));

        var (before, answers) = await RunAsync(first, [withdrawal, StoreSample.Publish(StoreSample.Content(1))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.InstanceOf<InvalidDataException>());
            Assert.That(ReasonsOf(answers[0]), Is.EqualTo(new[] { RefusalReason.ListingNotFound }));
            Assert.That(answers[1], Is.InstanceOf<AppendResult.Appended>());
            Assert.That(await JournalVerifier.VerifyAsync(Store, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task It_is_decided_anew_on_the_next_day()
    {
        var clock = new CountingClock();
        await Ahead.DisposeAsync();
        OpenJournal(clock);
        var followUp = _engine!.AfterDecision;
        _engine.AfterDecision = () =>
        {
            followUp();
            if (_engine.DecidedUnderLock.Count > 1) return;

            // The time of a decision is taken once its view is read; that of the first was taken before it.
            Assert.That(SpinWait.SpinUntil(() => clock.Asked >= 2, LongestMs), Is.True, "nobody decided ahead");
            clock.Advance(TimeSpan.FromDays(1));
        };

        await RunAsync(StoreSample.Publish(StoreSample.Content(1)), [], () => clock.Asked = 0);

        Assert.That(_engine.DecidedUnderLock, Is.EqualTo(new[] { 1, BatchWriter.LeastAhead }));
        Assert.That((await Journal.ReadAsync(1, 1, Token)).Single().RecordedAt, Is.EqualTo(clock.GetUtcNow()));
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
    public async Task A_commit_of_it_that_was_done_before_its_connection_was_lost_is_answered_and_not_repeated()
    {
        _engine!.BeforeAppend = () =>
        {
            _begin.Wait();
            if (_engine.Appends == 2) _engine.LoseAfterCommit = 1;
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
    public async Task A_journal_that_is_closed_finishes_it()
    {
        var first = Ahead.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token);
        await BeginAsync();
        var fillers = Fill();

        var closing = Ahead.DisposeAsync();
        _begin.Set();
        await closing;

        Assert.That(await Task.WhenAll([first, .. fillers]), Is.All.InstanceOf<AppendResult.Appended>());
    }

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
    private async Task<(object Before, object[] Answers)> RunAsync(AppendRequest first, AppendRequest[] then, Action? beforeBegin = null)
    {
        var before = AnswerAsync(first);
        await BeginAsync();
        var answers = then.Select(AnswerAsync).ToList();
        var fillers = Fill();
        beforeBegin?.Invoke();
        _begin.Set();
        Assert.That(await Task.WhenAll(fillers), Is.All.InstanceOf<AppendResult.Appended>());
        return (await before, await Task.WhenAll(answers));
    }

    private Task BeginAsync() => Shell.WaitUntilAsync(_ => Task.FromResult(_engine!.Appends == 1), "the first batch to begin", Token);

    private List<Task<AppendResult>> Fill() =>
        [.. Enumerable.Range(FirstFiller, BatchWriter.LeastAhead).Select(i => Ahead.AppendAsync(StoreSample.Publish(StoreSample.Content(i)), Token))];

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
    private sealed class CountingClock() : FakeTimeProvider(StoreSample.ClockAtNoon().GetUtcNow())
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
