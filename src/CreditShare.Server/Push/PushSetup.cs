using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditShare.Server.Push;

internal static class PushSetup
{
    /// <summary>Adds what delivers changes to receivers.</summary>
    public static IHostApplicationBuilder AddPush(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<PushOptions, PushOptionsValidator>()
            .BindConfiguration(PushOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<PushMetrics>();
        services.AddSingleton<PushTiming>();
        services.AddSingleton<EndpointGuard>();
        services.AddSingleton<IEndpointRules>(provider => provider.GetRequiredService<EndpointGuard>());
        services.AddSingleton<RecipientRights>();
        services.TryAddSingleton<IReceiverLinks, ReceiverLinks>();
        services.AddSingleton<PushPipelines>();
        services.AddSingleton<Courier>();
        services.AddSingleton<FrameReading>();
        services.AddSingleton<DeliveryTools>();
        services.AddSingleton<SubscriptionRunners>();
        services.AddSingleton<IDeliveryProbe, DeliveryProbe>();
        services.AddHostedService<PushDispatcher>();
        services.AddHostedService<AttemptPruning>();
        return builder;
    }
}
