using System.Collections.Immutable;
using CreditShare.Core.Access;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Journal;

/// <summary>The last change of the journal.</summary>
/// <param name="Epoch">The journal's life, from 1.</param>
/// <param name="Sequence">The change's number; 0 before the first.</param>
/// <param name="Hash">The chained SHA-256 there, 32 bytes.</param>
public sealed record JournalHead(uint Epoch, long Sequence, ReadOnlyMemory<byte> Hash)
{
    /// <summary>Compares the hashes byte by byte, wherever they lie.</summary>
    public bool Equals(JournalHead? other) =>
        other is not null && Epoch == other.Epoch && Sequence == other.Sequence && Hash.Span.SequenceEqual(other.Hash.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Epoch, Sequence);
}

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

    /// <summary>About how many bytes of memory it holds on to: its texts at two bytes a character, and its objects. For those who bound what
    /// they keep.</summary>
    public int EstimateBytes()
    {
        const int objects = 1_500;
        const int perDocument = 200;
        const int perPerson = 150;

        var content = Listing.Content;
        var characters = content.Conduct.Length + content.Obligation.Length + Operator.Length + (Listing.Ending?.SubReason.Length ?? 0);
        var others = IndexedBefore.Length * perDocument;
        if (content.Basis is { } basis) characters += basis.Number.Length + basis.Maker.Length;
        if (content.Decision is { } decision) characters += decision.Number.Length + decision.Signer.Length;
        if (content.Performance is { } performance) characters += performance.PerformedPart.Length + performance.UnperformedPart.Length;
        if (content.Term?.Extension is { } extension) characters += extension.Acts.Sum(act => act.Length);
        if (content.Subject is { } subject)
        {
            // A name is kept as given and as compared.
            characters += (2 * subject.Name.Text.Length) + subject.Documents.Sum(document => document.Submitted.Length)
                + subject.RelatedPersons.Sum(person => 2 * person.Name.Text.Length);
            others += (subject.Documents.Length * perDocument) + (subject.RelatedPersons.Length * perPerson);
        }

        return objects + others + (2 * characters);
    }
}
