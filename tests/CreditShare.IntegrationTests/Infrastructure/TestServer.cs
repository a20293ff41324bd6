using System.Collections.Concurrent;
using CreditShare.Server.Store;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>The real server within the test's process, on free ports and with a data folder of its own. Disposing it fails the test if an
/// error was logged that nobody expected.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new();
    private readonly DirectoryInfo? _ownFolder;
    private WebApplication? _app;

    private TestServer(TestServerSetup setup)
    {
        if (setup.DataFolder is null) _ownFolder = Directory.CreateTempSubdirectory("creditshare-server-");
        DataFolder = setup.DataFolder ?? _ownFolder!.FullName;
        Clock = setup.Clock;
    }

    /// <summary>Where it keeps its files.</summary>
    public string DataFolder { get; }

    /// <summary>Its clock.</summary>
    public TestClock Clock { get; }

    /// <summary>What it has logged.</summary>
    public TestLog Log { get; } = new();

    /// <summary>Whether an error in the log is part of the test.</summary>
    public bool ExpectsErrors { get; set; }

    /// <summary>Where partners call.</summary>
    public Uri Address => new(File.ReadAllText(Path.Combine(DataFolder, "address")).Trim());

    /// <summary>Where health and metrics are.</summary>
    public Uri Management => new(File.ReadAllText(Path.Combine(DataFolder, "management-address")).Trim());

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts one and waits until it answers, half a minute at most.</summary>
    public static async Task<TestServer> StartAsync(TestServerSetup setup, CancellationToken cancellationToken)
    {
        var server = new TestServer(setup);
        try
        {
            await server.StartCoreAsync(setup, cancellationToken);
            return server;
        }
        catch
        {
            server.ExpectsErrors = true;
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one with the embedded engine.</summary>
    public static Task<TestServer> StartAsync(CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(new TestServerSetup { Settings = settings }, cancellationToken);

    /// <summary>The channel of a development identity: court, bank, department, operator or auditor.</summary>
    public GrpcChannel As(string role) => _channels.GetOrAdd(role, name => TestIdentity.Of(DataFolder, name).Connect(Address));

    /// <summary>A channel with another identity; the caller disposes it.</summary>
    public GrpcChannel As(TestIdentity identity) => identity.Connect(Address);

    /// <summary>Stops it as a signal would, and waits until it has.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;

        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
        using var bounded = new CancellationTokenSource(s_longest);
        await StopAsync(bounded.Token);
        _ownFolder?.Delete(recursive: true);
        if (!ExpectsErrors) Assert.That(Log.Errors, Is.Empty, "the server logged an error");
    }

    private async Task StartCoreAsync(TestServerSetup setup, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(s_longest);
        if (setup.Beside is { } first) TestIdentity.CopyAll(first.DataFolder, DataFolder);
        string[] args =
        [
            "--environment=Development", $"--Data:Folder={DataFolder}", "--Listen:Port=0", "--Listen:ManagementPort=0",
            .. ServerSettings.WithoutSecrets(setup.Settings, DataFolder),
        ];
        _app = Server.Program.Build(args, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(Log);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            setup.Adjust?.Invoke(builder);
        });
        await _app.OpenStoreAsync(OldSchema.Migrate, bounded.Token);
        await _app.StartAsync(bounded.Token);
        await Shell.WaitUntilAsync(
            _ => Task.FromResult(File.Exists(Path.Combine(DataFolder, "address"))), "the server to be ready", bounded.Token);
    }
}

/// <summary>What a server shall be like.</summary>
internal sealed record TestServerSetup
{
    /// <summary>Further settings, as on the command line.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The data folder; one of its own, deleted with it, if null.</summary>
    public string? DataFolder { get; init; }

    /// <summary>A node already running on the same PostgreSQL: the new one takes its identities and its master key.</summary>
    public TestServer? Beside { get; init; }

    /// <summary>Its clock.</summary>
    public TestClock Clock { get; init; } = new();

    /// <summary>Changes what is registered.</summary>
    public Action<WebApplicationBuilder>? Adjust { get; init; }
}

