using CreditShare.Server.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Transport;

/// <summary>Writes where the server listens into the data folder once the node may be asked, and takes it away when it stops: so a script
/// can wait for the file, and the command line finds the server.</summary>
internal sealed class AddressFiles(
    IServer server, ReadinessCheck readiness, IOptions<DataOptions> data, IHostApplicationLifetime lifetime, IHostEnvironment environment,
    ILogger<AddressFiles> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private string ServerFile => Path.Combine(data.Value.FullPath, "address");

    private string ManagementFile => Path.Combine(data.Value.FullPath, "management-address");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Left behind by a server that was killed.
        Remove();
        lifetime.ApplicationStopping.Register(Remove);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A real timer: what is waited for here is the machine, not the time of day.
        using var timer = new PeriodicTimer(LookEvery);
        while (!(lifetime.ApplicationStarted.IsCancellationRequested && readiness.IsReady))
        {
            if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
        }

        var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        Write(ManagementFile, AddressOf(addresses, Uri.UriSchemeHttp));
        var address = AddressOf(addresses, Uri.UriSchemeHttps);
        Write(ServerFile, address);
        logger.Serving(address);
        if (environment.IsDevelopment())
        {
            var text = FirstSteps.Text(AppContext.BaseDirectory, Environment.CurrentDirectory);
            logger.FirstSteps(text);
        }
    }

    private static string AddressOf(ICollection<string> addresses, string scheme)
    {
        var bound = addresses.Select(address => new Uri(address)).First(address => address.Scheme == scheme);
        return $"{scheme}://localhost:{bound.Port}";
    }

    private static void Write(string path, string address)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", address + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private void Remove()
    {
        if (!Directory.Exists(data.Value.FullPath)) return;

        File.Delete(ServerFile);
        File.Delete(ManagementFile);
    }
}
