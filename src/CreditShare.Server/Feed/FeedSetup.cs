using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditShare.Server.Feed;

internal static class FeedSetup
{
    /// <summary>Adds the departments' service.</summary>
    public static IHostApplicationBuilder AddFeed(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<FeedOptions, FeedOptionsValidator>()
            .BindConfiguration(FeedOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<FeedMetrics>();
        builder.Services.AddSingleton<FeedReaders>();
        builder.Services.AddSingleton<Acknowledgement>();
        builder.Services.AddSingleton<Follower>();
        builder.Services.AddSingleton<ListingExport>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<FeedService>, FollowMethod>());
        return builder;
    }
}
