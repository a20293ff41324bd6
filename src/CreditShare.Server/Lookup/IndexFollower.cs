using CreditShare.Core.Journal;
using CreditShare.Server.Journal;

namespace CreditShare.Server.Lookup;

/// <summary>Keeps the index in step with the journal, and the records in memory and in Redis behind it.</summary>
internal sealed class IndexFollower(
    DocumentIndex index, RecordMemory memory, IStore store, ILogger<IndexFollower> logger, RedisStep? redis = null) : IJournalReader
{
    /// <inheritdoc/>
    public async Task<JournalHead> LoadAsync(CancellationToken cancellationToken)
    {
        var head = await index.LoadAsync(store.Listings, cancellationToken);
        logger.IndexLoaded(index.Documents, index.Bytes, head.Sequence);
        return head;
    }

    /// <inheritdoc/>
    public void Apply(JournalEntry entry)
    {
        index.Apply(entry);
        memory.Forget(entry);
        redis?.Upkeep.Refresh(entry);
    }
}
