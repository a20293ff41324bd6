using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Server.Access;
using Microsoft.Extensions.Options;

namespace CreditShare.Tests.Infrastructure;

/// <summary>Partners that call.</summary>
internal sealed class Callers : IDisposable
{
    private readonly Quotas _quotas = new(Options.Create(new AccessOptions()), TimeProvider.System);

    public CourtDirectory Courts { get; } = new();

    /// <summary>A court that speaks for those courts.</summary>
    public Caller Court(params CourtCode[] courts) => Of(Registered("test-court", PartnerKind.Court) with { Courts = [.. courts] });

    /// <summary>A department that may see those views.</summary>
    public Caller Department(params View[] views) => Of(Registered("test-department", PartnerKind.Department) with { Views = [.. views] });

    /// <summary>A department of that id that may see the public view.</summary>
    public Caller Department(string id) => Of(Registered(id, PartnerKind.Department) with { Views = [View.Public] });

    /// <summary>A bank of that id that may see the public view.</summary>
    public Caller Bank(string id) => Of(Registered(id, PartnerKind.Bank) with { Views = [View.Public] });

    /// <summary>An operator.</summary>
    public Caller Operator() => Of(Registered("test-operator", PartnerKind.Operator));

    public void Dispose() => _quotas.Dispose();

    private static Partner Registered(string id, PartnerKind kind) => new()
    {
        Id = PartnerId.TryParse(id, out var parsed) ? parsed : throw new ArgumentException("No id.", nameof(id)),
        DisplayName = id,
        Kind = kind,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private Caller Of(Partner partner) => new(new Registration(partner), new string('0', 64), "/test", Courts, _quotas);
}
