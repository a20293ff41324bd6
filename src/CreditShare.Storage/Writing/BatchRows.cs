using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;

namespace CreditShare.Storage.Writing;

// What a batch asks of an engine, what it is told, and what it writes: one conversation, in one file.

/// <summary>A request id of a partner.</summary>
internal readonly record struct RequestKey(string Partner, Guid Id);

/// <summary>What is kept of an accepted request.</summary>
internal sealed record KeptAnswer(LookupKey Digest, ListingId Listing, long Version, uint Epoch, long Sequence);

/// <summary>That a listing names, or named when it ended, a document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Case">The listing's case.</param>
/// <param name="Listing">The listing.</param>
/// <param name="IsLive">Whether it is published or in grace, and names the document.</param>
/// <param name="BarredUntil">How long its end bars another listing (Provisions Art. 10(4)).</param>
internal sealed record NeighbourRow(LookupKey Document, LookupKey Case, ListingId Listing, bool IsLive, DateOnly? BarredUntil);

/// <summary>What a batch must know before it decides.</summary>
internal sealed record BatchQuery
{
    /// <summary>Asks for the head alone.</summary>
    public static BatchQuery Nothing { get; } = new() { Requests = [], Listings = [], Documents = [] };

    public required RequestKey[] Requests { get; init; }

    public required ListingId[] Listings { get; init; }

    public required LookupKey[] Documents { get; init; }
}

/// <summary>The answer to a <see cref="BatchQuery"/>: as of the locked head, or brought there by <see cref="BatchDecider.Follow"/>.</summary>
internal sealed record BatchView
{
    public required JournalHead Head { get; init; }

    public Dictionary<RequestKey, KeptAnswer> Requests { get; } = [];

    /// <summary>The last change of each listing that exists.</summary>
    public Dictionary<ListingId, ChangeRow> Listings { get; } = [];

    public List<NeighbourRow> Neighbours { get; } = [];
}

/// <summary>A listing as its row holds it.</summary>
internal sealed record ListingRow
{
    public required ListingId Id { get; init; }

    public required string Court { get; init; }

    public required string Region { get; init; }

    public required ListingState State { get; init; }

    public required long Version { get; init; }

    public required long Sequence { get; init; }

    public required SubjectKind SubjectKind { get; init; }

    public required LookupKey Case { get; init; }

    public required LookupKey Name { get; init; }

    public required LookupKey? NameAndYear { get; init; }

    public required DateOnly? LastDay { get; init; }

    public required DateOnly? GraceUntil { get; init; }

    public required DateOnly? BarredUntil { get; init; }

    /// <summary>The day of a decision that is not known to be served; null once it is.</summary>
    public required DateOnly? UnservedSince { get; init; }

    public required byte[] WrappedKey { get; init; }

    /// <summary>Whether the store surely has no row of it yet.</summary>
    public required bool IsNew { get; init; }
}

/// <summary>That a listing names or named a document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Listing">The listing.</param>
/// <param name="SealedNumber">The number.</param>
/// <param name="IsNamed">Whether it still names it; a correction may have taken it out.</param>
/// <param name="IsActive">Whether it names it and is published: then lookups find it.</param>
/// <param name="IsNew">Whether the store surely has no row of the two yet.</param>
internal sealed record DocumentRow(LookupKey Document, ListingId Listing, byte[] SealedNumber, bool IsNamed, bool IsActive, bool IsNew);

/// <summary>An accepted request, kept for repetitions.</summary>
internal sealed record RequestRow(RequestKey Key, KeptAnswer Answer, long RecordedAt);

/// <summary>Everything that a batch writes: in one transaction or not at all.</summary>
internal sealed record BatchRows
{
    public required IReadOnlyList<ChangeRow> Changes { get; init; }

    /// <summary>One row a listing.</summary>
    public required IReadOnlyCollection<ListingRow> Listings { get; init; }

    /// <summary>One row a document and listing.</summary>
    public required IReadOnlyCollection<DocumentRow> Documents { get; init; }

    public required IReadOnlyList<RequestRow> Requests { get; init; }

    /// <summary>The head that they were decided against: behind any other they mean nothing.</summary>
    public required JournalHead Behind { get; init; }

    /// <summary>The head with them.</summary>
    public required JournalHead Head { get; init; }
}
