using System.Text;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using CreditShare.Storage.Writing;

namespace CreditShare.Storage;

/// <summary>The ledger of disclosures over any engine. A document read back is null: only its keyed hash is kept.</summary>
internal sealed class StoreDisclosures : IDisclosureLedger, IAsyncDisposable
{
    private readonly IDisclosureEngine _engine;
    private readonly Keyring _keys;
    private readonly GroupCommit<DisclosureRow> _commits;

    public StoreDisclosures(IDisclosureEngine engine, Keyring keys)
    {
        _engine = engine;
        _keys = keys;
        _commits = new GroupCommit<DisclosureRow>(rows => engine.WriteAsync(rows, CancellationToken.None));
    }

    public Task RecordAsync(Disclosure disclosure, CancellationToken cancellationToken)
    {
        if (disclosure.Listings.IsDefaultOrEmpty) throw new ArgumentException("Nothing was disclosed.", nameof(disclosure));
        return _commits.WriteAsync(Seal(disclosure), cancellationToken);
    }

    public async Task<Disclosure?> FindAsync(PartnerId partner, Guid answerId, CancellationToken cancellationToken) =>
        await _engine.FindAsync(partner.Value, answerId, cancellationToken) is { } row ? Open(row) : null;

    public Task AddCountsAsync(IReadOnlyList<NotListedCount> counts, CancellationToken cancellationToken) =>
        counts.Count == 0 ? Task.CompletedTask : _engine.AddCountsAsync(counts, cancellationToken);

    public Task<IReadOnlyList<NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken) =>
        _engine.ReadCountsAsync(day, cancellationToken);

    public async Task<IReadOnlyList<LookupRecipient>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken) =>
    [
        .. (await _engine.ReadRecipientsAsync(listing, cancellationToken)).Select(row => new LookupRecipient(
            PartnerId.Restore(row.Partner), ToInstant(row.FirstAt), ToInstant(row.LastAt), row.LastVersion)),
    ];

    public Task NoteReaderAsync(FeedReader reader, CancellationToken cancellationToken) => _engine.PutReaderAsync(
        new ReaderRow
        {
            Partner = reader.Partner.Value,
            FirstAt = reader.FirstAt.ToUnixTimeMilliseconds(),
            LastAt = reader.LastAt.ToUnixTimeMilliseconds(),
            FirstSequence = reader.FirstSequence,
            LastSequence = reader.LastSequence,
        },
        cancellationToken);

    public async Task<IReadOnlyList<FeedReader>> ReadReadersAsync(CancellationToken cancellationToken) =>
    [
        .. (await _engine.ReadReadersAsync(cancellationToken)).Select(row => new FeedReader(
            PartnerId.Restore(row.Partner), ToInstant(row.FirstAt), ToInstant(row.LastAt), row.FirstSequence, row.LastSequence)),
    ];

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private static DateTimeOffset ToInstant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static string ReferencePlace(Guid answer) => $"reference:{answer}";

    private static string OperatorPlace(Guid answer) => $"asked by:{answer}";

    private DisclosureRow Seal(Disclosure disclosure) => new()
    {
        Partner = disclosure.Partner.Value,
        Answer = disclosure.AnswerId,
        Purpose = disclosure.Purpose,
        Reference = _keys.Ledger.Seal(ReferencePlace(disclosure.AnswerId), Encoding.UTF8.GetBytes(disclosure.Reference)),
        Operator = _keys.Ledger.Seal(OperatorPlace(disclosure.AnswerId), Encoding.UTF8.GetBytes(disclosure.Operator)),
        At = disclosure.At.ToUnixTimeMilliseconds(),
        Epoch = disclosure.Epoch,
        Sequence = disclosure.Sequence,
        Listings =
        [
            .. disclosure.Listings.Select(listing => new DisclosedRow(
                listing.Listing,
                listing.Court.Value,
                listing.Version,
                listing.Verdict,
                listing.Document is { } document ? _keys.LookupKeyOf(document) : null)),
        ],
    };

    private Disclosure Open(DisclosureRow row) => new()
    {
        AnswerId = row.Answer,
        Partner = PartnerId.Restore(row.Partner),
        Purpose = row.Purpose,
        Reference = OpenText(ReferencePlace(row.Answer), row.Reference),
        Operator = OpenText(OperatorPlace(row.Answer), row.Operator),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
        Epoch = row.Epoch,
        Sequence = row.Sequence,
        Listings =
        [
            .. row.Listings.Select(listing => new DisclosedListing(
                listing.Listing, CourtRows.ToCode(listing.Court), listing.Version, listing.Verdict, Document: null)),
        ],
    };

    private string OpenText(string place, byte[] sealedText) => _keys.Ledger.TryOpen(place, sealedText, out var text)
        ? Encoding.UTF8.GetString(text)
        : throw new InvalidDataException("A disclosure is damaged: it does not open under its key.");
}
