using CreditShare.Core.Journal;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Sqlite;
using CreditShare.Storage.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

/// <summary>What the writer does when the engine below it fails in ways that a real one does rarely and never on demand.</summary>
internal sealed class BatchWriterTests
{
    private const int LongestMs = 30_000;

    private TemporaryFolder? _folder;
    private Keyring? _keys;
    private IStore? _store;
    private FailingEngine? _engine;
    private StoreJournal? _journal;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task OpenStore()
    {
        _folder = new TemporaryFolder();
        _keys = StoreWriter.OpenKeys();
        _store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Folder = _folder.Path }, _keys, TimeProvider.System, logger: null, Token);
        _engine = new FailingEngine(((StoreJournal)_store.Journal).Engine);
        _journal = new StoreJournal(
            _engine, new EntryCodec(_keys), _keys, new HeadSignal(TimeProvider.System), new StoreEnvironment(TimeProvider.System, NullLogger.Instance));
    }

    [TearDown]
    public async Task CloseStore()
    {
        if (_journal is not null) await _journal.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
        _keys?.Dispose();
        _folder?.Dispose();
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_command_that_the_database_refuses_fails_alone()
    {
        var requests = Enumerable.Range(0, 40).Select(i => StoreSample.Publish(StoreSample.Content(i))).ToList();
        _engine!.Poison = requests[17].Command.Listing;

        var answers = await AppendAllAsync(requests);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Select((answer, i) => (answer, i)).Where(each => each.answer is not AppendResult.Appended).Select(each => each.i), Is.EqualTo(new[] { 17 }));
            Assert.That(answers[17], Is.InstanceOf<InvalidDataException>());
            Assert.That((await _journal!.ReadHeadAsync(Token)).Sequence, Is.EqualTo(39));
            Assert.That(await JournalVerifier.VerifyAsync(_store!, after: 0, progress: null, Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_commit_that_was_done_before_its_connection_was_lost_is_answered_and_not_repeated()
    {
        _engine!.LoseAfterCommit = 1;

        var answers = await AppendAllAsync([.. Enumerable.Range(0, 10).Select(i => StoreSample.Publish(StoreSample.Content(i)) with { RequestId = null })]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers, Is.All.InstanceOf<AppendResult.Appended>());
            Assert.That((await _journal!.ReadHeadAsync(Token)).Sequence, Is.EqualTo(10));
            Assert.That(_journal.TakeCommitted(0, epoch: 1), Has.Count.EqualTo(10));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_commit_that_was_lost_with_its_connection_is_done_again()
    {
        _engine!.LoseBeforeCommit = 1;

        var answers = await AppendAllAsync([.. Enumerable.Range(0, 10).Select(i => StoreSample.Publish(StoreSample.Content(i)))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers, Is.All.InstanceOf<AppendResult.Appended>());
            Assert.That((await _journal!.ReadHeadAsync(Token)).Sequence, Is.EqualTo(10));
        }
    }

    [TestCase(typeof(StoreUnavailableException))]
    [TestCase(typeof(InvalidDataException), Description = "one that nobody thought of")]
    [CancelAfter(LongestMs)]
    public async Task A_commit_whose_end_is_found_out_late_is_answered_then(Type failure)
    {
        _engine!.LoseAfterCommit = 1;
        _engine.UnreachableFor = 5;
        _engine.Unreachable = (Exception)Activator.CreateInstance(failure, "Told so.", null)!;

        Assert.That(await _journal!.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token), Is.InstanceOf<AppendResult.Appended>());
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_commit_whose_end_cannot_be_found_out_is_unknown_until_the_request_is_sent_again()
    {
        _engine!.LoseAfterCommit = 1;
        _engine.UnreachableFor = int.MaxValue;
        var request = StoreSample.Publish(StoreSample.Content(1));

        Assert.That(() => _journal!.AppendAsync(request, Token), Throws.InstanceOf<OutcomeUnknownException>());

        _engine.UnreachableFor = 0;
        var answer = await _journal!.AppendAsync(request, Token);
        Assert.That(((AppendResult.Appended)answer).Sequence, Is.EqualTo(1));
        Assert.That((await _journal.ReadHeadAsync(Token)).Sequence, Is.EqualTo(1));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_store_that_is_away_for_one_attempt_is_not_noticed_and_for_two_it_is()
    {
        _engine!.Unavailable = 1;
        Assert.That(await _journal!.AppendAsync(StoreSample.Publish(StoreSample.Content(1)), Token), Is.InstanceOf<AppendResult.Appended>());

        _engine.Unavailable = 2;
        Assert.That(() => _journal.AppendAsync(StoreSample.Publish(StoreSample.Content(2)), Token), Throws.InstanceOf<StoreUnavailableException>());

        Assert.That(await _journal.AppendAsync(StoreSample.Publish(StoreSample.Content(3)), Token), Is.InstanceOf<AppendResult.Appended>());
    }

    [Test, CancelAfter(LongestMs)]
    public async Task What_waits_beyond_the_bound_is_refused_and_the_rest_is_written()
    {
        const int beyond = 200;
        using var gate = new ManualResetEventSlim();
        _engine!.BeforeAppend = gate.Wait;
        var first = _journal!.AppendAsync(StoreSample.Publish(StoreSample.Content(0)), Token);
        await Shell.WaitUntilAsync(_ => Task.FromResult(_engine.Appends == 1), "the first batch to begin", Token);

        // Refused contents, so that the test is not about writing.
        var empty = StoreSample.Publish(StoreSample.Content(1) with { Basis = null });
        var waiting = new List<Task<AppendResult>>();
        var overloaded = 0;
        for (var i = 0; i < BatchWriter.MaxWaiting + beyond; i++)
        {
            try
            {
                waiting.Add(_journal.AppendAsync(empty, Token));
            }
            catch (StoreOverloadedException)
            {
                overloaded++;
            }
        }

        gate.Set();
        var results = await Task.WhenAll(waiting);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(overloaded, Is.EqualTo(beyond));
            Assert.That(results, Is.All.InstanceOf<AppendResult.Refused>());
            Assert.That(await first, Is.InstanceOf<AppendResult.Appended>());
            Assert.That(_engine.Appends, Is.EqualTo(1 + Math.Ceiling(BatchWriter.MaxWaiting / (double)BatchWriter.MaxBatch)));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_caller_that_gives_up_does_not_stop_the_command()
    {
        using var gate = new ManualResetEventSlim();
        _engine!.BeforeAppend = gate.Wait;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var giving = _journal!.AppendAsync(StoreSample.Publish(StoreSample.Content(0)), patience.Token);

        await patience.CancelAsync();
        Assert.That(() => giving, Throws.InstanceOf<OperationCanceledException>());

        gate.Set();
        await Shell.WaitUntilAsync(async token => (await _journal.ReadHeadAsync(token)).Sequence == 1, "the change", Token);
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_failure_to_forget_old_requests_does_not_end_the_writer()
    {
        // The first batch of a writer is followed by the first pruning.
        _engine!.PruneFailure = new InvalidDataException("Told so.");

        for (var i = 0; i < 2; i++)
        {
            Assert.That(await _journal!.AppendAsync(StoreSample.Publish(StoreSample.Content(i)), Token), Is.InstanceOf<AppendResult.Appended>());
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_closed_journal_is_unavailable()
    {
        await _journal!.DisposeAsync();

        Assert.That(() => _journal.AppendAsync(StoreSample.Publish(StoreSample.Content(0)), Token), Throws.InstanceOf<StoreUnavailableException>());
    }

    private async Task<object[]> AppendAllAsync(IReadOnlyList<AppendRequest> requests) => await Task.WhenAll(requests.Select(async request =>
    {
        try
        {
            return (object)await _journal!.AppendAsync(request, Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e;
        }
    }));
}
