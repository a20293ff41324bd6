using CreditShare.Core.Listings;

namespace CreditShare.Storage.Codec;

/// <summary>A change as it is stored: what stands in clear, what is blinded, and what is sealed.</summary>
internal sealed record ChangeRow
{
    public required long Sequence { get; init; }

    public required uint Epoch { get; init; }

    public required ChangeKind Kind { get; init; }

    public required ListingId Listing { get; init; }

    public required long Version { get; init; }

    public required string Court { get; init; }

    public required SubjectKind SubjectKind { get; init; }

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public required long RecordedAt { get; init; }

    public required string Partner { get; init; }

    /// <summary>Lookup keys by which the listing was found before, 16 bytes each.</summary>
    public required byte[] KeysBefore { get; init; }

    /// <summary>Lookup keys by which it is found now, 16 bytes each.</summary>
    public required byte[] KeysAfter { get; init; }

    /// <summary>Who answers for it, sealed under the ledger's key: it outlives the listing's own key.</summary>
    public required byte[] Operator { get; init; }

    /// <summary>The listing after the change, sealed under its own key.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The chained hash.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The listing's own key, wrapped. Stands with the listing and not in the chain, so that it can be destroyed.</summary>
    public required byte[] WrappedKey { get; init; }
}
