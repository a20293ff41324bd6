using System.Diagnostics;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CreditShare.Server.Telemetry;

/// <summary>Logs, metrics and traces.</summary>
internal static class TelemetrySetup
{
    /// <summary>The service's name in metrics and traces, and the name of its activity source.</summary>
    public const string ServiceName = "creditshare";

    /// <summary>Where spans of our own come from; spans are named <c>verb noun</c>.</summary>
    public static readonly ActivitySource Activities = new("CreditShare");

    // Kestrel counts each request up and at once down again, for none of HTTP/2's ever waits in it.
    private const string QueuedRequests = "kestrel.queued_requests";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds telemetry: Prometheus always, OTLP if its endpoint is set.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Default);
        }
        else
        {
            builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }

        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                ServiceName, serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3)));
        telemetry.WithMetrics(metrics =>
        {
            // Not ASP.NET Core's own of requests: ours tell the same by RPC and gRPC's status, and two histograms a call cost more than the check.
            metrics.AddMeter("CreditShare.*", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", "Polly")
                .AddView(QueuedRequests, MetricStreamConfiguration.Drop)
                .AddPrometheusExporter();
            if (exportsOtlp) metrics.AddOtlpExporter();
        });
        if (exportsOtlp)
        {
            telemetry.WithTracing(traces => traces.AddSource(Activities.Name).AddAspNetCoreInstrumentation().AddOtlpExporter());
        }

        return builder;
    }
}
