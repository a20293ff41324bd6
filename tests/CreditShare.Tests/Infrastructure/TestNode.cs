using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Microsoft.Extensions.Options;

namespace CreditShare.Tests.Infrastructure;

/// <summary>A node as far as the journal goes: its tail, its lease, its barrier, and an index that lookups would probe.</summary>
internal sealed class TestNode : IDisposable
{
    private readonly LogBook _log = new();

    public TestNode(MemoryStore store, TimeProvider clock)
    {
        Index = new FoldIndex(store.Journal);
        Tail = new JournalTail(store, [Index], Options, clock, Metrics, _log.For<JournalTail>());
        Lease = new NodeLease(store, Tail, clock, clock, Options, Metrics, _log.For<NodeLease>());
        Watch = new NodeWatch(store, clock);
        Barrier = new WithdrawalBarrier(Watch, Tail, clock, Options, Metrics);
    }

    /// <summary>As the product has them.</summary>
    public static IOptions<JournalOptions> Options { get; } = Microsoft.Extensions.Options.Options.Create(new JournalOptions());

    /// <summary>Shared by all nodes: what they measure is nobody's business here.</summary>
    public static JournalMetrics Metrics { get; } = new(new Meters());

    public JournalTail Tail { get; }

    public NodeLease Lease { get; }

    public NodeWatch Watch { get; }

    public WithdrawalBarrier Barrier { get; }

    public FoldIndex Index { get; }

    public LogBook Log => _log;

    /// <summary>Whether it would answer now.</summary>
    public bool Answers
    {
        get
        {
            try
            {
                Lease.EnsureFresh();
                return true;
            }
            catch (RefusedException e) when (e.Reason == ErrorReason.NodeStale)
            {
                return false;
            }
        }
    }

    /// <summary>Loads and beats, so that it answers.</summary>
    public void Start()
    {
        Step();
        Beat();
    }

    /// <summary>One step of the tail. Only when there is something to do: it would wait otherwise.</summary>
    public void Step() => Finish(Tail.StepAsync(CancellationToken.None));

    public void Beat() => Finish(Lease.BeatAsync(CancellationToken.None));

    public void Dispose()
    {
        Lease.Dispose();
        Barrier.Dispose();
    }

    /// <summary>The store in memory answers at once, so what was started must be over.</summary>
    private static void Finish(Task task)
    {
        if (!task.IsCompleted) throw new InvalidOperationException("The step waits for something.");
        task.GetAwaiter().GetResult();
    }
}

/// <summary>The listings that name a document, as the tail told them: what an index would say.</summary>
internal sealed class FoldIndex(MemoryJournal journal) : IJournalReader
{
    private readonly Lock _gate = new();
    private Dictionary<Guid, HashSet<DocumentNumber>> _listed = [];

    /// <summary>How often it was loaded.</summary>
    public int Loads { get; private set; }

    /// <summary>Runs within a load, after the store was read and before it is done.</summary>
    public Action? WhileLoading { get; set; }

    public bool IsListed(DocumentNumber document)
    {
        lock (_gate) return _listed.Values.Any(documents => documents.Contains(document));
    }

    public async Task<JournalHead> LoadAsync(CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(cancellationToken);
        var listed = journal.Latest.ToDictionary(entry => entry.Listing.Id.Value, entry => entry.Listing.IndexedDocuments.ToHashSet());
        Loads++;
        WhileLoading?.Invoke();
        lock (_gate) _listed = listed;
        return head;
    }

    public void Apply(JournalEntry entry)
    {
        lock (_gate) _listed[entry.Listing.Id.Value] = [.. entry.Listing.IndexedDocuments];
    }
}
