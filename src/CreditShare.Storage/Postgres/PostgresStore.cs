using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Push;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditShare.Storage.Postgres;

/// <summary>The engine for more than one machine: any number of nodes share one PostgreSQL.</summary>
internal sealed class PostgresStore : IStore
{
    // Calls under way have been given their time before; this is for what is written behind them.
    private static readonly TimeSpan s_finishWithin = TimeSpan.FromSeconds(5);

    private readonly PostgresConnections _connections;
    private readonly ILogger _logger;
    private readonly PostgresHeadListener _listener;
    private readonly PostgresJournalEngine _engine;
    private readonly StoreJournal _journal;
    private readonly StoreDisclosures _disclosures;
    private readonly StoreSubscriptions _subscriptions;

    private PostgresStore(PostgresConnections connections, Keyring keys, StoreEnvironment environment)
    {
        _connections = connections;
        _logger = environment.Logger;
        var signal = new HeadSignal(environment.Clock);
        var codec = new EntryCodec(keys);
        _engine = new PostgresJournalEngine(connections);
        _listener = new PostgresHeadListener(connections, signal, () => _engine.WriterProcess, environment);
        _journal = new StoreJournal(_engine, codec, keys, signal, environment);
        _disclosures = new StoreDisclosures(new PostgresDisclosureEngine(connections), keys);
        _subscriptions = new StoreSubscriptions(new PostgresSubscriptions(connections), keys);
        Listings = new PostgresListings(connections, codec, keys);
        Nodes = new PostgresNodes(connections);
        Registry = new PostgresRegistry(connections);
        Measures = new StoreMeasures(new PostgresMeasures(connections), keys);
    }

    public IJournal Journal => _journal;

    public IListingStore Listings { get; }

    public IDisclosureLedger Disclosures => _disclosures;

    public INodeRegistry Nodes { get; }

    public IRegistryStore Registry { get; }

    public ISubscriptionStore Subscriptions => _subscriptions;

    public IMeasureStore Measures { get; }

    /// <summary>Opens the store.</summary>
    /// <exception cref="StoreMismatchException">The server is too old, the schema of another version, or the data under another key.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot be reached.</exception>
    public static async Task<IStore> OpenAsync(
        PostgresStoreOptions options, Keyring keys, TimeProvider clock, ILogger? logger, CancellationToken cancellationToken)
    {
        var connections = new PostgresConnections(options);
        try
        {
            await PostgresSchema.PrepareAsync(connections, options.Migrate, cancellationToken);
            await PostgresSchema.CheckKeyAsync(connections, keys, cancellationToken);
            return new PostgresStore(connections, keys, new StoreEnvironment(clock, logger ?? NullLogger.Instance));
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finishes what waits to be written, but for a commit that no standby confirms, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FinishAsync().WaitAsync(s_finishWithin);
        }
        catch (TimeoutException)
        {
            // Cancelling the wait would show to others what may still be lost. So the commit is left to the server, which goes on
            // waiting without us, and its connection ends with the process. Whoever sent the command sends it again.
            _logger.ClosedUnfinished(s_finishWithin);
        }

        await _listener.DisposeAsync();
        await _connections.DisposeAsync();
    }

    private async Task FinishAsync()
    {
        await _journal.DisposeAsync();
        await _disclosures.DisposeAsync();
        await _subscriptions.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
