using CreditShare.Core.Journal;

namespace CreditShare.Tests.Infrastructure;

/// <summary>The nodes' rows in memory. Answers to heartbeats can be held up between the row and the node.</summary>
internal sealed class MemoryNodes(MemoryJournal journal, TimeProvider clock) : INodeRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (uint Epoch, long Applied, DateTimeOffset SeenAt, long Beat)> _rows = [];
    private readonly Queue<(TaskCompletionSource<JournalHead> Answer, JournalHead Head)> _held = new();
    private readonly List<(uint Epoch, long Applied)> _written = [];
    private long _beats;

    /// <summary>Every row that was written, in order.</summary>
    public IReadOnlyList<(uint Epoch, long Applied)> Written
    {
        get
        {
            lock (_gate) return [.. _written];
        }
    }

    /// <summary>Whether heartbeats are written, but not answered until the test says so.</summary>
    public bool HoldsAnswers { get; set; }

    /// <summary>By how much the store's clock is ahead of everybody else's.</summary>
    public TimeSpan ClockIsAhead { get; set; }

    /// <summary>How often the rows were read.</summary>
    public int Looks { get; private set; }

    /// <summary>How many nodes have a row.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _rows.Count;
        }
    }

    /// <summary>Lets the oldest answer arrive.</summary>
    public void ReleaseAnswer()
    {
        var (answer, head) = _held.Dequeue();
        answer.SetResult(head);
    }

    /// <summary>Loses the oldest answer; the row stays.</summary>
    public void LoseAnswer() => _held.Dequeue().Answer.SetException(new StoreUnavailableException("The answer was lost.", innerException: null));

    /// <summary>Writes another node's row, as if it had just beaten.</summary>
    public Guid Beat(uint epoch, long applied, Guid? node = null)
    {
        var id = node ?? Guid.NewGuid();
        lock (_gate) _rows[id] = (epoch, applied, clock.GetUtcNow() + ClockIsAhead, ++_beats);
        return id;
    }

    public Task<JournalHead> BeatAsync(Guid node, uint epoch, long applied, CancellationToken cancellationToken)
    {
        if (journal.IsDown) return journal.ReadHeadAsync(cancellationToken);

        Beat(epoch, applied, node);
        lock (_gate) _written.Add((epoch, applied));
        if (!HoldsAnswers) return journal.ReadHeadAsync(cancellationToken);

        // Run where the test releases it, so that what follows has happened when the test goes on.
        var answer = new TaskCompletionSource<JournalHead>();
        _held.Enqueue((answer, journal.Head));
        return answer.Task.WaitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<NodeState>> ListAsync(TimeSpan youngerThan, CancellationToken cancellationToken)
    {
        await journal.ReadHeadAsync(cancellationToken);
        Looks++;
        lock (_gate)
        {
            return
            [
                .. _rows.Where(row => clock.GetUtcNow() + ClockIsAhead - row.Value.SeenAt < youngerThan)
                    .Select(row => new NodeState(row.Key, row.Value.Epoch, row.Value.Applied, row.Value.Beat)),
            ];
        }
    }

    public Task RemoveAsync(Guid node, CancellationToken cancellationToken)
    {
        lock (_gate) _rows.Remove(node);
        return Task.CompletedTask;
    }
}
