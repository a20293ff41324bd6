using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.Receiver;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CreditShare.Cli.Subscriptions;

/// <summary>The receiver behind <c>subscription listen</c>: webhooks and gRPC on one port.</summary>
internal static class ListenServer
{
    internal const string WebhookPath = "/hooks/creditshare";

    private const int SecretBytes = 32;

    internal static async Task<int> RunAsync(Invocation run, ListenWish wish, CancellationToken cancellationToken)
    {
        using var identity = wish.CertificateFile is { } file ? PartnerIdentity.FromFiles(file, wish.KeyFile!, authorityFile: null) : null;
        using var made = identity is null ? ListenCertificate.Make(run.DataFolder, run.Host.Clock) : null;
        var certificate = identity?.Certificate ?? made!;
        string[] secrets = wish.Secrets is [] ? [$"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes))}"] : wish.Secrets;

        using var stateFile = wish.StateFile is { } path ? new FileReceiverState(path) : null;
        await using var app = Build(run, wish, certificate, identity?.Intermediates ?? [], secrets, stateFile ?? (IReceiverState)new MemoryReceiverState());
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (OptionsValidationException ex)
        {
            throw CommandFailedException.Usage(ex.Message);
        }

        await TellAsync(run, wish, app, certificate, secrets);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Host.Clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // To be interrupted is how it ends.
        }

        await app.StopAsync(CancellationToken.None);
        return ExitCodes.Done;
    }

    private static WebApplication Build(
        Invocation run, ListenWish wish, X509Certificate2 certificate, X509Certificate2Collection intermediates, string[] secrets, IReceiverState state)
    {
        // Nothing of the machine's settings, only what the command line says.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new ErrorLines(run.Host.Error)).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(wish.Endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ServerCertificateChain = intermediates;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.Services.AddSingleton(run.Host.Clock);
        builder.Services.AddSingleton(run);
        builder.Services.AddSingleton(state);
        builder.Services.AddCreditShareReceiver<PrintingHandler>(options =>
        {
            foreach (var secret in secrets) options.Secrets.Add(secret);
            foreach (var key in wish.CallerKeys) options.CallerSpkiSha256.Add(key);
            options.TrustsEveryCaller = wish.CallerKeys is [];
        });

        var app = builder.Build();
        app.Use((context, next) => MisbehaveAsync(run, wish, context, next));
        app.UseRouting();
        app.MapCreditShareWebhook(WebhookPath);
        app.MapCreditShareReceiver();
        return app;
    }

    /// <summary>Answers late, wrong or never, as it was asked to.</summary>
    private static async Task MisbehaveAsync(Invocation run, ListenWish wish, HttpContext context, RequestDelegate next)
    {
        if (wish.Hangs)
        {
            await run.Host.Error.WriteLineAsync($"{context.Request.Path}: left unanswered");
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Host.Clock, context.RequestAborted);
        }

        if (wish.Delay > TimeSpan.Zero) await Task.Delay(wish.Delay, run.Host.Clock, context.RequestAborted);
        if (wish.Fails)
        {
            await run.Host.Error.WriteLineAsync($"{context.Request.Path}: answered 503");
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await next(context);
    }

    private static async Task TellAsync(Invocation run, ListenWish wish, WebApplication app, X509Certificate2 certificate, string[] secrets)
    {
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var name = IPAddress.IsLoopback(wish.Endpoint.Address) ? "localhost" : bound.Host;
        var error = run.Host.Error;
        await error.WriteLineAsync($"webhook  https://{name}:{bound.Port}{WebhookPath}");
        await error.WriteLineAsync($"grpc     https://{name}:{bound.Port}");
        await error.WriteLineAsync($"key      {ListenCertificate.SpkiOf(certificate)}  (SHA-256 of its SPKI; certificate of {certificate.Issuer})");
        if (wish.Secrets is []) await error.WriteLineAsync($"secret   {secrets[0]}");
        if (wish.CallerKeys is []) await error.WriteLineAsync("By gRPC anybody is heard; --caller-key names the one who may.");
    }

    /// <summary>What the receiver logs, for people, a line each.</summary>
    private sealed class ErrorLines(TextWriter error) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (error) error.WriteLine($"{formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
        }

        public void Dispose()
        {
        }
    }
}
