using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditShare.Server.Journal;

internal static class JournalSetup
{
    /// <summary>Adds the node's tail, lease and barrier; the store itself is added before.</summary>
    public static IHostApplicationBuilder AddJournal(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<JournalOptions, JournalOptionsValidator>()
            .BindConfiguration(JournalOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddKeyedSingleton<TimeProvider>(BootClock.Key, (_, _) => new BootClock());
        builder.Services.AddSingleton<JournalMetrics>();
        builder.Services.AddSingleton<JournalTail>();
        builder.Services.AddSingleton<NodeLease>();
        builder.Services.AddSingleton<INodePosition>(services => services.GetRequiredService<NodeLease>());
        builder.Services.AddSingleton<Transport.IReadiness>(services => services.GetRequiredService<NodeLease>());
        builder.Services.AddSingleton<NodeWatch>();
        builder.Services.AddSingleton<WithdrawalBarrier>();
        builder.Services.AddHostedService<JournalNode>();
        return builder;
    }
}
