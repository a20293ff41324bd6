using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;

namespace CreditShare.Tests.Access;

/// <summary>A registry in memory that can be away.</summary>
internal sealed class FakeRegistryStore : IRegistryStore
{
    private readonly SortedDictionary<string, Partner> _partners = new(StringComparer.Ordinal);
    private readonly Dictionary<CourtCode, Court> _courts = [];
    private long _revision;

    /// <summary>Whether every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether the question for the revision is never answered.</summary>
    public bool Hangs { get; set; }

    /// <summary>How often all partners were read.</summary>
    public int PartnersRead { get; private set; }

    /// <summary>Runs once, between the reading of partners and the next write: what another operator does meanwhile.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>What stands under an id.</summary>
    public Partner this[string id] => _partners[id];

    /// <summary>Puts a registration in, as another node would.</summary>
    public FakeRegistryStore With(Partner partner)
    {
        _partners[partner.Id.Value] = partner with { Revision = partner.Revision + 1 };
        _revision++;
        return this;
    }

    /// <summary>Takes a registration out.</summary>
    public void Remove(string id)
    {
        _partners.Remove(id);
        _revision++;
    }

    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return await Answer(_revision);
    }

    public Task<IReadOnlyList<Partner>> ReadPartnersAsync(CancellationToken cancellationToken)
    {
        PartnersRead++;
        return Answer<IReadOnlyList<Partner>>([.. _partners.Values]);
    }

    public Task<PutPartnerResult> PutPartnerAsync(Partner partner, CancellationToken cancellationToken)
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        meanwhile?.Invoke();
        if ((_partners.GetValueOrDefault(partner.Id.Value)?.Revision ?? 0) != partner.Revision) return Answer(PutPartnerResult.RevisionChanged);
        if (_partners.Values.Any(other => other.Id != partner.Id && other.Keys.Any(key => partner.Keys.Any(own => own.SpkiSha256 == key.SpkiSha256))))
        {
            return Answer(PutPartnerResult.KeyTaken);
        }

        With(partner);
        return Answer(PutPartnerResult.Stored);
    }

    public Task<IReadOnlyList<Court>> ReadCourtsAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<Court>>([.. _courts.Values]);

    public Task PutCourtsAsync(IReadOnlyCollection<Court> courts, CancellationToken cancellationToken)
    {
        foreach (var court in courts) _courts[court.Code] = court;
        _revision++;
        return Answer(true);
    }

    private Task<T> Answer<T>(T answer) => IsAway
        ? Task.FromException<T>(new StoreUnavailableException("The store is away.", innerException: null))
        : Task.FromResult(answer);
}
