using CreditShare.Server.Transport;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Access;

/// <summary>Who may call, and how much.</summary>
internal static class AccessSetup
{
    /// <summary>Adds access control. Needs an <c>IRegistryStore</c>.</summary>
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<AccessOptions, AccessOptionsValidator>()
            .BindConfiguration(AccessOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CourtDirectory>();
        services.AddSingleton<AccessMetrics>();

        // By the real clock, whatever the service's is: the buckets of .NET know no other.
        services.AddSingleton(provider => new Quotas(provider.GetRequiredService<IOptions<AccessOptions>>(), TimeProvider.System));
        services.AddSingleton<PartnerRegistry>();
        services.AddSingleton<QuickEntry>();
        services.AddSingleton<AccessInterceptor>();

        // Registered in this order: the registry is loaded when the development partners are in it.
        if (builder.Environment.IsDevelopment()) services.AddHostedService<DevelopmentPartners>();
        services.AddSingleton<RegistryRefresh>();
        services.AddHostedService(provider => provider.GetRequiredService<RegistryRefresh>());
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<RegistryRefresh>());
        return builder;
    }
}
