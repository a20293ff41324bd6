using System.Net;
using CreditShare.Client;
using CreditShare.Server.Store;
using CreditShare.Server.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static CreditShare.Benchmarks.Figures;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>A service beside us, in a process of its own: grpc-dotnet with nothing around it, neither logs nor metrics, over the TLS that our
/// server has, or in clear. It answers checks in the messages of the contract, so that both sides read and write the same bytes.</summary>
internal static class CheckPeer
{
    /// <summary>The program's verb for it.</summary>
    public const string Verb = "check-peer";

    /// <summary>Answers every check with a NOT_LISTED that it has thought of before.</summary>
    public const string Echo = "echo";

    /// <summary>What a user would write: a keyed digest of the number, looked up in Redis.</summary>
    public const string PlainRedis = "redis";

    /// <summary>Serves until its input ends; prints where.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var data = Option(arguments, "--data");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, data is null ? null : IdentityOf(data, builder.Environment)));
        builder.Services.AddGrpc();
        if (Option(arguments, "--redis") is { } redis)
        {
            builder.Services.AddSingleton(await PlainRedisService.OpenAsync(redis, Option(arguments, "--prefix")!));
        }

        await using var app = builder.Build();
        if (Option(arguments, "--mode") == Echo) app.MapGrpcService<EchoService>();
        else app.MapGrpcService<PlainRedisService>();
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is expected but the end.
        }

        await app.StopAsync();
        return 0;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerIdentity? identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (identity is null) return;

            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(identity.HandshakeOptions()) });
        });
    }

    // The certificate and the authority of the server that it stands beside.
    private static ServerIdentity IdentityOf(string data, IHostEnvironment environment) => new(
        Options.Create(new TlsOptions
        {
            CertificateFile = Path.Combine(data, "server", PartnerIdentity.CertificateFile),
            KeyFile = Path.Combine(data, "server", PartnerIdentity.KeyFile),
            ClientAuthorityFile = Path.Combine(data, "authority", PartnerIdentity.CertificateFile),
        }),
        Options.Create(new DataOptions { Folder = data }),
        environment,
        TimeProvider.System);
}
