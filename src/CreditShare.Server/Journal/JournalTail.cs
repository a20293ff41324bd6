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

    /// <summary>Raised when the other nodes should learn at once how far this one is: after a load, and after a change that may have freed
    /// somebody.</summary>
    public event Action? TellSoon;

    /// <summary>What has been applied; null before the first load and while loading anew.</summary>
    public JournalHead? AppliedHead => Volatile.Read(ref _applied);

    /// <summary>What has been applied; (0, 0) before the first load and while loading anew.</summary>
    public JournalPosition Applied => AppliedHead is { } head ? new JournalPosition(head.Epoch, head.Sequence) : default;

    /// <summary>Grows with every load, so also when the journal's history turned out to be another one: who holds a position must check it again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <inheritdoc cref="ChangeRing.Revision"/>
    public long Revision => _ring.Revision;

    /// <summary>Whether a place is one of the store's history: the same life's number need not be, once the store failed over.</summary>
    public async Task<bool> IsKnownAsync(JournalHead place, CancellationToken cancellationToken)
    {
        var known = await store.Journal.ReadHashAsync(place.Sequence, cancellationToken);
        return known is { } hash && hash.Span.SequenceEqual(place.Hash.Span);
    }

    /// <summary>Has everything dropped and loaded anew: the store does not know the place where this node is.</summary>
    public void Abandon(JournalHead place)
    {
        JournalLog.HistoryDiverged(logger, place.Epoch, place.Sequence);
        _mustReload = true;
    }

    /// <summary>Takes note of a life that began right where this node is, with nothing lost and nothing written yet. Without it a node would
    /// count as behind from a failover until the next change.</summary>
    /// <param name="applied">What <see cref="AppliedHead"/> gave; if the node has moved on since, nothing happens.</param>
    /// <param name="head">The head, of a later life, with the same number and hash.</param>
    public void EnterLife(JournalHead applied, JournalHead head)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _applied, head, applied), applied)) Wake();
    }

    /// <summary>Loads, then follows the journal until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(cancellationToken);
            }
            catch (StoreUnavailableException e)
            {
                JournalLog.TailCannotRead(logger, e);
                await Task.Delay(options.Value.PollInterval, clock, cancellationToken);
            }
        }
    }

    /// <summary>Takes one step: loads, or applies the next changes, or waits for some.</summary>
    public Task StepAsync(CancellationToken cancellationToken) =>
        !_mustReload && AppliedHead is { } applied ? ReadOnAsync(applied, cancellationToken) : LoadAsync(cancellationToken);

    /// <summary>Copies entries after a number out of memory.</summary>
    /// <param name="after">The number before the first one wanted.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="entries">Takes the entries.</param>
    /// <param name="outdated">Takes the numbers of those that must not be given out any more: their listing cannot be on that day, as it stands
    /// now, or was corrected later.</param>
    /// <returns><see langword="false"/> if memory does not reach back that far: then read the store.</returns>
    public bool TryRead(long after, int limit, DateOnly today, List<JournalEntry> entries, HashSet<long> outdated) =>
        _ring.TryRead(after, limit, today, entries, outdated);

    /// <summary>Waits until something past <paramref name="sequence"/> has been applied, or the tail loaded anew.</summary>
    public Task WaitPastAsync(long sequence, CancellationToken cancellationToken) => WaitPastAsync(sequence, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits until something past <paramref name="sequence"/> has been applied, or the tail loaded anew.</summary>
    /// <exception cref="TimeoutException">That did not happen in time.</exception>
    public Task WaitPastAsync(long sequence, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task moved;
        lock (_gate)
        {
            moved = _moved.Task;
        }

        return Applied.Sequence > sequence ? Task.CompletedTask : moved.WaitAsync(atMost, clock, cancellationToken);
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
        List<JournalHead> heads = [];
        foreach (var reader in _readers)
        {
            var loaded = await reader.Reader.LoadAsync(cancellationToken);
            reader.LoadedTo = loaded.Sequence;
            heads.Add(loaded);
        }

        var oldest = heads.MinBy(head => head.Sequence) ?? await store.Journal.ReadHeadAsync(cancellationToken);

        // The store failed over between two loads: numbers of different lives cannot be compared, so all load once more.
        if (heads.Exists(head => head.Epoch != oldest.Epoch)) return;

        _ring.Clear();
        Interlocked.Increment(ref _generation);
        Volatile.Write(ref _applied, oldest);
        Wake();
        var elapsed = clock.GetElapsedTime(started);
        JournalLog.Loaded(logger, oldest.Epoch, oldest.Sequence, elapsed);
        TellSoon?.Invoke();
    }

    private async Task ReadOnAsync(JournalHead applied, CancellationToken cancellationToken)
    {
        var entries = store.Journal.TakeCommitted(applied.Sequence, applied.Epoch);
        if (entries is not { Count: > 0 })
        {
            entries = await store.Journal.ReadNextAsync(applied.Sequence, BatchLimit, cancellationToken);
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

        // Numbers go on across lives without a gap even where changes were lost: only the hash tells whether these follow what is here.
        if (entries[0].Epoch != applied.Epoch && !await IsKnownAsync(applied, cancellationToken))
        {
            Abandon(applied);
            return;
        }

        Apply(entries);
    }

    private void Apply(IReadOnlyList<JournalEntry> entries)
    {
        var mayFree = false;
        foreach (var entry in entries)
        {
            foreach (var reader in _readers)
            {
                if (entry.Sequence > reader.LoadedTo) reader.Reader.Apply(entry);
            }

            _ring.Add(entry);
            mayFree |= entry.Kind is not (ChangeKind.Published or ChangeKind.GraceBegun or ChangeKind.Cancelled);
        }

        var last = entries[^1];
        Volatile.Write(ref _applied, new JournalHead(last.Epoch, last.Sequence, last.Hash));
        metrics.Applied(entries.Count, last.Sequence);
        Wake();
        if (mayFree) TellSoon?.Invoke();
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
