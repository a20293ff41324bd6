namespace CreditShare.Server.Push;

/// <summary>What partners wish for, and the RPCs by which they say so.</summary>
internal static class SubscriptionSetup
{
    /// <summary>Adds it.</summary>
    public static WebApplicationBuilder AddSubscriptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<SubscriptionOptions, SubscriptionOptionsValidator>()
            .BindConfiguration(SubscriptionOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<SubscriptionReading>();
        builder.Services.AddSingleton<SubscriptionBook>();
        return builder;
    }

    /// <summary>Maps its RPCs.</summary>
    public static WebApplication MapSubscriptions(this WebApplication app)
    {
        app.MapGrpcService<SubscriptionService>();
        return app;
    }
}
