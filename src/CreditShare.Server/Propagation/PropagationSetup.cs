namespace CreditShare.Server.Propagation;

/// <summary>Who was told of listings, and who has applied their end.</summary>
internal static class PropagationSetup
{
    /// <summary>Adds it.</summary>
    public static WebApplicationBuilder AddPropagation(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecipientList>();
        builder.Services.AddSingleton<OutstandingScan>();
        return builder;
    }

    /// <summary>Maps its RPCs.</summary>
    public static WebApplication MapPropagation(this WebApplication app)
    {
        app.MapGrpcService<PropagationService>();
        return app;
    }
}
