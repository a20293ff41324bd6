using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CreditShare.Server.Transport;

/// <summary>Whether this node may be asked: everything it stands on is ready, and it is not stopping.</summary>
internal sealed class ReadinessCheck(IEnumerable<IReadiness> parts, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <summary>The tag by which the probes find this check.</summary>
    public const string Tag = "ready";

    private readonly IReadiness[] _parts = [.. parts];

    /// <summary>Whether the node may be asked now.</summary>
    public bool IsReady => !lifetime.ApplicationStopping.IsCancellationRequested && Array.TrueForAll(_parts, part => part.IsReady);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(Describe()));

    private string Describe() => lifetime.ApplicationStopping.IsCancellationRequested
        ? "the server is stopping"
        : string.Join("; ", _parts.Where(part => !part.IsReady).Select(part => part.WaitingFor));
}
