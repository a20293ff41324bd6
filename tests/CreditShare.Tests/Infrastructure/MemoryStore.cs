using CreditShare.Core.Journal;
using CreditShare.Core.Push;

namespace CreditShare.Tests.Infrastructure;

/// <summary>A store in memory that keeps to the ports' contracts, and that a test can take down, fail over and hold up.</summary>
internal sealed class MemoryStore : IStore
{
    public MemoryStore(TimeProvider clock)
    {
        Journal = new MemoryJournal(clock);
        Listings = new MemoryListings(Journal);
        Nodes = new MemoryNodes(Journal, clock);
        Subscriptions = new MemorySubscriptions(clock);
    }

    public MemoryJournal Journal { get; }

    public MemoryListings Listings { get; }

    public MemoryNodes Nodes { get; }

    IJournal IStore.Journal => Journal;

    IListingStore IStore.Listings => Listings;

    INodeRegistry IStore.Nodes => Nodes;

    public MemoryDisclosures Disclosures { get; } = new();

    public MemorySubscriptions Subscriptions { get; }

    public MemoryMeasures Measures { get; } = new();

    IDisclosureLedger IStore.Disclosures => Disclosures;

    ISubscriptionStore IStore.Subscriptions => Subscriptions;

    IMeasureStore IStore.Measures => Measures;

    public IRegistryStore Registry => throw new NotSupportedException("Nobody is registered here.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
