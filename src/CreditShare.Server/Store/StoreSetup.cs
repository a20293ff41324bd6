using CreditShare.Core.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditShare.Server.Store;

/// <summary>The engine that keeps everything.</summary>
internal static class StoreSetup
{
    /// <summary>Adds the store's ports; <see cref="OpenStoreAsync"/> must run before any of them is asked for.</summary>
    public static WebApplicationBuilder AddStore(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<DataOptions, DataOptionsValidator>()
            .BindConfiguration(DataOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddOptionsWithValidateOnStart<PostgresOptions, PostgresOptionsValidator>()
            .BindConfiguration(PostgresOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddOptionsWithValidateOnStart<KeysOptions, KeysOptionsValidator>()
            .BindConfiguration(KeysOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StoreOpening>();
        services.AddSingleton(provider => provider.GetRequiredService<StoreOpening>().Keys);
        services.AddSingleton(provider => provider.GetRequiredService<StoreOpening>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<IStore>().Journal);
        services.AddSingleton(provider => provider.GetRequiredService<IStore>().Listings);
        services.AddSingleton(provider => provider.GetRequiredService<IStore>().Disclosures);
        services.AddSingleton(provider => provider.GetRequiredService<IStore>().Nodes);
        services.AddSingleton(provider => provider.GetRequiredService<IStore>().Registry);
        return builder;
    }

    /// <summary>Opens the store. It is closed with the application, after everything that uses it.</summary>
    public static async Task OpenStoreAsync(this WebApplication app, OldSchema schema, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<StoreOpening>().OpenAsync(schema, cancellationToken);

        // The container closes what it has given out, in the reverse order: asked for first, these are closed last.
        _ = app.Services.GetRequiredService<Storage.Sealing.Keyring>();
        _ = app.Services.GetRequiredService<IStore>();
    }
}
