using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Journal;

/// <summary>The last change of the journal.</summary>
/// <param name="Epoch">The journal's life, from 1.</param>
/// <param name="Sequence">The change's number; 0 before the first.</param>
/// <param name="Hash">The chained SHA-256 there, 32 bytes.</param>
public sealed record JournalHead(uint Epoch, long Sequence, ReadOnlyMemory<byte> Hash);

/// <summary>Where a life of the journal began.</summary>
/// <param name="Epoch">The life.</param>
/// <param name="FirstSequence">The number of its first change.</param>
/// <param name="HashBefore">The chained hash before that change.</param>
public sealed record JournalEpoch(uint Epoch, long FirstSequence, ReadOnlyMemory<byte> HashBefore);

/// <summary>One change, as the journal keeps it: the full state of the listing after it, and every document it named before.</summary>
public sealed record JournalEntry
{
    /// <summary>The journal's life.</summary>
    public required uint Epoch { get; init; }

    /// <summary>Its number, without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>The chained SHA-256 after it, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The listing after it.</summary>
    public required Listing Listing { get; init; }

    /// <summary>The documents by which lookups found the listing before it, equivalents included; empty if it was not published.</summary>
    public required ImmutableArray<DocumentNumber> IndexedBefore { get; init; }

    /// <summary>Who did it.</summary>
    public required PartnerId Partner { get; init; }

    /// <summary>Who answers for it there (Provisions Art. 13).</summary>
    public required string Operator { get; init; }

    /// <summary>When it was recorded, by the store-writing node's clock.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
