using System.Collections.Immutable;
using CreditShare.Core.Courts;

namespace CreditShare.Core.Access;

/// <summary>A public key that stands for a partner.</summary>
/// <param name="SpkiSha256">SHA-256 of the subject public key info, 64 lower-case hexadecimal digits.</param>
/// <param name="AddedAt">When it was added.</param>
public sealed record PartnerKey(string SpkiSha256, DateTimeOffset AddedAt);

/// <summary>A registered agency and everything it may do; what is not named here is denied.</summary>
public sealed record Partner
{
    /// <summary>Keys at most, so that one can be rotated.</summary>
    public const int MaxKeys = 2;

    /// <summary>Private address ranges at most.</summary>
    public const int MaxAddressRanges = 20;

    /// <summary>Its id.</summary>
    public required PartnerId Id { get; init; }

    /// <summary>For people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it is.</summary>
    public required PartnerKind Kind { get; init; }

    /// <summary>Full names of RPCs, <c>package.Service/Method</c>, or <c>package.Service/*</c>.</summary>
    public ImmutableArray<string> Rpcs { get; init; } = [];

    /// <summary>Views granted.</summary>
    public ImmutableArray<View> Views { get; init; } = [];

    /// <summary>Purposes granted.</summary>
    public ImmutableArray<Purpose> Purposes { get; init; } = [];

    /// <summary>Courts it speaks for.</summary>
    public ImmutableArray<CourtCode> Courts { get; init; } = [];

    /// <summary>Courts for which and for everything below which it speaks.</summary>
    public ImmutableArray<CourtCode> Platforms { get; init; } = [];

    /// <summary>Calls a second; 0 for the server's default.</summary>
    public int CallsPerSecond { get; init; }

    /// <summary>Subjects asked about a second; 0 for the server's default.</summary>
    public int SubjectsPerSecond { get; init; }

    /// <summary>Private ranges in which its endpoints may lie, as <c>10.20.0.0/16</c>, at most <see cref="MaxAddressRanges"/>.</summary>
    public ImmutableArray<string> AddressRanges { get; init; } = [];

    /// <summary>Refused everything while set.</summary>
    public bool Suspended { get; init; }

    /// <summary>Its keys, at most <see cref="MaxKeys"/>.</summary>
    public ImmutableArray<PartnerKey> Keys { get; init; } = [];

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows by one with each change; 0 before it is stored.</summary>
    public long Revision { get; init; }
}
