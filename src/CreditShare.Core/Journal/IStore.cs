using CreditShare.Core.Push;

namespace CreditShare.Core.Journal;

/// <summary>An engine: everything that CreditShare keeps.</summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>The changes.</summary>
    IJournal Journal { get; }

    /// <summary>The listings as they stand.</summary>
    IListingStore Listings { get; }

    /// <summary>What was disclosed.</summary>
    IDisclosureLedger Disclosures { get; }

    /// <summary>The nodes.</summary>
    INodeRegistry Nodes { get; }

    /// <summary>Partners and courts.</summary>
    IRegistryStore Registry { get; }

    /// <summary>Subscriptions and deliveries.</summary>
    ISubscriptionStore Subscriptions { get; }

    /// <summary>Measures that partners reported.</summary>
    IMeasureStore Measures { get; }
}
