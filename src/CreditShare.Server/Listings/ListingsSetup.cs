namespace CreditShare.Server.Listings;

internal static class ListingsSetup
{
    /// <summary>Adds the courts' service and the sweeper.</summary>
    public static IHostApplicationBuilder AddListings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ListingsOptions, ListingsOptionsValidator>()
            .BindConfiguration(ListingsOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<ListingsMetrics>();
        builder.Services.AddSingleton<ListingIntake>();
        builder.Services.AddSingleton<ListingLedger>();
        builder.Services.AddSingleton<ListingImport>();
        builder.Services.AddSingleton<ListingSweeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ListingSweeper>());
        return builder;
    }
}
