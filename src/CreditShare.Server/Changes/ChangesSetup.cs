namespace CreditShare.Server.Changes;

internal static class ChangesSetup
{
    /// <summary>Adds what reads changes for receivers, whoever they are.</summary>
    public static IHostApplicationBuilder AddChanges(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangeSource>();
        return builder;
    }
}
