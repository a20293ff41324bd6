namespace CreditShare.Server.Partners;

/// <summary>Registration of partners.</summary>
internal static class PartnersSetup
{
    /// <summary>Adds it.</summary>
    public static WebApplicationBuilder AddPartners(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PartnerBook>();
        return builder;
    }

    /// <summary>Maps its RPCs.</summary>
    public static WebApplication MapPartners(this WebApplication app)
    {
        app.MapGrpcService<PartnerService>();
        return app;
    }
}
