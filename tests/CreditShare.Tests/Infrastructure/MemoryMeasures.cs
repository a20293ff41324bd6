using CreditShare.Core.Access;
using CreditShare.Core.Push;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Measures in memory.</summary>
internal sealed class MemoryMeasures : IMeasureStore
{
    private readonly List<Measure> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    public Task<Measure?> FindAsync(PartnerId partner, string reference, CancellationToken cancellationToken) =>
        Task.FromResult(_all.Find(measure => measure.Partner == partner && measure.Reference == reference));

    public async Task<bool> AddAsync(Measure measure, CancellationToken cancellationToken)
    {
        if (await FindAsync(measure.Partner, measure.Reference, cancellationToken) is not null) return false;

        _all.Add(measure with { Number = _all.Count + 1 });
        return true;
    }

    public Task<bool> LiftAsync(PartnerId partner, string reference, DateTimeOffset liftedAt, CancellationToken cancellationToken)
    {
        var at = _all.FindIndex(measure => measure.Partner == partner && measure.Reference == reference && measure.LiftedAt is null);
        if (at >= 0) _all[at] = _all[at] with { LiftedAt = liftedAt };
        return Task.FromResult(at >= 0);
    }

    public Task<IReadOnlyList<Measure>> ListAsync(MeasureQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Measure>>(
        [
            .. _all.Where(measure => query.Partner is null || measure.Partner == query.Partner)
                .Where(measure => query.Listing is null || measure.Listing == query.Listing)
                .Where(measure => query.Courts is null || query.Courts.Contains(measure.Court))
                .Where(measure => !query.OpenOnly || measure.LiftedAt is null)
                .Where(measure => query.Before is null || measure.Number < query.Before)
                .OrderByDescending(measure => measure.Number)
                .Take(query.Limit),
        ]);
}
