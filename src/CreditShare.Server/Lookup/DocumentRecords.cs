using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Journal;
using CreditShare.Server.Transport;
using CreditShare.V1;

namespace CreditShare.Server.Lookup;

/// <summary>What Redis adds to the reading of records; left out when none is configured.</summary>
internal sealed record RedisStep(RedisRecords Records, RedisUpkeep Upkeep);

/// <summary>The records of documents that the index knows: from memory or Redis where they count, else from the store, which is the truth.</summary>
internal sealed class DocumentRecords(IStore store, RecordMemory memory, RedisStep? redis = null) : IDisposable
{
    /// <summary>Documents the store is asked for at once: each may bring a hundred listings into memory.</summary>
    private const int StoreBatch = 200;

    /// <summary>Readings of more than <see cref="SmallBatch"/> documents that the node has under way at once; others wait.</summary>
    private const int LargeReadings = 4;

    /// <summary>Documents of a reading that never waits for others, so that a check does not stand behind the screenings.</summary>
    private const int SmallBatch = 20;

    private readonly SemaphoreSlim _largeReadings = new(LargeReadings);

    /// <summary>Reads records.</summary>
    /// <param name="wanted">Any number.</param>
    /// <param name="asOf">What the node had applied before it probed; no record is older.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One each, in their order.</returns>
    /// <exception cref="StoreUnavailableException">The store was needed and could not be read.</exception>
    /// <exception cref="RefusedException">NODE_STALE: the store gave something older than the node knows.</exception>
    public async Task<IReadOnlyList<DocumentRecord>> ReadAsync(
        IReadOnlyList<WantedRecord> wanted, JournalPosition asOf, CancellationToken cancellationToken)
    {
        var records = new DocumentRecord?[wanted.Count];
        for (var i = 0; i < records.Length; i++) records[i] = memory.Find(wanted[i], asOf.Epoch);
        if (redis is not null) await AskRedisAsync(redis, wanted, records, asOf.Epoch, cancellationToken);

        foreach (var batch in MissingOf(records).Chunk(StoreBatch))
        {
            var read = await ReadStoreAsync([.. batch.Select(i => wanted[i].Document)], cancellationToken);
            foreach (var (i, record) in batch.Zip(read))
            {
                records[i] = Check(record, asOf);
                memory.Keep(record);
            }
        }

        return records!;
    }

    public void Dispose() => _largeReadings.Dispose();

    private static List<int> MissingOf(DocumentRecord?[] records) => [.. Enumerable.Range(0, records.Length).Where(i => records[i] is null)];

    private async Task AskRedisAsync(
        RedisStep step, IReadOnlyList<WantedRecord> wanted, DocumentRecord?[] records, uint epoch, CancellationToken cancellationToken)
    {
        var missing = MissingOf(records);
        if (missing.Count == 0) return;

        var found = await step.Records.GetAsync([.. missing.Select(i => wanted[i])], epoch, cancellationToken);
        foreach (var (i, record) in missing.Zip(found))
        {
            records[i] = record;
            if (record is not null) memory.Keep(record);
        }
    }

    private async Task<IReadOnlyList<DocumentRecord>> ReadStoreAsync(DocumentNumber[] documents, CancellationToken cancellationToken)
    {
        if (documents.Length <= SmallBatch) return await store.Listings.ReadDocumentsAsync(documents, cancellationToken);

        await _largeReadings.WaitAsync(cancellationToken);
        try
        {
            return await store.Listings.ReadDocumentsAsync(documents, cancellationToken);
        }
        finally
        {
            _largeReadings.Release();
        }
    }

    private DocumentRecord Check(DocumentRecord record, JournalPosition asOf)
    {
        // A store that has forgotten what this node has applied is another history, or a standby that lags. Neither may answer.
        if (!new JournalPosition(record.Epoch, record.Sequence).Covers(asOf)) throw new RefusedException(ErrorReason.NodeStale);

        redis?.Upkeep.Repair(record);
        return record;
    }
}
