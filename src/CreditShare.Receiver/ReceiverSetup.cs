using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditShare.Receiver;

/// <summary>Puts a receiver into an ASP.NET Core application.</summary>
public static class ReceiverSetup
{
    private const int SpkiDigits = 64;
    private const int MaxSecrets = 2;

    /// <summary>Registers the receiver and its handler, one for the process. An <see cref="IReceiverState"/> must be registered too:
    /// <see cref="FileReceiverState"/> unless the state is to lie where the handler's own data are.</summary>
    /// <typeparam name="THandler">What acts on the changes.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Says what is trusted. Wrong secrets and keys stop the start.</param>
    public static IServiceCollection AddCreditShareReceiver<THandler>(this IServiceCollection services, Action<ReceiverOptions> configure)
        where THandler : class, IChangeHandler
    {
        services.AddOptions<ReceiverOptions>()
            .Configure(configure)
            .Validate(
                options => options.Secrets.Count <= MaxSecrets && options.Secrets.All(secret => WebhookSecret.Parse(secret) is not null),
                "Secrets: two at most, each 'whsec_' and 24 to 64 bytes in base64.")
            .Validate(
                options => options.CallerSpkiSha256.All(key => key.Length == SpkiDigits && key.All(char.IsAsciiHexDigit)),
                "CallerSpkiSha256: each 64 hexadecimal digits.")
            .ValidateOnStart();
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = ReceiverOptions.MaxMessageBytes);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChangeHandler, THandler>();
        services.TryAddSingleton<ChangeIntake>();
        services.TryAddSingleton<WebhookEndpoint>();
        return services;
    }

    /// <summary>Takes webhooks on a path.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, such as <c>/hooks/creditshare</c>.</param>
    public static IEndpointConventionBuilder MapCreditShareWebhook(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var endpoint = endpoints.ServiceProvider.GetRequiredService<WebhookEndpoint>();
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.AnswerAsync);
    }

    /// <summary>Takes messages by gRPC. Kestrel must ask for a client certificate (<c>ClientCertificateMode.RequireCertificate</c> or
    /// <c>AllowCertificate</c>) and let any certificate through, since the receiver itself trusts by key.</summary>
    /// <param name="endpoints">The application.</param>
    public static IEndpointConventionBuilder MapCreditShareReceiver(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<ChangeReceiverService>();
}
