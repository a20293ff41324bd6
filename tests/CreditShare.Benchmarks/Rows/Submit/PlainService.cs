using CreditShare.Core.Journal;
using CreditShare.Storage;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Postgres;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditShare.Benchmarks.Rows.Submit;

/// <summary>What a plain service does: a connection a caller, and on it a transaction a submit, with the same statements and rows as ours.</summary>
internal sealed class PlainService : IAsyncDisposable
{
    private readonly List<PostgresConnections> _connections = [];
    private readonly List<PostgresJournalEngine> _engines = [];
    private readonly List<StoreJournal> _journals = [];

    /// <param name="options">The database; its schema is there.</param>
    /// <param name="keys">The keys of its store.</param>
    /// <param name="callers">How many there are.</param>
    public PlainService(PostgresStoreOptions options, Keyring keys, int callers)
    {
        for (var i = 0; i < callers; i++)
        {
            _connections.Add(new PostgresConnections(options));
            _engines.Add(new PostgresJournalEngine(_connections[i]));
            _journals.Add(new StoreJournal(
                _engines[i], new EntryCodec(keys), keys, new HeadSignal(TimeProvider.System),
                new StoreEnvironment(TimeProvider.System, NullLogger.Instance)));
        }
    }

    /// <summary>One a caller. A caller waits for its answer, so that each has one command in a transaction.</summary>
    public IReadOnlyList<IJournal> Journals => _journals;

    public async ValueTask DisposeAsync()
    {
        foreach (var journal in _journals) await journal.DisposeAsync();
        foreach (var engine in _engines) await engine.DisposeAsync();
        foreach (var connections in _connections) await connections.DisposeAsync();
    }
}
