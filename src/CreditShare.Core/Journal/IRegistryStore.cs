using CreditShare.Core.Access;
using CreditShare.Core.Courts;

namespace CreditShare.Core.Journal;

/// <summary>What became of a registration.</summary>
public enum PutPartnerResult
{
    /// <summary>Stored, with the next revision.</summary>
    Stored,

    /// <summary>It was changed meanwhile, or exists already when revision 0 was given: read it again.</summary>
    RevisionChanged,

    /// <summary>A key belongs to another partner.</summary>
    KeyTaken,
}

/// <summary>The partners and the courts: small tables that every node holds in memory.</summary>
/// <remarks>Safe for concurrent callers. Every member may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface IRegistryStore
{
    /// <summary>A number that grows with every change of a partner or a court: the cheap question whether to read again.</summary>
    Task<long> ReadRevisionAsync(CancellationToken cancellationToken);

    /// <summary>Reads all partners, by id.</summary>
    Task<IReadOnlyList<Partner>> ReadPartnersAsync(CancellationToken cancellationToken);

    /// <summary>Stores the partner if the stored revision is still <see cref="Partner.Revision"/> (0: there is none yet).</summary>
    Task<PutPartnerResult> PutPartnerAsync(Partner partner, CancellationToken cancellationToken);

    /// <summary>Reads the courts that were imported, by code.</summary>
    Task<IReadOnlyList<Court>> ReadCourtsAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces courts by code, all or none.</summary>
    Task PutCourtsAsync(IReadOnlyCollection<Court> courts, CancellationToken cancellationToken);
}
