using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;

namespace CreditShare.Server.Courts;

/// <summary>Adds courts to the table, all or none.</summary>
internal sealed class CourtBook(IRegistryStore store, PartnerRegistry registry, CourtDirectory directory) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Checks the courts against the table as it stands now, and stores them.</summary>
    /// <returns>How many courts are known then.</returns>
    /// <exception cref="RefusedException">With every problem found here and before.</exception>
    public async Task<int> ImportAsync(IReadOnlyList<Court> courts, Problems problems, CancellationToken cancellationToken)
    {
        // One import after the other: each is checked against what the one before it left.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await registry.RefreshAsync(cancellationToken);
            foreach (var fault in directory.Table.Validate(courts))
            {
                var (below, reason, detail) = CourtMapping.Place(fault.Kind);
                var field = $"courts[{fault.Row}].{below}";

                // Where the form was wrong already, that is the better answer.
                if (!problems.Has(field)) problems.Add(field, reason, detail);
            }

            problems.ThrowIfAny();
            await store.PutCourtsAsync([.. courts], cancellationToken);
            await registry.RefreshAsync(cancellationToken);
            return directory.Table.Courts.Length;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
