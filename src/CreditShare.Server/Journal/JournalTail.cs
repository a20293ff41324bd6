using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Journal;

/// <summary>The node's one reader of the journal: applies every change to the readers, keeps the recent ones, wakes who waits.</summary>
internal sealed class JournalTail(
    IStore store,
    IEnumerable<IJournalReader> readers,
    IOptions<JournalOptions> options,
    TimeProvider clock,
    JournalMetrics metrics,
    ILogger<JournalTail> logger)
{
    private const int BatchLimit = 2_000;

    private readonly List<LoadedReader> _readers = [.. readers.Select(reader => new LoadedReader(reader))];
    private readonly ChangeRing _ring = new(options.Value.RingBytes);
    private readonly Lock _gate = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalHead? _applied;
    private volatile bool _mustReload;
    private int _generation;

    /// <summary>Raised after a change that ended a listing or freed a document was applied; the lease then tells the other nodes at once.</summary>
    public event Action? Freed;

    /// <summary>What has been applied; null before the first load and while loading anew.</summary>
    public JournalHead? AppliedHead => Volatile.Read(ref _applied);

    /// <summary>What has been applied; (0, 0) before the first load and while loading anew.</summary>
    public JournalPosition Applied => AppliedHead is { } head ? new JournalPosition(head.Epoch, head.Sequence) : default;

    /// <summary>Grows when the journal's history turned out to be another one: who holds a position must check it again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Has everything dropped and loaded anew: the store does not know the place where this node is.</summary>
    public void RequestReload()
    {
        _mustReload = true;
        Wake();
    }

    /// <summary>Loads, then follows the journal until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_mustReload) await LoadAsync(cancellationToken);
                await StepAsync(cancellationToken);
            }
            catch (StoreUnavailableException e)
            {
                JournalLog.TailCannotRead(logger, e);
                await Task.Delay(options.Value.PollInterval, clock, cancellationToken);
            }
        }
    }

    /// <summary>Copies entries after a number out of memory.</summary>
    /// <returns><see langword="false"/> if memory does not reach back that far: then read the store.</returns>
    public bool TryRead(long after, int limit, List<JournalEntry> entries, HashSet<ListingId> ended) =>
        _ring.TryRead(after, limit, entries, ended);

    /// <summary>Waits until something past <paramref name="sequence"/> has been applied, or the tail loaded anew.</summary>
    public Task WaitPastAsync(long sequence, CancellationToken cancellationToken)
    {
        Task moved;
        lock (_gate)
        {
            moved = _moved.Task;
        }

        return Applied.Sequence > sequence ? Task.CompletedTask : moved.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until a position has been applied.</summary>
    public async Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                moved = _moved.Task;
            }

            if (Applied.Covers(position)) return;
            await moved.WaitAsync(cancellationToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _applied, null);
        _mustReload = false;
        var started = clock.GetTimestamp();

        // The readers load one after the other, each from its own snapshot: the tail goes on from the oldest, and each takes only
        // what its own snapshot had not.
        JournalHead? oldest = null;
        foreach (var reader in _readers)
        {
            var loaded = await reader.Reader.LoadAsync(cancellationToken);
            reader.LoadedTo = loaded.Sequence;
            if (oldest is null || loaded.Sequence < oldest.Sequence) oldest = loaded;
        }

        oldest ??= await store.Journal.ReadHeadAsync(cancellationToken);
        _ring.Clear();
        Interlocked.Increment(ref _generation);
        Volatile.Write(ref _applied, oldest);
        Wake();
        var elapsed = clock.GetElapsedTime(started);
        JournalLog.Loaded(logger, oldest.Epoch, oldest.Sequence, elapsed);
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        var applied = AppliedHead!;
        var entries = store.Journal.TakeCommitted(applied.Sequence);
        if (entries is not { Count: > 0 })
        {
            entries = await store.Journal.ReadAsync(applied.Sequence, BatchLimit, cancellationToken);
        }

        if (entries.Count == 0)
        {
            await store.Journal.WaitForChangeAsync(applied.Sequence, options.Value.PollInterval, cancellationToken);
            return;
        }

        if (entries[0].Sequence != applied.Sequence + 1)
        {
            throw new InvalidOperationException(
                $"The journal gave {entries[0].Sequence} after {applied.Sequence}; an engine must leave no gap.");
        }

        var freed = false;
        foreach (var entry in entries)
        {
            foreach (var reader in _readers.Where(reader => entry.Sequence > reader.LoadedTo)) reader.Reader.Apply(entry);
            _ring.Add(entry);
            freed |= entry.Kind is not (ChangeKind.Published or ChangeKind.GraceBegun or ChangeKind.Cancelled);
        }

        var last = entries[^1];
        Volatile.Write(ref _applied, new JournalHead(last.Epoch, last.Sequence, last.Hash));
        metrics.Applied(entries.Count, last.Sequence);
        Wake();
        if (freed) Freed?.Invoke();
    }

    private void Wake()
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.TrySetResult();
    }

    private sealed class LoadedReader(IJournalReader reader)
    {
        public IJournalReader Reader => reader;

        /// <summary>The head of the snapshot it loaded.</summary>
        public long LoadedTo { get; set; }
    }
}
