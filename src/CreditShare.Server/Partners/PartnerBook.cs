using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Partners;

/// <summary>Reads and changes registrations in the store; this node knows of a change before the operator has the answer.</summary>
internal sealed class PartnerBook(IRegistryStore store, PartnerRegistry registry, TimeProvider clock)
{
    // Operators seldom change one partner at once; whoever loses this often has met a fault.
    private const int Attempts = 5;

    /// <summary>Reads all partners, by id.</summary>
    public Task<IReadOnlyList<Partner>> ListAsync(CancellationToken cancellationToken) => store.ReadPartnersAsync(cancellationToken);

    /// <summary>Reads one.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<Partner> GetAsync(PartnerId id, CancellationToken cancellationToken) =>
        (await store.ReadPartnersAsync(cancellationToken)).FirstOrDefault(partner => partner.Id == id)
        ?? throw new RefusedException(ErrorReason.PartnerNotFound);

    /// <summary>Registers a partner.</summary>
    /// <exception cref="RefusedException">The id is taken.</exception>
    public async Task<Partner> CreateAsync(Partner partner, CancellationToken cancellationToken)
    {
        var result = await store.PutPartnerAsync(partner, cancellationToken);
        if (result != PutPartnerResult.Stored) throw new RefusedException(ErrorReason.PartnerExists);

        await registry.RefreshAsync(cancellationToken);
        return partner;
    }

    /// <summary>Changes a registration: reads it, decides, stores; anew if another operator came between.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="change">Decides; it may be asked several times.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RefusedException">There is no such partner, or the change is refused.</exception>
    public async Task<Partner> ChangeAsync(PartnerId id, Func<Partner, PartnerChange> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var now = clock.GetUtcNow();
            var outcome = change(await GetAsync(id, cancellationToken));
            if (outcome is PartnerChange.Refused refused) throw new RefusedException(refused.Reason);

            var changed = ((PartnerChange.To)outcome).Partner with { UpdatedAt = now };
            var result = await store.PutPartnerAsync(changed, cancellationToken);
            if (result == PutPartnerResult.KeyTaken) throw new RefusedException(ErrorReason.KeyExists);
            if (result != PutPartnerResult.Stored) continue;

            await registry.RefreshAsync(cancellationToken);
            return changed;
        }

        throw new RefusedException(ErrorReason.Overloaded) { RetryAfter = TimeSpan.FromSeconds(1) };
    }
}
