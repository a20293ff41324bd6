using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Courts;
using CreditShare.Server.Feed;
using CreditShare.Server.Journal;
using CreditShare.Server.Listings;
using CreditShare.Server.Lookup;
using CreditShare.Server.Measures;
using CreditShare.Server.Partners;
using CreditShare.Server.Propagation;
using CreditShare.Server.Push;
using CreditShare.Server.Store;
using CreditShare.Server.Telemetry;
using CreditShare.Server.Transport;
using CreditShare.Server.Verbs;
using Microsoft.Extensions.Options;

namespace CreditShare.Server;

/// <summary>The server, as a table of contents. Tests and benchmarks build the same one.</summary>
internal static class Program
{
    private const string SettingsPrefix = "CREDITSHARE__";

    public static async Task<int> Main(string[] args)
    {
        var verb = Verb.Find(args);
        if (verb is null && args is [not ("serve" or ['-' or '/', ..]), ..])
        {
            await Console.Error.WriteLineAsync(Verb.Usage);
            return ExitCode.Usage;
        }

        try
        {
            return verb is null ? await ServeAsync(args) : await RunAsync(verb, args);
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            await Console.Error.WriteLineAsync($"CreditShare does not start: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Builds the server; its store must be opened before it is run.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>.</param>
    /// <param name="adjust">Changes what is registered, for tests.</param>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = CreateBuilder(args);
        builder.AddTelemetry();     // logs, metrics, traces
        builder.AddStore();         // PostgreSQL or SQLite: the only writer
        builder.AddAccess();        // callers, rights, quotas
        builder.AddTransport();     // Kestrel, TLS, gRPC, health
        builder.AddJournal();       // tail, lease, barrier
        builder.AddChanges();       // changes as receivers may see them
        builder.AddListings();      // the courts' commands
        builder.AddLookup();        // index, Redis, store
        builder.AddFeed();          // streams that tail the journal
        builder.AddPush();          // deliveries to receivers
        builder.AddSubscriptions(); // wishes for changes
        builder.AddPropagation();   // who was told, and who has confirmed
        builder.AddMeasures();      // what partners did because of listings
        builder.AddPartners();      // registration
        builder.AddCourts();        // reference data
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseCommonCheck();
        app.MapTransport();
        app.MapGrpcService<ListingService>();
        app.MapLookup();
        app.MapGrpcService<FeedService>();
        app.MapSubscriptions();
        app.MapPropagation();
        app.MapMeasures();
        app.MapPartners();
        app.MapCourts();
        return app;
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = Build(args);
        await app.OpenStoreAsync(OldSchema.Refuse, CancellationToken.None);
        return await RunToEndAsync(app);
    }

    /// <summary>Runs the server until it is told to stop, or until one of its loops fails.</summary>
    /// <returns>The exit code: whoever watches the process must learn that it did not end because it was told to.</returns>
    internal static async Task<int> RunToEndAsync(WebApplication app)
    {
        // Asked for now: once the server has ended, its services are gone.
        var loops = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await app.RunAsync();
        return loops.Exists(loop => loop.ExecuteTask is { IsFaulted: true }) ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<int> RunAsync(Verb verb, string[] args)
    {
        var builder = CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.AddStore();
        await using var app = builder.Build();
        await app.OpenStoreAsync(verb.Schema, CancellationToken.None);
        return await verb.RunAsync(app, Console.Out, CancellationToken.None);
    }

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // The settings file lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        KnownSections.Check(new ConfigurationBuilder().AddEnvironmentVariables(SettingsPrefix).AddCommandLine(args).Build());
        builder.Configuration.AddEnvironmentVariables(SettingsPrefix);
        builder.Configuration.AddCommandLine(args);
        return builder;
    }

    // What an operator can set right; anything else is a fault, and its trace is wanted.
    private static bool IsForTheOperator(Exception exception) => exception
        is OptionsValidationException
        or StoreMismatchException
        or StoreUnavailableException
        or IOException
        || (exception is InvalidOperationException && exception.Source == "Microsoft.Extensions.Configuration.Binder");
}
