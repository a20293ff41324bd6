using System.Collections.Immutable;
using System.Diagnostics;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;

namespace CreditShare.Core.Journal;

/// <summary>One command for the journal, with who sent it.</summary>
public sealed record AppendRequest
{
    /// <summary>Who sent it.</summary>
    public required PartnerId Partner { get; init; }

    /// <summary>The sender's id of the request, kept per partner; null for the system's own commands.</summary>
    public required Guid? RequestId { get; init; }

    /// <summary>SHA-256 of what was sent, 32 bytes; tells a repetition from a reuse. Stored only under a key.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>Who answers for it at the partner.</summary>
    public required string Operator { get; init; }

    /// <summary>The court in the listing's name; a listing of another court is not found.</summary>
    public required CourtCode Court { get; init; }

    /// <summary>What is wanted.</summary>
    public required ListingCommand Command { get; init; }
}

/// <summary>What became of a command. Closed: the cases below are all there are.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>Durable, now or by an earlier request of the same id.</summary>
    /// <param name="Listing">The listing; of the first request when this one is a repetition.</param>
    /// <param name="Version">Its version after the change.</param>
    /// <param name="Epoch">The journal's life.</param>
    /// <param name="Sequence">The change's number.</param>
    public sealed record Appended(ListingId Listing, long Version, uint Epoch, long Sequence) : AppendResult;

    /// <summary>Refused by the rules; nothing was written, and the request id is free.</summary>
    public sealed record Refused(ImmutableArray<Violation> Violations) : AppendResult;

    /// <summary>Handles every case.</summary>
    public T Match<T>(Func<Appended, T> appended, Func<Refused, T> refused) => this switch
    {
        Appended a => appended(a),
        Refused r => refused(r),
        _ => throw new UnreachableException(),
    };
}
