using System.Threading.Channels;
using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.Logging;

namespace CreditShare.Storage.Writing;

/// <summary>
/// The only writer of the journal in this process. An append joins the batch that waits while the one before it commits, so that a
/// commit is shared by many. If many wait already when a batch begins to be written, they are read for and decided meanwhile.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class BatchWriter : IAsyncDisposable
{
    /// <summary>The most commands in one commit. An import's commits are as large as its window lets them be, which two of them share: with many indices
    /// a commit of 2,000 rows writes few more pages than one of 256.</summary>
    public const int MaxBatch = 2_000;

    /// <summary>The most commands that wait to be taken into a batch; the next one is refused.</summary>
    public const int MaxWaiting = 8_192;

    /// <summary>Commands that must wait for their batch to be decided ahead. Fewer gain more from the company that still comes.</summary>
    public const int LeastAhead = 256;

    // Where another node writes as well, what is decided ahead is worthless. Nothing is for so many batches once that was seen.
    private const int PauseBatches = 16;

    private const int MaxAttempts = 2;
    private const int PruneLimit = 20_000;

    // Reads that many others make wait must not hold up the writer for longer.
    private static readonly TimeSpan s_lookWithin = TimeSpan.FromSeconds(1);

    // The commit before may wait for a standby, and what is written says when it was decided.
    private static readonly TimeSpan s_oldest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_settleWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_settlePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pruneEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_keepRequests = TimeSpan.FromDays(30);

    private readonly IJournalEngine _engine;
    private readonly Keyring _keys;
    private readonly EntryCodec _codec;
    private readonly ChangeSealer _sealer;
    private readonly HeadSignal _signal;
    private readonly RecentCommits _recent;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxWaiting)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then fails, and the caller is told to come back.
        });

    private readonly Task _running;
    private DateTimeOffset _pruned;

    // The batch behind the one that is written, if it is decided meanwhile. The loop sets it, or whoever decides for the loop while that waits for it.
    private (List<Waiting> Batch, Task<DecidedBatch?> Deciding)? _next;
    private int _pause;

    public BatchWriter(
        IJournalEngine engine, EntryCodec codec, Keyring keys, HeadSignal signal, RecentCommits recent, StoreEnvironment environment)
    {
        _engine = engine;
        _codec = codec;
        _sealer = new ChangeSealer(keys, codec);
        _keys = keys;
        _signal = signal;
        _recent = recent;
        _clock = environment.Clock;
        _logger = environment.Logger;
        _running = RunAsync();
    }

    /// <inheritdoc cref="IJournal.AppendAsync"/>
    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        // Whoever will be turned away is turned away before the work, not after it.
        if (_queue.Reader.Count >= MaxWaiting) throw TooMany();

        var waiting = new Waiting(Prepare(request));
        if (!_queue.Writer.TryWrite(waiting))
        {
            throw _running.IsCompleted || _queue.Reader.Completion.IsCompleted
                ? new StoreUnavailableException("The journal is closed.", null)
                : TooMany();
        }

        return waiting.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Computes what can be computed for a command without the lock of the head.</summary>
    public PreparedAppend Prepare(AppendRequest request) => PreparedAppend.From(request, _keys, _sealer, _clock.Today());

    /// <summary>Decides commands against a state, in order.</summary>
    public BatchDecider DeciderFor(BatchView view, int commands) => new(_keys, _codec, _sealer, view, _clock.GetUtcNow(), commands);

    /// <summary>Takes no more commands and finishes those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
    }

    private static StoreOverloadedException TooMany() => new($"{MaxWaiting} commands wait for the journal.");

    private static BatchQuery QueryFor(List<Waiting> batch) => BatchDecider.QueryFor(batch.ConvertAll(waiting => waiting.Command));

    private async Task RunAsync()
    {
        while (_next is not null || await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var (batch, deciding) = _next ?? (Take(), Task.FromResult<DecidedBatch?>(null));
            _next = null;
            try
            {
                await WriteAsync(batch, await deciding);
                await PruneAsync();
            }
            catch (Exception e)
            {
                // A loop that ended here would let every later command of the node wait for ever.
                _logger.WriterFailed(batch.Count, e);
                foreach (var waiting in batch) waiting.Fail(e);
            }
        }
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>(Math.Min(MaxBatch, _queue.Reader.Count));
        while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
        return batch;
    }

    private bool IsOfUse(DecidedBatch ahead)
    {
        var now = _clock.GetUtcNow();
        return ahead.Rows is not null && now - ahead.Decider.Now <= s_oldest && ChinaTime.DateOf(now) == ChinaTime.DateOf(ahead.Decider.Now);
    }

    // While rows are written, those behind them are read for and decided.
    private void LookAhead(DecidedBatch before)
    {
        if (before.Rows is null || _next is not null || _pause > 0 || _queue.Reader.Count < LeastAhead) return;

        var batch = Take();
        _next = (batch, Task.Run(() => DecideBehindAsync(batch, before)));
    }

    private async Task<DecidedBatch?> DecideBehindAsync(List<Waiting> batch, DecidedBatch before)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_lookWithin, _clock);
            var query = QueryFor(batch);
            var view = before.Decider.Follow(await _engine.ReadViewAsync(query, limit.Token), query);
            return view is null ? null : Decide(batch, query, view);
        }
        catch (Exception e)
        {
            // All is asked again under the lock, where a failure has its place.
            _logger.NotDecidedAhead(batch.Count, e);
            return null;
        }
    }

    private DecidedBatch Decide(List<Waiting> batch, BatchQuery query, BatchView view)
    {
        var decider = DeciderFor(view, batch.Count);
        AppendResult[] results = [.. batch.Select(waiting => decider.Decide(waiting.Command))];
        return new DecidedBatch(query, decider, results, decider.ToRows());
    }

    // Each waiting command gets its own answer.
    private async Task WriteAsync(List<Waiting> batch, DecidedBatch? ahead)
    {
        try
        {
            await TryWriteAsync(batch, ahead, MaxAttempts);
        }
        catch (Exception e) when (e is StoreUnavailableException or OutcomeUnknownException)
        {
            foreach (var waiting in batch) waiting.Fail(e);
        }
        catch (Exception e) when (batch.Count > 1)
        {
            // Something in the batch is refused by the database. Halving finds it without harm to the others.
            _logger.BatchRefused(batch.Count, e);
            await WriteAsync(batch[..(batch.Count / 2)], ahead: null);
            await WriteAsync(batch[(batch.Count / 2)..], ahead: null);
        }
        catch (Exception e)
        {
            _logger.CommandFailed(batch[0].Command.Request.Command.GetType().Name, e);
            batch[0].Fail(e);
        }
    }

    private async Task TryWriteAsync(List<Waiting> batch, DecidedBatch? ahead, int attempts)
    {
        // Step 1: lock the head; write what was decided ahead, if it stands behind that, or read and decide; commit.
        if (ahead is not null && !IsOfUse(ahead)) ahead = null;
        var decided = ahead;
        var query = ahead?.Query ?? QueryFor(batch);
        if (ahead is not null) LookAhead(ahead);
        try
        {
            await _engine.AppendAsync(query, ahead?.Rows, DecideUnderLock, CancellationToken.None);
        }
        catch (StoreUnavailableException e) when (attempts > 1)
        {
            // Nothing was written; a connection that had died unnoticed is replaced at the second attempt.
            _logger.CommitRepeated(batch.Count, e);
            await TryWriteAsync(batch, decided, attempts - 1);
            return;
        }
        catch (CommitUncertainException e)
        {
            // Step 2: a connection lost at the commit. The hash of the last change tells what became of it.
            if (!await WasWrittenAsync(decided!.Rows!, e))
            {
                if (attempts <= 1) throw new StoreUnavailableException("The store lost its connection twice.", e);
                await TryWriteAsync(batch, decided, attempts - 1);
                return;
            }
        }

        // Step 3: it is durable. Those who wait hear of it after the tail could.
        if (decided!.Rows is { } rows)
        {
            _recent.Add(decided.Decider.Entries);
            _signal.Advance(rows.Head.Epoch, rows.Head.Sequence);
        }

        for (var i = 0; i < batch.Count; i++) batch[i].Answer(decided.Results[i]);
        _pause = ahead is not null && !ReferenceEquals(decided, ahead) ? PauseBatches : Math.Max(0, _pause - 1);

        BatchRows? DecideUnderLock(BatchView view)
        {
            decided = Decide(batch, query, view);
            LookAhead(decided);
            return decided.Rows;
        }
    }

    private async Task<bool> WasWrittenAsync(BatchRows rows, CommitUncertainException uncertain)
    {
        _logger.CommitUncertain(rows.Head.Sequence, uncertain);
        var began = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await _engine.HoldsAsync(rows.Head.Sequence, rows.Head.Hash, CancellationToken.None);
            }
            catch (Exception e) when (_clock.GetElapsedTime(began) >= s_settleWithin)
            {
                throw new OutcomeUnknownException(
                    "The connection was lost at the commit and could not be restored in time. Send the request again with the same id.", e);
            }
            catch (Exception)
            {
                // Whatever keeps the answer away, the batch may be written: it is neither repeated nor called refused.
                await Task.Delay(s_settlePause, _clock, CancellationToken.None);
            }
        }
    }

    private async Task PruneAsync()
    {
        var now = _clock.GetUtcNow();
        if (now - _pruned < s_pruneEvery) return;

        _pruned = now;
        try
        {
            await _engine.PruneRequestsAsync((now - s_keepRequests).ToUnixTimeMilliseconds(), PruneLimit, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Nobody waits for it, and no command depends on it.
            _logger.PruneFailed(e);
        }
    }

    /// <summary>What became of a batch, if its commit succeeds.</summary>
    private sealed record DecidedBatch(BatchQuery Query, BatchDecider Decider, AppendResult[] Results, BatchRows? Rows);

    /// <summary>A command that waits for its commit.</summary>
    private sealed class Waiting(PreparedAppend command)
    {
        private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PreparedAppend Command { get; } = command;

        public Task<AppendResult> Task => _answer.Task;

        public void Answer(AppendResult result) => _answer.TrySetResult(result);

        public void Fail(Exception exception) => _answer.TrySetException(exception);
    }
}
