using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Push;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditShare.Storage.Sqlite;

/// <summary>The embedded engine: one file in a folder, for one server.</summary>
internal sealed class SqliteStore : IStore
{
    /// <summary>The database's file within the folder.</summary>
    public const string FileName = "creditshare.db";

    private readonly SqliteFolderLock _folderLock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly StoreJournal _journal;
    private readonly StoreDisclosures _disclosures;
    private readonly StoreSubscriptions _subscriptions;

    private SqliteStore(
        SqliteFolderLock folderLock, SqliteSession session, SqliteCheckpoints checkpoints, string file, Keyring keys, StoreEnvironment environment)
    {
        _folderLock = folderLock;
        _writer = new SqliteWriter(session, checkpoints);
        _readers = new SqliteReaders(file);
        var codec = new EntryCodec(keys);
        var engine = new SqliteJournalEngine(_writer, _readers);
        _journal = new StoreJournal(engine, codec, keys, new HeadSignal(environment.Clock), environment);
        _disclosures = new StoreDisclosures(new SqliteDisclosureEngine(_writer, _readers), keys);
        _subscriptions = new StoreSubscriptions(new SqliteSubscriptions(_writer, _readers, environment.Clock), keys);
        Listings = new SqliteListings(_readers, codec, keys);
        Nodes = new MemoryNodes(engine, environment.Clock);
        Registry = new SqliteRegistry(_writer, _readers);
        Measures = new StoreMeasures(new SqliteMeasures(_writer, _readers), keys);
    }

    public IJournal Journal => _journal;

    public IListingStore Listings { get; }

    public IDisclosureLedger Disclosures => _disclosures;

    public INodeRegistry Nodes { get; }

    public IRegistryStore Registry { get; }

    public ISubscriptionStore Subscriptions => _subscriptions;

    public IMeasureStore Measures { get; }

    /// <summary>Opens the store, makes it if there is none, and brings its schema to this version's.</summary>
    /// <exception cref="StoreMismatchException">Another server uses the folder, or it was written by a later version or under another key.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public static async Task<IStore> OpenAsync(
        SqliteStoreOptions options, Keyring keys, TimeProvider clock, ILogger? logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(options.Folder);
        var folderLock = SqliteFolderLock.Take(options.Folder);
        SqliteSession? session = null;
        SqliteCheckpoints? checkpoints = null;
        try
        {
            var file = Path.Combine(options.Folder, FileName);
            session = SqliteSession.OpenWriter(file);
            SqliteSchema.Migrate(session);
            SqliteSchema.CheckKey(session, keys);
            checkpoints = new SqliteCheckpoints(file);
            return await Task.FromResult(
                new SqliteStore(folderLock, session, checkpoints, file, keys, new StoreEnvironment(clock, logger ?? NullLogger.Instance)));
        }
        catch
        {
            checkpoints?.Dispose();
            session?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Finishes what waits to be written, then lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _disclosures.DisposeAsync();
        await _subscriptions.DisposeAsync();

        // The writer last: SQLite moves the rest of the log into the database when nobody else has it open.
        _readers.Dispose();
        await _writer.DisposeAsync();
        _folderLock.Dispose();
    }
}
