using System.Threading.Channels;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Writes records to Redis beside the answers: those that had to be read from the store, and those whose document a change has named.
/// </summary>
/// <remarks>
/// Everything here may be dropped: a record in Redis that is missing or older than the index knows is not used, and the next question about
/// its document repairs it. So the queue is bounded and never waited for. Only documents that somebody asked about have a record, and
/// only such records are refreshed; a first publication has nobody to have asked, therefore an import costs nothing here.
/// </remarks>
internal sealed class RedisUpkeep : BackgroundService
{
    private const int BatchSize = 256;

    private readonly RedisRecords _records;
    private readonly IStore _store;
    private readonly ILogger<RedisUpkeep> _logger;
    private readonly Channel<Work> _queue;

    public RedisUpkeep(
        RedisRecords records, IStore store, IOptions<RedisOptions> options, LookupMetrics metrics, ILogger<RedisUpkeep> logger)
    {
        (_records, _store, _logger) = (records, store, logger);
        _queue = Channel.CreateBounded<Work>(
            new BoundedChannelOptions(options.Value.QueueLength)
            {
                SingleReader = true,
                FullMode = BoundedChannelFullMode.DropWrite,   // What comes while the queue is full is dropped.
            },
            _ => metrics.Dropped());
    }

    /// <summary>Has a record written that was read from the store.</summary>
    public void Repair(DocumentRecord record) => _queue.Writer.TryWrite(new Work(record.Epoch, new WantedRecord(record.Document, record.Sequence), record));

    /// <summary>Has the records brought up to date of all documents that a change names, so that the next question need not read the store,
    /// and nothing of a listing that has ended stays in Redis for long.</summary>
    public void Refresh(JournalEntry entry)
    {
        if (entry.Kind is ChangeKind.Published or ChangeKind.GraceBegun or ChangeKind.Cancelled) return;

        foreach (var document in entry.IndexedBefore.Union(entry.Listing.IndexedDocuments))
        {
            _queue.Writer.TryWrite(new Work(entry.Epoch, new WantedRecord(document, entry.Sequence), Record: null));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Work>(BatchSize);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < BatchSize && _queue.Reader.TryRead(out var work)) batch.Add(work);
                await WriteAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what waits is of no importance.
        }
    }

    private async Task WriteAsync(List<Work> batch, CancellationToken cancellationToken)
    {
        try
        {
            var records = batch.Where(work => work.Record is not null).Select(work => work.Record!).ToList();
            foreach (var changed in batch.Where(work => work.Record is null).GroupBy(work => work.Epoch))
            {
                // Several nodes may see the same change; whoever comes first reads the store, the others find the record new enough.
                var outdated = await _records.FindOutdatedAsync([.. changed.Select(work => work.Wanted)], changed.Key, cancellationToken);
                if (outdated.Count == 0) continue;

                var documents = outdated.Select(wanted => wanted.Document).Distinct().ToList();
                records.AddRange(await _store.Listings.ReadDocumentsAsync(documents, cancellationToken));
            }

            if (records.Count > 0) await _records.SetAsync(records, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Also a record that does not open: it is of importance to who asks about it, not to the others.
            _logger.RefreshFailed(e);
        }
    }

    private readonly record struct Work(uint Epoch, WantedRecord Wanted, DocumentRecord? Record);
}
