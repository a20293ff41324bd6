using CreditShare.Server.Access;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Lookup;

internal static class LookupSetup
{
    /// <summary>Adds the banks' service: the index, the cache of records where Redis is configured, and what answers with them.</summary>
    public static IHostApplicationBuilder AddLookup(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<LookupOptions, LookupOptionsValidator>()
            .BindConfiguration(LookupOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddOptionsWithValidateOnStart<RedisOptions, RedisOptionsValidator>()
            .BindConfiguration(RedisOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new AnswerValidity(services.GetRequiredService<IOptions<LookupOptions>>().Value.AnswerValidity));
        builder.Services.AddSingleton<DocumentIndex>();
        builder.Services.AddSingleton<LookupMetrics>();
        builder.Services.AddSingleton<Journal.IJournalReader, IndexFollower>();
        if (!string.IsNullOrEmpty(builder.Configuration[$"{RedisOptions.Section}:{nameof(RedisOptions.ConnectionString)}"])) builder.AddRedis();

        builder.Services.AddSingleton<RecordMemory>();
        builder.Services.AddSingleton<DocumentRecords>();
        builder.Services.AddSingleton<NotListedCounts>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NotListedCounts>());
        builder.Services.AddSingleton<SubjectLookup>();
        builder.Services.AddSingleton<FrameScreening>();
        builder.Services.AddSingleton<ScreeningCall>();
        builder.Services.AddSingleton<IServiceMethodProvider<ScreeningCall>, ScreeningMethod>();
        builder.Services.AddSingleton<CandidateSearch>();
        return builder;
    }

    /// <summary>Maps the banks' service.</summary>
    public static WebApplication MapLookup(this WebApplication app)
    {
        app.MapGrpcService<LookupService>();
        app.MapGrpcService<ScreeningCall>();
        return app;
    }

    /// <summary>Puts the short way of the common check before everything else.</summary>
    public static WebApplication UseCommonCheck(this WebApplication app)
    {
        app.UseMiddleware<CommonCheck>();
        return app;
    }

    private static void AddRedis(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RedisConnection>();
        builder.Services.AddSingleton<RedisRecords>();
        builder.Services.AddSingleton<RedisUpkeep>();
        builder.Services.AddSingleton<RedisStep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisConnection>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisUpkeep>());
    }
}
