using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Server.Transport;

namespace CreditShare.Server.Access;

/// <summary>Registers one partner a role with the certificates made for development. What an operator changed in them since stays.</summary>
internal sealed class DevelopmentPartners(
    ServerIdentity identity, IRegistryStore store, TimeProvider clock, ILogger<DevelopmentPartners> logger) : IHostedService
{
    private const int Attempts = 5;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (identity.Development is not { } certificates) return;

        foreach (var role in DevelopmentIdentities.Roles)
        {
            await EnsureAsync(role, certificates, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAsync(string role, DevelopmentIdentities certificates, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var now = clock.GetUtcNow();
            var wanted = Of(role, now);
            var stored = (await store.ReadPartnersAsync(cancellationToken)).FirstOrDefault(partner => partner.Id == wanted.Id);
            if (stored is not null && !certificates.Renewed.Contains(role)) return;

            // A new certificate takes the place of the old one, which has expired or whose authority is gone.
            var key = new PartnerKey(certificates.Fingerprints[role], now);
            var partner = (stored ?? wanted) with { Keys = [key], UpdatedAt = now };
            if (await store.PutPartnerAsync(partner, cancellationToken) == PutPartnerResult.Stored)
            {
                logger.DevelopmentPartnerRegistered(partner.Id.Value);
                return;
            }
        }

        throw new InvalidOperationException($"The development partner of the role {role} could not be registered.");
    }

    private static Partner Of(string role, DateTimeOffset now)
    {
        if (!PartnerId.TryParse("dev-" + role, out var id)) throw new InvalidOperationException($"The role {role} makes no partner id.");

        var partner = new Partner
        {
            Id = id,
            DisplayName = $"Development {role}",
            Kind = PartnerKind.None,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return role switch
        {
            "court" => partner with
            {
                Kind = PartnerKind.Court,
                Rpcs =
                [
                    "creditshare.v1.ListingService/*", "creditshare.v1.PropagationService/*", "creditshare.v1.MeasureService/*",
                    "creditshare.v1.FeedService/GetHead",
                ],
                Views = [View.Full, View.Public],
                Platforms = [CourtCode.Supreme],
            },
            "bank" => partner with
            {
                Kind = PartnerKind.Bank,
                Rpcs =
                [
                    "creditshare.v1.LookupService/*", "creditshare.v1.SubscriptionService/*", "creditshare.v1.MeasureService/*",
                    "creditshare.v1.FeedService/GetHead",
                ],
                Views = [View.Public, View.Status],
                Purposes = [.. Enum.GetValues<Purpose>().Where(purpose => purpose != Purpose.None)],
            },
            "department" => partner with
            {
                Kind = PartnerKind.Department,
                Rpcs =
                [
                    "creditshare.v1.FeedService/*", "creditshare.v1.LookupService/*", "creditshare.v1.SubscriptionService/*",
                    "creditshare.v1.MeasureService/*",
                ],
                Views = [View.Public, View.Full],
                Purposes = [.. Enum.GetValues<Purpose>().Where(purpose => purpose != Purpose.None)],
            },
            "operator" => partner with
            {
                Kind = PartnerKind.Operator,
                Rpcs =
                [
                    "creditshare.v1.PartnerService/*", "creditshare.v1.CourtService/*", "creditshare.v1.SubscriptionService/*",
                    "creditshare.v1.PropagationService/*", "creditshare.v1.MeasureService/*", "creditshare.v1.FeedService/GetHead",
                ],
            },
            "auditor" => partner with
            {
                Kind = PartnerKind.Auditor,
                Rpcs = ["creditshare.v1.PartnerService/*", "creditshare.v1.MeasureService/*", "creditshare.v1.FeedService/GetHead"],
            },
            _ => throw new InvalidOperationException($"There is no role {role}."),
        };
    }
}
