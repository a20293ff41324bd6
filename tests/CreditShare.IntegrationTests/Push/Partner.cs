using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using CreditShare.Cli.Subscriptions;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Receiver;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditShare.IntegrationTests.Push;

/// <summary>A partner's receiver, made of the kit, for any number of subscriptions by webhook and by gRPC. It keeps an account of every
/// request, apart from what the kit itself keeps.</summary>
internal sealed class Partner : IAsyncDisposable
{
    public const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly WebApplication _app;
    private readonly TestLog _log = new();
    private readonly ConcurrentDictionary<string, Account> _accounts = new();

    // One text for each name, however many receive it.
    private readonly ConcurrentDictionary<string, string> _listings = new();

    private Partner(string dataFolder)
    {
        var certificate = ListenCertificate.Make(dataFolder, TimeProvider.System);
        Key = ListenCertificate.SpkiOf(certificate);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(_log);
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.Services.AddSingleton<IReceiverState, MemoryReceiverState>();
        builder.Services.AddSingleton(this);
        builder.Services.AddCreditShareReceiver<Desk>(options =>
        {
            options.Secrets.Add(Secret);
            options.CallerSpkiSha256.Add(KeyOfServer(dataFolder));
        });
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<GrpcAccountant>());
        _app = builder.Build();
        _app.Use(TakeWebhookAsync);
        _app.UseRouting();
        _app.MapCreditShareWebhook("/hooks");
        _app.MapCreditShareReceiver();
    }

    /// <summary>The key to pin.</summary>
    public string Key { get; }

    /// <summary>Waited for before each request for changes is taken; nothing by default.</summary>
    public Func<ReceiveChangesRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Answers webhooks in the receiver's place, where it answers at all.</summary>
    public Func<HttpContext, ReceiveChangesRequest, bool> Instead { get; set; } = (_, _) => false;

    /// <summary>How many changes were handed over, of all subscriptions together.</summary>
    public int Handed => _accounts.Values.Sum(account => account.Handed.Count);

    private Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts one whose certificate is of a development server's authority, and that takes messages from that server only.</summary>
    public static async Task<Partner> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var partner = new Partner(dataFolder);
        await partner._app.StartAsync(cancellationToken);
        return partner;
    }

    /// <summary>What was received of a subscription.</summary>
    public Account Of(string subscription) => _accounts.GetOrAdd(subscription, _ => new Account());

    /// <summary>A wish to be delivered to here, every other one by gRPC.</summary>
    public Subscription Wish(int number) => number % 2 == 0
        ? new Subscription { Grpc = new GrpcDelivery { Endpoint = $"https://localhost:{Address.Port}", ServerSpkiSha256 = Key } }
        : new Subscription { Webhook = new WebhookDelivery { Url = $"https://localhost:{Address.Port}/hooks", Secrets = { Secret } } };

    /// <summary>Waits until nothing has come for a second: what was on its way has arrived then, and is on record.</summary>
    public Task UntilLeftAloneAsync(CancellationToken cancellationToken)
    {
        var last = -1;
        return Shell.WaitUntilAsync(
            async token =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), token);
                var before = last;
                last = _accounts.Values.Sum(account => account.Requests);
                return last == before;
            },
            "the receivers to be left alone",
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _log.Dispose();
    }

    private static string KeyOfServer(string dataFolder) => ListenCertificate.SpkiOf(
        System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(Path.Combine(dataFolder, "server", "cert.pem")));

    private async Task TakeWebhookAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/hooks")
        {
            context.Request.EnableBuffering(ReceiverOptions.MaxMessageBytes);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            context.Request.Body.Position = 0;
            var message = OutlineOf(body.GetBuffer().AsMemory(0, (int)body.Length));
            await ArriveAsync(message);
            if (Instead(context, message)) return;
        }

        await next(context);
    }

    // Of the changes their numbers alone: the kit reads all of a message, and reading it twice would take long.
    private static ReceiveChangesRequest OutlineOf(ReadOnlyMemory<byte> body)
    {
        var data = JsonNode.Parse(body.Span)!["data"]!.AsObject();
        var changes = data["changes"]?.AsArray();
        data.Remove("changes");
        var outline = JsonParser.Default.Parse<ReceiveChangesRequest>(data.ToJsonString());
        foreach (var change in changes ?? []) outline.Changes.Add(new Change { Sequence = long.Parse((string)change!["sequence"]!, CultureInfo.InvariantCulture) });
        return outline;
    }

    private async Task ArriveAsync(ReceiveChangesRequest request)
    {
        Of(request.Subscription).Arrive(request);
        if (request.Purpose == DeliveryPurpose.Changes) await Before(request);
    }

    private sealed class GrpcAccountant(Partner partner) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            await partner.ArriveAsync((ReceiveChangesRequest)(object)request);
            return await continuation(request, context);
        }
    }

    private sealed class Desk(Partner partner) : IChangeHandler
    {
        public Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken)
        {
            var listing = partner._listings.GetOrAdd(change.ListingName, change.ListingName);
            partner.Of(change.Subscription).Handed.Enqueue((listing, change.Change.Version, change.HasEnded));
            return Task.FromResult(ChangeOutcome.Applied);
        }

        public Task<bool> PurgeAsync(string subscription, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}

/// <summary>What arrived of one subscription.</summary>
internal sealed class Account
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _sequences = [];
    private readonly List<(long From, long To)> _repetitions = [];
    private int _requests;
    private int _frames;
    private int _gaps;
    private long? _at;

    /// <summary>What was handed over, in order.</summary>
    public ConcurrentQueue<(string Listing, long Version, bool HasEnded)> Handed { get; } = new();

    /// <summary>Requests, of whatever purpose.</summary>
    public int Requests => Locked(() => _requests);

    /// <summary>Requests with changes, of either lane.</summary>
    public int Frames => Locked(() => _frames);

    /// <summary>Frames of the ordered lane that began behind the end of those before.</summary>
    public int Gaps => Locked(() => _gaps);

    /// <summary>Frames of the ordered lane that began before that end.</summary>
    public IReadOnlyList<(long From, long To)> Repetitions => Locked(() => _repetitions.ToList());

    /// <summary>Up to where the ordered lane's frames reach.</summary>
    public long At => Locked(() => _at ?? 0);

    /// <summary>The numbers that came on the ordered lane.</summary>
    public IReadOnlyList<long> Sequences => Locked(() => _sequences.Order().ToList());

    /// <summary>Listings whose changes were not handed over from lower to higher versions, each once.</summary>
    public IEnumerable<string> OutOfOrder =>
        from change in Handed
        group change.Version by change.Listing into versions
        where !versions.SequenceEqual(versions.Distinct().Order())
        select versions.Key;

    /// <summary>The last thing known of each listing.</summary>
    public IReadOnlyDictionary<string, (long Version, bool HasEnded)> Copy =>
        Handed.GroupBy(change => change.Listing).ToDictionary(listing => listing.Key, listing => (listing.Last().Version, listing.Last().HasEnded));

    public void Arrive(ReceiveChangesRequest request)
    {
        lock (_lock)
        {
            _requests++;
            if (request.Purpose != DeliveryPurpose.Changes) return;

            _frames++;
            if (request.Lane != Lane.Ordered) return;

            if (_at is { } at && request.FromSequence > at) _gaps++;
            if (_at is { } place && request.FromSequence < place) _repetitions.Add((request.FromSequence, request.ToSequence));
            _at = Math.Max(_at ?? 0, request.ToSequence);
            _sequences.UnionWith(request.Changes.Select(change => change.Sequence));
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}
