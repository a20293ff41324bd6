using System.Collections.Frozen;
using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.V1;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Access;

/// <summary>All partners in memory, by the fingerprint of their keys. It is confirmed against the store every second; a node that could not
/// do so for <see cref="MaxAge"/> lets nobody in, since somebody may have been shut out meanwhile.</summary>
internal sealed class PartnerRegistry(
    IRegistryStore store, CourtDirectory courts, Quotas quotas, TimeProvider clock, ILogger<PartnerRegistry> logger) : IDisposable
{
    /// <summary>How long an unconfirmed registration counts: a revocation is in force everywhere within this time.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<PartnerId, Registration> _byId = [];
    private FrozenDictionary<string, Registration> _byKey = FrozenDictionary<string, Registration>.Empty;
    private FrozenDictionary<PartnerId, Registration> _registered = FrozenDictionary<PartnerId, Registration>.Empty;
    private long _revision = -1;
    private long _confirmedAt;
    private volatile bool _isLoaded;

    /// <summary>Whether what is known here was confirmed recently enough.</summary>
    public bool IsCurrent => _isLoaded && clock.GetElapsedTime(Volatile.Read(ref _confirmedAt)) <= MaxAge;

    /// <summary>The partner with that key; null if the key is not registered.</summary>
    public Registration? Find(string fingerprint) => Volatile.Read(ref _byKey).GetValueOrDefault(fingerprint);

    /// <summary>The partner of that id; null if it is not registered.</summary>
    public Registration? Find(PartnerId id) => Volatile.Read(ref _registered).GetValueOrDefault(id);

    /// <summary>A caller for one call.</summary>
    public Caller CallerOf(Registration registration, string fingerprint, string path) => new(registration, fingerprint, path, courts, quotas);

    /// <summary>Asks the store whether anything changed, and reads it if so. Called every second, and at once after a change made here.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // The time is taken before the question: an answer is as old as its question.
            var asked = clock.GetTimestamp();
            var revision = await store.ReadRevisionAsync(cancellationToken);
            if (revision != _revision)
            {
                courts.Replace(await store.ReadCourtsAsync(cancellationToken));
                Put(await store.ReadPartnersAsync(cancellationToken));
                _revision = revision;
            }

            Volatile.Write(ref _confirmedAt, asked);
            _isLoaded = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the open streams of all partners while the registry is not current.</summary>
    public async Task EndStreamsIfStaleAsync(CancellationToken cancellationToken)
    {
        if (IsCurrent) return;

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (IsCurrent) return;
            foreach (var registration in _byId.Values) registration.EndStreams(ErrorReason.NodeStale);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Put(IReadOnlyList<Partner> partners)
    {
        // Step 1: what stands in force for calls under way.
        var known = new HashSet<PartnerId>();
        foreach (var partner in partners)
        {
            known.Add(partner.Id);
            if (_byId.TryGetValue(partner.Id, out var registration)) registration.Replace(partner);
            else _byId[partner.Id] = new Registration(partner);
        }

        foreach (var (id, gone) in _byId)
        {
            if (!known.Contains(id)) gone.Replace(gone.Partner with { Keys = [] });
        }

        // Step 2: by which keys new calls come in.
        Volatile.Write(ref _byKey, _byId.Values
            .SelectMany(registration => registration.Partner.Keys.Select(key => (key.SpkiSha256, registration)))
            .ToFrozenDictionary(pair => pair.SpkiSha256, pair => pair.registration, StringComparer.Ordinal));

        Volatile.Write(ref _registered, known.ToFrozenDictionary(id => id, id => _byId[id]));

        // Step 3: streams that were opened under the former rights.
        foreach (var registration in _byId.Values) registration.ReviewStreams();
        logger.RegistryLoaded(partners.Count, _byKey.Count, courts.Table.Courts.Length);
    }
}
