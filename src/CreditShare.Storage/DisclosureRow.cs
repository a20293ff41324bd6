using CreditShare.Core.Access;
using CreditShare.Core.Listings;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage;

/// <summary>An answer that disclosed something, as it is stored.</summary>
internal sealed record DisclosureRow
{
    public required string Partner { get; init; }

    public required Guid Answer { get; init; }

    public required Purpose Purpose { get; init; }

    public required byte[] Reference { get; init; }

    public required byte[] Operator { get; init; }

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public required long At { get; init; }

    public required uint Epoch { get; init; }

    public required long Sequence { get; init; }

    public required IReadOnlyList<DisclosedRow> Listings { get; init; }
}

/// <summary>A listing that an answer gave away. The document is blinded: it can be asked for, and not be read.</summary>
internal sealed record DisclosedRow(ListingId Listing, string Court, long Version, Verdict Verdict, LookupKey? Document);

/// <summary>A partner that was told of a listing: when first and last, in milliseconds since 1970 in UTC, and of which version at most.</summary>
internal sealed record RecipientRow(string Partner, long FirstAt, long LastAt, long LastVersion);

/// <summary>A partner that reads the feed without a subscription. Instants are milliseconds since 1970 in UTC.</summary>
internal sealed record ReaderRow
{
    public required string Partner { get; init; }

    public required long FirstAt { get; init; }

    public required long LastAt { get; init; }

    public required long FirstSequence { get; init; }

    public required long LastSequence { get; init; }
}

/// <summary>What the ledger needs of a database.</summary>
internal interface IDisclosureEngine
{
    /// <summary>Writes answers, durable on return, all or none; one that is there already stays as it is.</summary>
    Task WriteAsync(IReadOnlyList<DisclosureRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads an answer, its listings in their order and without their documents; null if there is none.</summary>
    Task<DisclosureRow?> FindAsync(string partner, Guid answer, CancellationToken cancellationToken);

    /// <summary>Reads who was told of a listing, by partner.</summary>
    Task<IReadOnlyList<RecipientRow>> ReadRecipientsAsync(ListingId listing, CancellationToken cancellationToken);

    /// <summary>Widens what is known of a reader, or adds it.</summary>
    Task PutReaderAsync(ReaderRow reader, CancellationToken cancellationToken);

    /// <summary>Reads all readers, by partner.</summary>
    Task<IReadOnlyList<ReaderRow>> ReadReadersAsync(CancellationToken cancellationToken);

    /// <summary>Adds to counts, all or none.</summary>
    Task AddCountsAsync(IReadOnlyList<Core.Journal.NotListedCount> counts, CancellationToken cancellationToken);

    /// <summary>Reads the counts of a day.</summary>
    Task<IReadOnlyList<Core.Journal.NotListedCount>> ReadCountsAsync(DateOnly day, CancellationToken cancellationToken);
}
