using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Who was told, in memory.</summary>
internal sealed class MemoryDisclosures : IDisclosureLedger
{
    private readonly List<(ListingId Listing, LookupRecipient Told)> _lookups = [];

    /// <summary>Every note of a reader of the feed, in order.</summary>
    public List<FeedReader> Notes { get; } = [];

    /// <summary>Whether every note fails as if the store could not be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Remembers an answer that told of a listing.</summary>
    public void Tell(ListingId listing, LookupRecipient told) => _lookups.Add((listing, told));

    public Task<IReadOnlyList<LookupRecipient>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LookupRecipient>>([.. _lookups.Where(pair => pair.Listing == listing).Select(pair => pair.Told)]);

    public Task NoteReaderAsync(FeedReader reader, CancellationToken cancellationToken)
    {
        if (IsDown) throw new StoreUnavailableException("The store cannot be reached.", innerException: null);

        Notes.Add(reader);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FeedReader>> ReadReadersAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FeedReader>>(
        [
            .. Notes.GroupBy(note => note.Partner).Select(notes => new FeedReader(
                notes.Key, notes.Min(note => note.FirstAt), notes.Max(note => note.LastAt),
                notes.Min(note => note.FirstSequence), notes.Max(note => note.LastSequence))),
        ]);

    public Task RecordAsync(Disclosure disclosure, CancellationToken cancellationToken) => throw new NotSupportedException("No answer is given here.");

    public Task<Disclosure?> FindAsync(PartnerId partner, Guid answerId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No answer is given here.");

    public Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No answer is given here.");

    public Task<IReadOnlyList<NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No answer is given here.");
}
