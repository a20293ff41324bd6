using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

/// <summary>
/// Records that were read and opened a while ago, bounded in bytes. By the rule of <see cref="RedisRecords"/> a record counts only if it is of
/// this life of the journal and at least as new as the last change the index knows: nothing is believed for being here.
/// </summary>
/// <remarks>Safe for concurrent callers. What is here is personal data in clear; it goes with the change that ends the listing, at the latest after an hour.</remarks>
internal sealed class RecordMemory : IDisposable
{
    /// <summary>A listing without its free texts, in bytes, as measured: some thirty objects.</summary>
    private const int BytesOfListing = 2_500;

    private const int BytesOfRecord = 500;

    /// <summary>After that a record is read anew. One that was read just before its listing ended, and kept just after, is not asked for again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly MemoryCache? _records;

    public RecordMemory(IOptions<LookupOptions> options)
    {
        var megabytes = options.Value.RecordMemoryMegabytes;
        if (megabytes > 0) _records = new MemoryCache(new MemoryCacheOptions { SizeLimit = (long)megabytes << 20 });
    }

    /// <summary>The record, if there is one that counts.</summary>
    /// <param name="wanted">The document, and the last change that named it.</param>
    /// <param name="epoch">The journal's life.</param>
    public DocumentRecord? Find(WantedRecord wanted, uint epoch) =>
        _records?.Get(wanted.Document) is DocumentRecord record && record.Epoch == epoch && record.Sequence >= wanted.Sequence ? record : null;

    /// <summary>Keeps a record, unless there is no room: then room is made for others.</summary>
    public void Keep(DocumentRecord record)
    {
        if (_records is null) return;

        using var entry = _records.CreateEntry(record.Document);
        entry.Value = record;
        entry.Size = SizeOf(record);
        entry.AbsoluteExpirationRelativeToNow = Lifetime;
    }

    /// <summary>Drops the records of all documents that a change names.</summary>
    public void Forget(JournalEntry entry)
    {
        if (_records is null || _records.Count == 0) return;

        foreach (var document in entry.IndexedBefore) _records.Remove(document);
        foreach (var document in entry.Listing.IndexedDocuments) _records.Remove(document);
    }

    public void Dispose() => _records?.Dispose();

    private static long SizeOf(DocumentRecord record) => BytesOfRecord + record.Listings.Sum(stored => BytesOfListing + SizeOf(stored.Listing.Content));

    private static long SizeOf(ListingContent content)
    {
        var characters = content.Conduct.Length + content.Obligation.Length
            + (content.Performance is { } performance ? performance.PerformedPart.Length + performance.UnperformedPart.Length : 0);
        return characters * sizeof(char);
    }
}
