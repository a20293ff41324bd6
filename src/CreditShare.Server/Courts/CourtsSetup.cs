namespace CreditShare.Server.Courts;

/// <summary>The court table.</summary>
internal static class CourtsSetup
{
    /// <summary>Adds it.</summary>
    public static WebApplicationBuilder AddCourts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CourtBook>();
        return builder;
    }

    /// <summary>Maps its RPCs.</summary>
    public static WebApplication MapCourts(this WebApplication app)
    {
        app.MapGrpcService<CourtService>();
        return app;
    }
}
