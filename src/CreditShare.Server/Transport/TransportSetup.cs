using CreditShare.Server.Access;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>Kestrel, TLS, gRPC, health.</summary>
internal static class TransportSetup
{
    /// <summary>The largest message, in bytes, both ways.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Adds the transport.</summary>
    public static WebApplicationBuilder AddTransport(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<TransportOptions, TransportOptionsValidator>()
            .BindConfiguration(TransportOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddOptionsWithValidateOnStart<TlsOptions, TlsOptionsValidator>()
            .BindConfiguration(TlsOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerIdentity>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, Endpoints>();
        services.AddSingleton<TransportMetrics>();
        services.AddSingleton<EndedCalls>();
        services.AddSingleton<StatusInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.MaxSendMessageSize = MaxMessageBytes;
            grpc.EnableDetailedErrors = false;

            // The first one is the outermost: whatever access control or a service throws becomes a status.
            grpc.Interceptors.Add<StatusInterceptor>();
            grpc.Interceptors.Add<AccessInterceptor>();
        });

        // Where nobody traces, its only use is to make an activity for each call, in case somebody logs within it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // What it calls an error is a message of a caller's that it cannot read, which is refused; faults of ours are logged by ours.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);

        services.AddSingleton<ReadinessCheck>();
        services.AddGrpcHealthChecks(health => health.Services.Map("", check => check.Tags.Contains(ReadinessCheck.Tag)))
            .AddCheck<ReadinessCheck>("node", tags: [ReadinessCheck.Tag]);
        services.Configure<HealthCheckPublisherOptions>(health =>
        {
            health.Delay = TimeSpan.Zero;
            health.Period = HealthPeriod;
        });

        // A node that is not ready yet is no error; the parts that are waited for say in their own words what they wait for.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        services.AddHostedService<AddressFiles>();
        services.AddOptions<HostOptions>()
            .Configure<IOptions<TransportOptions>>((host, listen) => host.ShutdownTimeout = listen.Value.StopWithin);
        if (builder.Environment.IsDevelopment()) services.AddGrpcReflection();
        return builder;
    }

    /// <summary>Maps what the transport itself answers: health, reflection in development, and the management port.</summary>
    public static WebApplication MapTransport(this WebApplication app)
    {
        app.MapWhen(http => http.Features.Get<ManagementConnection>() is not null, management =>
        {
            management.UseHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
            management.UseHealthChecks("/health/ready", new HealthCheckOptions
            {
                Predicate = check => check.Tags.Contains(ReadinessCheck.Tag),
                ResponseWriter = (http, report) => http.Response.WriteAsync(Describe(report), http.RequestAborted),
            });
            management.UseOpenTelemetryPrometheusScrapingEndpoint();
            management.Run(http =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
        app.UseMiddleware<UnreadAnswers>();
        app.UseMiddleware<ReasonTrailer>();

        // Said here, or it would be done before everything else, for calls that have been answered by then too.
        app.UseRouting();
        app.MapGrpcHealthChecksService();
        if (app.Environment.IsDevelopment()) app.MapGrpcReflectionService();
        return app;
    }

    private static string Describe(HealthReport report) => string.Join('\n', [
        report.Status.ToString(),
        .. report.Entries.Values.Select(entry => entry.Description).OfType<string>(),
    ]);
}
