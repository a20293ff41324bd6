namespace CreditShare.Server.Measures;

/// <summary>What partners did because of listings.</summary>
internal static class MeasuresSetup
{
    /// <summary>Adds it.</summary>
    public static WebApplicationBuilder AddMeasures(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MeasureBook>();
        return builder;
    }

    /// <summary>Maps its RPCs.</summary>
    public static WebApplication MapMeasures(this WebApplication app)
    {
        app.MapGrpcService<MeasureService>();
        return app;
    }
}
